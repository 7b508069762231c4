"""Fixtures: a The Things Stack on loopback, and Home Assistant connected to it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
import time

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from google.protobuf.json_format import ParseError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.lorawan import mqtt_connection
from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from simulator.chirpstack import server as chirpstack
from simulator.chirpstack.commands import QueueItem, read_downlink_command
from simulator.node import BatteryNode
from simulator.the_things_stack import TheThingsStack, TheThingsStackDevice
from simulator.thermal_model import ThermalModel
from tests.chirpstack_api import parse_downlink_command

from .common import DEVICE_ID, DOMAIN, KEY, entry_data
from .networks import Hooks
from .world import World


@pytest.fixture(autouse=True)
def sockets(socket_enabled: None) -> None:
    """Allow connections to the stand-in."""


@pytest.fixture(autouse=True)
def strict_chirpstack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-in refuse commands that ChirpStack's own classes do not accept."""

    def read(dev_eui: str, payload: bytes) -> QueueItem:
        try:
            parse_downlink_command(payload)
        except ParseError as error:
            raise ValueError(str(error)) from error
        return read_downlink_command(dev_eui, payload)

    monkeypatch.setattr(chirpstack, "read_downlink_command", read)


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give each test its own archive."""
    return hass_tmp_config_dir


@pytest.fixture
def all_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable entities that are disabled by default."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@contextmanager
def held_time(
    monkeypatch: pytest.MonkeyPatch, start: str | None = None
) -> Iterator[FrozenDateTimeFactory]:
    """Freeze the clock, at ``start`` if given, while sockets run in real time.

    Timers see both pass.
    """
    loop = asyncio.get_running_loop()
    # With a keepalive a client would close its connection when the time jumps.
    monkeypatch.setattr(mqtt_connection, "KEEPALIVE", 0)
    real = time.monotonic
    with freeze_time(start) as freezer:
        assert isinstance(freezer, FrozenDateTimeFactory)
        begin = freezer()
        monkeypatch.setattr(
            loop, "time", lambda: real() + (freezer() - begin).total_seconds()
        )
        yield freezer


@pytest.fixture
async def freezer(
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[FrozenDateTimeFactory]:
    """Freeze the clock while sockets run in real time."""
    with held_time(monkeypatch) as freezer:
        yield freezer


@pytest.fixture
async def stack() -> AsyncIterator[TheThingsStack]:
    """Return a network server with one application and one key."""
    async with TheThingsStack() as stack:
        stack.add_key(KEY)
        yield stack


@pytest.fixture
def device(stack: TheThingsStack) -> TheThingsStackDevice:
    """Return a registered device without frame-counter check."""
    return stack.add_device(DEVICE_ID, name="Garage", frame_counter_check=False)


@pytest.fixture
def entry(hass: HomeAssistant, stack: TheThingsStack) -> MockConfigEntry:
    """Return an entry with one node, not set up."""
    node = ConfigSubentryData(
        data={"device_id": DEVICE_ID, "layout": "slow_24"},
        subentry_type="node",
        title="Garage",
        unique_id=DEVICE_ID,
    )
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=stack.uid,
        data=entry_data(stack),
        subentries_data=[node],
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def setup(
    hass: HomeAssistant, entry: MockConfigEntry, device: TheThingsStackDevice
) -> AsyncIterator[MockConfigEntry]:
    """Set the entry up, and unload it before the network server stops."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    yield entry
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


@pytest.fixture
async def world(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    stack: TheThingsStack,
    device: TheThingsStackDevice,
    setup: MockConfigEntry,
) -> World:
    """Return the connected world before the node's first join."""
    model = ThermalModel()
    node = BatteryNode(model, device, interval=30)
    world = World(hass, freezer, stack, device, setup, model, node)
    await world.reconnected(0)
    return world


@pytest.fixture
def hooks(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Hooks:
    """Return options of a network's world, which a test may change before it is created."""
    return Hooks(hass, freezer, {}, {}, {})


@pytest.fixture
async def bank(all_entities: None, world: World) -> World:
    """Return a world whose node has cells and one image; its images show them all."""
    await world.configure(cells={"rows": 2, "columns": 3})
    await world.image()
    return world
