"""A process that writes with the integrations' storage code until it is killed, and a reader of its files."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing.connection import Connection
from time import time

import numpy as np

from custom_components.battery_thermal.archive import Addition, Bounds
from custom_components.battery_thermal.device.node_archive import get_archive
from custom_components.battery_thermal.device.node_storage import node_store
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.esp32_sensors.core.board_registry import BoardRegistry
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.protocol import Join
from custom_components.esp32_sensors.core.session_server import SessionServer
from custom_components.esp32_sensors.hub.storage import RegistryFiles
from homeassistant.core import HomeAssistant
from simulator.boards import macs

BOARDS = macs(50)
BOUNDS = Bounds(days=365, megabytes=100)
ID = "crash"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

type Say = Callable[[tuple[str, object]], None]


@dataclass
class Left:
    """Data that can be read after a crash."""

    sessions: dict[str, str] = field(default_factory=dict)
    """Session ids by MAC."""
    record: int = 0
    """The node's record: an increasing number."""
    images: set[datetime] = field(default_factory=set)


def write_for_ever(folder: str, pipe: Connection) -> None:
    """Write, and confirm through the pipe once the storage code has returned."""
    asyncio.run(_write(folder, pipe.send))


async def _write(folder: str, say: Say) -> None:
    hass = HomeAssistant(folder)
    await asyncio.gather(_boards(hass, say), _record(hass, say), _images(hass, say))


async def _boards(hass: HomeAssistant, say: Say) -> None:
    """Assign names, as for joins."""
    server = SessionServer(len(BOARDS))
    files = RegistryFiles(hass, ID, server.registry)
    await files.async_load()
    for number in count():
        mac = BOARDS[number % len(BOARDS)]
        # An hour apart, because an assignment is repeated to a board that asks again soon.
        board = server.join(Join(mac), None, Instant(time(), number * 3600.0))
        await files.async_save_sessions()
        say((mac, board.session.id))
        if number % 10 == 0:
            await files.async_save()


async def _record(hass: HomeAssistant, say: Say) -> None:
    """Write the record of a node, in its real size."""
    store = node_store(hass, ID)
    data = await store.async_load() or {"number": 0}
    for number in count(data["number"] + 1):
        await store.async_save({"number": number, "lines": [[number] * 32] * 24})
        say(("record", number))


async def _images(hass: HomeAssistant, say: Say) -> None:
    """Store images."""
    archive = get_archive(hass)
    times = await hass.async_add_executor_job(archive.times, ID)
    for number in count(len(times)):
        archived = ArchivedImage(
            image(_EPOCH + timedelta(minutes=number)), 21, False, 50
        )
        addition = Addition(ID, archived, BOUNDS, _EPOCH)
        await hass.async_add_executor_job(archive.store_images, addition)
        say(("image", archived.image.started_at))


def image(started_at: datetime) -> ThermalImage:
    """Return a slow image."""
    values = np.random.default_rng().normal(300, 20, (32, 24)).astype(np.int16)
    return ThermalImage(
        values=values,
        present=np.ones(values.shape, np.bool_),
        mode=Mode.SLOW,
        lines_expected=24,
        missing_lines=(),
        started_at=started_at,
        updated_at=started_at,
        closed=True,
    )


async def read(folder: str) -> Left:
    """Read the files, as after a start."""
    hass = HomeAssistant(folder)
    registry = BoardRegistry(len(BOARDS))
    await RegistryFiles(hass, ID, registry).async_load()
    record = await node_store(hass, ID).async_load()
    times = await hass.async_add_executor_job(get_archive(hass).times, ID)
    left = Left(
        {mac: board.session.id for mac, board in registry.boards.items()},
        record["number"] if record else 0,
        set(times),
    )
    await hass.async_stop(force=True)
    return left
