"""A process that writes with the integrations' own storage code until it is killed, and how to look at what it left."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing.connection import Connection
from time import time

import numpy as np

from custom_components.battery_thermal.archive import Addition, Bounds, Kept
from custom_components.battery_thermal.battery_node import node_store
from custom_components.battery_thermal.node.layout import Mode
from custom_components.battery_thermal.node_archive import get_archive
from custom_components.battery_thermal.thermal.image import ThermalImage
from custom_components.esp32_sensors.protocol import Join
from custom_components.esp32_sensors.sessions import Instant, Registry
from custom_components.esp32_sensors.storage import RegistryFiles
from homeassistant.core import HomeAssistant
from simulator.boards import macs

BOARDS = macs(50)
BOUNDS = Bounds(days=365, megabytes=100)
ID = "crash"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

type Say = Callable[[tuple[str, object]], None]


@dataclass
class Left:
    """What can be read after a crash."""

    sessions: dict[str, str] = field(default_factory=dict)
    """Session ids by MAC."""
    record: int = 0
    """The node's record: a number that grew."""
    images: set[datetime] = field(default_factory=set)


def write_for_ever(folder: str, pipe: Connection) -> None:
    """Write, and say through the pipe what has been written, as soon as the code says that it is."""
    asyncio.run(_write(folder, pipe.send))


async def _write(folder: str, say: Say) -> None:
    hass = HomeAssistant(folder)
    await asyncio.gather(_boards(hass, say), _record(hass, say), _images(hass, say))


async def _boards(hass: HomeAssistant, say: Say) -> None:
    """Name boards, as when they join."""
    registry = Registry(len(BOARDS))
    files = RegistryFiles(hass, ID, registry)
    await files.async_load()
    for number in count():
        mac = BOARDS[number % len(BOARDS)]
        # An hour apart: the same assignment would be repeated to who asks again soon.
        board = registry.join(Join(mac), None, Instant(time(), number * 3600.0))
        await files.async_save_sessions()
        say((mac, board.session.id))
        if number % 10 == 0:
            await files.async_save()


async def _record(hass: HomeAssistant, say: Say) -> None:
    """Write the record of a node; of the size that it has."""
    store = node_store(hass, ID)
    data = await store.async_load() or {"number": 0}
    for number in count(data["number"] + 1):
        await store.async_save({"number": number, "lines": [[number] * 32] * 24})
        say(("record", number))


async def _images(hass: HomeAssistant, say: Say) -> None:
    """Keep images."""
    archive = get_archive(hass)
    times = await hass.async_add_executor_job(archive.times, ID)
    for number in count(len(times)):
        kept = Kept(image(_EPOCH + timedelta(minutes=number)), 21, False, 50)
        addition = Addition(ID, kept, BOUNDS, _EPOCH)
        await hass.async_add_executor_job(archive.add, addition)
        say(("image", kept.image.started_at))


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
    """Read what is there, as after a start."""
    hass = HomeAssistant(folder)
    registry = Registry(len(BOARDS))
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
