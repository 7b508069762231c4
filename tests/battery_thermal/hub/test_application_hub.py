"""Tests of the connection to the network server: lost, refused, established again."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.device.load_sensor import LoadSensor
from custom_components.battery_thermal.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.battery_thermal.hub import availability, connection
from custom_components.battery_thermal.lorawan import mqtt_connection
from custom_components.battery_thermal.lorawan.the_things_stack import (
    server as the_things_stack,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from simulator.the_things_stack import TheThingsStack
from tests.battery_thermal.common import KEY, entry_data, until
from tests.battery_thermal.world import World

pytestmark = pytest.mark.usefixtures("all_entities")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the waits."""
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(connection, "RATE_LIMIT_WAIT", 0.02)


async def test_short_interruption(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A short interruption is not reported."""
    await world.image()
    connections = world.connections
    world.stack.mqtt.cut()
    await world.reconnected(connections)
    await world.image()
    await world.pass_time(2 * availability.GRACE)

    assert world.state("sensor", "maximum").state != STATE_UNAVAILABLE
    assert "connection lost" not in caplog.text


async def test_long_interruption(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """After a minute entities are unavailable; loss and return are logged once."""
    image = await world.image()
    maximum = str(image.maximum / 10)
    await world.stack.stop_mqtt()
    await until(lambda: "not connected" in caplog.text)
    await world.pass_time(availability.GRACE - 1)
    assert world.state("sensor", "maximum").state == maximum
    await world.pass_time(2)
    assert world.state("sensor", "maximum").state == STATE_UNAVAILABLE
    await asyncio.sleep(0.1)
    assert caplog.text.count("connection lost") == 1

    connections = world.connections
    await world.stack.start_mqtt()
    await world.reconnected(connections)
    await until(lambda: world.state("sensor", "maximum").state == maximum)
    assert caplog.text.count("connected again") == 1
    await world.image()


@pytest.mark.parametrize("fault", ["cut_publish_after", "connack"])
async def test_cut_in_the_middle_and_rate_limited(world: World, fault: str) -> None:
    """After a truncated message and refused connections the connection is established again."""
    connections = world.connections
    world.stack.faults.cut_publish_after = 30
    if fault == "connack":
        world.stack.faults.connack = 3
    await world.node.step()
    await until(lambda: not world.stack.mqtt.connections)
    await asyncio.sleep(0.1)
    world.stack.faults.connack = None
    await world.reconnected(connections)

    image = await world.image()

    assert world.state("sensor", "maximum").state == str(image.maximum / 10)


async def test_revoked_while_connected(hass: HomeAssistant, world: World) -> None:
    """After a key was revoked, a reauthentication is started."""
    world.stack.revoke_key(KEY)
    await until(hass.config_entries.flow.async_progress)

    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    await hass.async_block_till_done()
    assert world.entry.state is ConfigEntryState.SETUP_ERROR


async def test_not_reached_at_start(
    hass: HomeAssistant, entry: MockConfigEntry, stack: TheThingsStack
) -> None:
    """The set-up is retried."""
    await stack.stop_mqtt()

    await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "cannot_connect"


async def test_load_sensor_of_an_entry_that_is_not_set_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    stack: TheThingsStack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Attempts that fail leave nothing behind that follows the sensor."""
    (node,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, node, data={**node.data, "load_sensor": "sensor.load"}
    )
    followed: list[object] = []
    monkeypatch.setattr(
        LoadSensor, "_async_changed", lambda _self, event: followed.append(event)
    )
    await stack.stop_mqtt()
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    hass.states.async_set("sensor.load", "3")
    await hass.async_block_till_done()
    assert not followed


async def test_unexpected_error_at_start(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unexpected error ends the set-up."""

    def fail(*_args: object) -> None:
        raise LookupError("of all things")

    monkeypatch.setattr(the_things_stack.TheThingsStack, "connect", fail)

    await asyncio.wait_for(hass.config_entries.async_setup(entry.entry_id), 5)

    assert entry.state is ConfigEntryState.SETUP_ERROR


async def test_unexpected_error_at_the_catch_up(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error while missed uplinks are fetched is logged, and new ones are received."""

    def fail(*_args: object) -> None:
        raise LookupError("of all things")

    monkeypatch.setattr(the_things_stack.TheThingsStack, "stored_uplinks", fail)
    connections = world.connections
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)

    image = await world.image()

    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.state("sensor", "catch_up").state == "failed"
    assert caplog.text.count("an error in this integration") == 1


async def test_unexpected_error_of_a_message(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """An error costs one message only; it is counted, and logged once with its traceback."""

    def fail() -> None:
        raise LookupError("of all things")

    stop = world.battery_node.change_listeners.add_listener(fail)
    await world.step(2)
    stop()

    image = await world.image()

    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert caplog.text.count("an error in this integration") == 1
    assert "Traceback" in caplog.text
    diagnostics = await async_get_config_entry_diagnostics(world.hass, world.entry)
    assert diagnostics["failures"].keys() == {"LookupError"}
    assert diagnostics["failures"]["LookupError"] >= 2


async def test_malformed_message_of_no_node(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is counted for the application, and logged once; nodes are not affected."""
    other = world.stack.add_device("shed")
    for payload in (b"{", b"[", b'{"uplink_message":5}'):
        other.publish_raw("up", payload)
    hub = world.entry.runtime_data
    await until(lambda: hub.rejected == {"not_json": 2, "unknown_shape": 1})
    assert caplog.text.count("a message was not understood: not_json") == 1
    assert not world.record.rejected
    diagnostics = await async_get_config_entry_diagnostics(world.hass, world.entry)
    assert diagnostics["rejected"] == {"not_json": 2, "unknown_shape": 1}
    await world.image()


async def test_unexpected_error_of_a_connection(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """After an unexpected error the connection is established again."""

    def fail() -> None:
        stop()
        raise LookupError("of all things")

    stop = world.battery_node.change_listeners.add_listener(fail)
    connections = world.connections
    world.stack.mqtt.cut()
    await world.reconnected(connections)

    image = await world.image()

    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert caplog.text.count("an error in this integration") == 1


async def test_unload_while_connecting(
    hass: HomeAssistant, entry: MockConfigEntry, stack: TheThingsStack
) -> None:
    """A connection attempt is cancelled and closed by unloading."""
    asked = asyncio.Event()
    hold = asyncio.Event()
    left = asyncio.Event()

    async def slow_server(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.read(1000)
        asked.set()
        await hold.wait()
        writer.write(bytes((0x20, 2, 0, 0)))  # CONNACK: accepted.
        while await reader.read(1000):
            pass
        writer.close()
        left.set()

    assert await hass.config_entries.async_setup(entry.entry_id)
    await stack.stop_mqtt()
    server = await asyncio.start_server(slow_server, "127.0.0.1", stack.mqtt_port)
    async with server:
        await asyncio.wait_for(asked.wait(), 5)
        unloading = hass.async_create_task(
            hass.config_entries.async_unload(entry.entry_id)
        )
        await asyncio.sleep(0.05)
        hold.set()
        await unloading
        await asyncio.wait_for(left.wait(), 5)


async def test_server_that_falls_silent(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    stack: TheThingsStack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A connection without any answer is closed and established again."""
    monkeypatch.setattr(mqtt_connection, "KEEPALIVE", 1)
    assert await hass.config_entries.async_setup(entry.entry_id)
    (first,) = stack.mqtt.connections
    stack.faults.silent = True

    await until(lambda: first not in stack.mqtt.connections)

    stack.faults.silent = False
    await until(lambda: stack.mqtt.connections)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_unknown_device(world: World) -> None:
    """Messages of a device that is not set up change nothing."""
    stranger = world.stack.add_device("stranger")
    await stranger.join()
    await stranger.uplink(1, 0, b"\x00")
    await world.step(2)

    assert world.state("sensor", "ambient").state != STATE_UNKNOWN


async def test_two_applications(hass: HomeAssistant, world: World) -> None:
    """Several applications on several servers work at the same time."""
    async with TheThingsStack("second") as second:
        second.add_key(KEY)
        entry = MockConfigEntry(
            domain=world.entry.domain, title="second", data=entry_data(second)
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)

        await world.image()

        assert world.state("sensor", "maximum").state != STATE_UNKNOWN
        assert await hass.config_entries.async_unload(entry.entry_id)
