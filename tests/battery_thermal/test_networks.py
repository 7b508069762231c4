"""Tests that hold for each network server: images, settings and faults."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, cast

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.battery_thermal.hub import connection
from custom_components.battery_thermal.lorawan import mqtt5_connection, mqtt_connection
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from simulator.chirpstack.attempts import ATTEMPTS
from simulator.node import Mode, Numbering
from simulator.the_things_stack import Where
from simulator.the_things_stack.attempts import Attempt

from .common import batch_id, batches, until
from .networks import NETWORKS, ChirpStackWorld, Hooks, Network, made
from .world import World

pytestmark = pytest.mark.usefixtures("all_entities")


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> Network:
    """Return the key of each network server."""
    return cast(Network, request.param)


@pytest.fixture
def hooks(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Hooks:
    """Return options of the world, which a test may change before it is created."""
    return Hooks(hass, freezer, {}, {}, {})


@pytest.fixture
async def both(network: Network, hooks: Hooks) -> AsyncIterator[World]:
    """Return a world with each network server."""
    async with made(network, hooks) as world:
        yield world


def events_of(world: World) -> list[str]:
    """Return a list that receives the downlink events."""
    events: list[str] = []
    entity_id = world.entity_id("event", "downlink")

    @callback
    def changed(event: Event[Any]) -> None:
        if event.data["entity_id"] == entity_id:
            events.append(event.data["new_state"].attributes["event_type"])

    world.hass.bus.async_listen("state_changed", changed)
    return events


async def settled(world: World, **settings: object) -> None:
    """Request settings, and wait until they are sent."""
    for key, (platform, action, name) in {
        "threshold": ("number", "set_value", "value"),
        "mode": ("select", "select_option", "option"),
    }.items():
        if key in settings:
            await world.call(platform, key, action, **{name: settings[key]})
    await world.pass_time(6)
    await until(lambda: world.device.queue)
    await until(lambda: not world.battery_node.sender.is_sending)


@pytest.mark.parametrize("numbering", Numbering)
@pytest.mark.parametrize("mode", Mode)
async def test_images(
    network: Network, hooks: Hooks, numbering: Numbering, mode: Mode
) -> None:
    """Each image is shown with the node's values, with any numbering."""
    hooks.node["numbering"] = numbering
    async with made(network, hooks) as world:
        world.node.mode = mode
        for _ in range(3):
            image = await world.image()
        shown = world.record.images.measured
        assert shown is not None
        assert shown.mode == mode
        assert not shown.missing_lines
        assert shown.maximum == image.maximum / 10
        assert world.state("sensor", "maximum").state == str(image.maximum / 10)
        link = world.record.traffic.link
        assert link is not None
        assert (link.gateways, link.spreading_factor) == (1, 7)
        assert world.record.traffic.newest_airtime > 0
        assert world.record.rejected == {}


@pytest.mark.parametrize("numbering", [Numbering.COUNTER, Numbering.PORT])
async def test_losses(network: Network, hooks: Hooks, numbering: Numbering) -> None:
    """With losses, copies and disorder, no line is put in a wrong place."""
    hooks.node["numbering"] = numbering
    hooks.radio.update(loss=0.1, duplicates=0.1, seed=3)
    async with made(network, hooks) as world:
        world.node.mode = Mode.SLOW
        for _ in range(96):
            await world.pass_time(world.node.interval)
            lost = world.node.radio.lost  # type: ignore[attr-defined]
            await world.node.step()
            if world.node.radio.lost == lost:  # type: ignore[attr-defined]
                await world.heard()
        assert world.record.images.suspect_images == 0
        shown = world.record.images.measured
        assert shown is not None
        assert 0 < len(shown.missing_lines) < 12


async def test_settings(both: World) -> None:
    """Settings are wanted, pending and proven; each stage is an event."""
    events = events_of(both)
    await both.image()
    assert both.state("binary_sensor", "pending").state == STATE_OFF
    await settled(both, mode="slow", threshold=60)
    assert both.state("binary_sensor", "pending").state == STATE_ON
    await both.step()
    await until(lambda: "sent" in events)
    await both.step()
    await until(lambda: "delivered" in events)
    assert events == ["queued", "sent", "delivered"]
    assert both.device.downlinks[-1].payload == b"\xc0\x3c"
    assert (both.node.mode, both.node.threshold) == (Mode.SLOW, 60)
    assert both.state("select", "mode").state == "slow"
    assert both.state("number", "threshold").state == "60"
    assert both.state("sensor", "downlinks").state == "1"


async def test_changed_before_it_was_sent(both: World) -> None:
    """The node gets the last requested settings; at most one downlink is queued."""
    await both.image()
    await settled(both, mode="slow", threshold=60)
    await both.call("number", "threshold", "set_value", value=70)
    await both.pass_time(6)
    await asyncio.sleep(0.05)
    assert len(both.device.queue) == 1
    for _ in range(4):
        await both.step()
        assert len(both.device.queue) <= 1
    await until(lambda: both.state("number", "threshold").state == "70")
    assert both.node.threshold == 70
    assert both.state("binary_sensor", "pending").state == STATE_OFF


async def test_restart_while_queued(both: World) -> None:
    """A restart of Home Assistant does not change the queue."""
    await both.image()
    await settled(both, mode="slow", threshold=60)
    connections = both.connections
    assert await both.hass.config_entries.async_reload(both.entry.entry_id)
    await both.reconnected(connections)
    await both.pass_time(6)
    assert len(both.device.queue) == 1
    await both.step(2)
    assert both.state("select", "mode").state == "slow"
    assert len(both.device.downlinks) == 1


async def test_acknowledged(network: Network, hooks: Hooks) -> None:
    """The acknowledgement of a node proves the settings."""
    hooks.settings["confirmed"] = True
    hooks.node["acknowledges"] = True
    async with made(network, hooks) as world:
        await world.image()
        await settled(world, threshold=60)
        await world.step()
        await world.step()
        await until(lambda: world.record.delivery.stage == "acknowledged")
        assert world.state("number", "threshold").state == "60"


async def test_downlink_that_the_node_does_not_hear(
    network: Network, hooks: Hooks
) -> None:
    """It is sent again until the node shows the settings."""
    hooks.radio["downlink_loss"] = 0.6
    async with made(network, hooks) as world:
        await world.image()
        await settled(world, mode="slow")
        for _ in range(40):
            await world.step()
            if world.node.mode is Mode.SLOW:
                break
        await world.step(2)
        assert world.state("select", "mode").state == "slow"
        assert world.state("binary_sensor", "pending").state == STATE_OFF


async def test_foreign_downlink(both: World) -> None:
    """It is counted, and its effect is observed."""
    await both.image()
    await settled(both, mode="slow", threshold=60)
    await both.step(3)
    await both.post_downlink(b"\xd0\x32")
    await both.step(4)
    assert both.state("sensor", "downlinks").state != "1"


async def test_join(both: World) -> None:
    """A node that joins again has a new session, and gets its settings again."""
    await both.image()
    await settled(both, mode="slow", threshold=60)
    await both.step(3)
    both.node.restart(keeps_settings=False)
    await both.step(2)
    assert both.state("binary_sensor", "pending").state == STATE_ON
    for _ in range(12):
        await both.step()
    assert both.node.threshold == 60
    assert both.state("select", "mode").state == "slow"


async def test_missed_uplinks(both: World) -> None:
    """Uplinks that were sent while Home Assistant was not running are fetched."""
    await both.image()
    assert await both.hass.config_entries.async_unload(both.entry.entry_id)
    await both.send_image_unheard()
    await both.send_image_unheard()
    image = both.node.image
    assert image
    connections = both.connections
    assert await both.hass.config_entries.async_setup(both.entry.entry_id)
    await both.reconnected(connections)
    assert both.state("sensor", "catch_up").state == "fetched"
    assert both.state("sensor", "maximum").state == str(image.maximum / 10)


async def test_connection_lost(both: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interruption no uplink is missing."""
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.02)
    await both.image()
    connections = both.connections
    await both.stack.stop_mqtt()
    await both.send_image_unheard()
    await both.stack.start_mqtt()
    await both.reconnected(connections)
    image = await both.image()
    assert both.state("sensor", "maximum").state == str(image.maximum / 10)
    assert both.record.images.suspect_images == 0


async def test_malformed_message(both: World) -> None:
    """It is counted and changes nothing."""
    image = await both.image()
    for payload in (b"", b"{}", b"[" * 100_000, b"\xff" * 10, b'{"deviceInfo":5}'):
        both.device.publish_raw("up", payload)
    await until(lambda: sum(both.record.rejected.values()) == 5)
    assert both.state("sensor", "maximum").state == str(image.maximum / 10)
    assert both.entry.runtime_data.failures.counts == {}


async def test_frame_counters_are_checked(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that drops uplinks with low counters is reported, until it accepts them."""
    async with made("chirpstack", hooks) as world:
        issue_id = f"counter_refused_{next(iter(world.entry.subentries))}"
        issues = ir.async_get(world.hass)
        world.device.frame_counter_check = True
        await world.step()
        for _ in range(6):
            world.freezer.tick(timedelta(seconds=30))
            await world.node.step()
        await until(lambda: issues.async_get_issue("battery_thermal", issue_id))
        assert world.record.notices["frame_counter_reset"]
        world.device.frame_counter_check = False
        world.node.restart()
        await world.step(6)
        assert not issues.async_get_issue("battery_thermal", issue_id)


async def test_not_stored(hooks: Hooks) -> None:
    """Messages of QoS 0 are not stored, which is shown."""
    async with made("chirpstack", hooks, qos=0) as world:
        await world.image()
        assert world.state("sensor", "catch_up").state == "off"


async def test_payloads_that_stay_encrypted(hooks: Hooks) -> None:
    """If a join server keeps the keys, nothing is read or sent."""
    async with made("chirpstack", hooks) as world:
        world.device.join_server_context = {"sessionKeyId": "01"}
        await world.step(2)
        assert world.record.encrypted
        await world.call("number", "threshold", "set_value", value=60)
        await world.pass_time(6)
        assert not world.device.queue
        issue_id = f"encrypted_{next(iter(world.entry.subentries))}"
        issues = ir.async_get(world.hass)
        assert issues.async_get_issue("battery_thermal", issue_id)


async def test_downlink_that_is_discarded(hooks: Hooks) -> None:
    """The error has the reason why the server discarded a downlink, which is sent again."""
    async with made("chirpstack", hooks) as world:
        await world.image()
        await settled(world, threshold=60)
        world.device.queue[0] = replace(
            world.device.queue[0], expires_at=world.now - timedelta(days=1)
        )
        await world.step()
        await until(lambda: world.record.delivery.stage == "failed")
        assert world.state("event", "downlink").attributes["error"] == "expired"
        await world.step(8)
        assert world.node.threshold == 60


async def test_downlink_that_no_gateway_takes(hooks: Hooks) -> None:
    """It counts as not sent after three uplinks, and is sent again after it has expired."""
    async with made("chirpstack", hooks) as world:
        await world.image()
        await settled(world, threshold=60)
        world.device.gateway_errors.extend(["TOO_LATE"] * 4)
        await world.step(3)
        await until(lambda: world.record.delivery.error == "not_sent")
        assert world.record.notices["log_downlink_gateway"] >= 3
        await world.step(3)
        await until(lambda: world.state("number", "threshold").state == "60")
        assert len(world.device.downlinks) == 1


async def test_no_broker_for_a_downlink(hooks: Hooks) -> None:
    """A downlink without a connection is refused at once, and sent later."""
    async with made("chirpstack", hooks) as world:
        await world.image()
        await world.stack.stop_mqtt()
        await world.call("number", "threshold", "set_value", value=60)
        await world.pass_time(6)
        await until(lambda: world.record.delivery.error == "cannot_connect")
        await world.stack.start_mqtt()


@pytest.mark.parametrize("attempts", batches(ATTEMPTS), ids=batch_id)
async def test_hostile_broker(
    hooks: Hooks,
    attempts: list[Attempt],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever a broker sends, later images are correct, and no error is logged."""
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(connection, "LONGEST_WAIT", 0.05)
    monkeypatch.setattr(mqtt5_connection, "PUBACK_WITHIN", 0.3)
    async with made("chirpstack", hooks) as world:
        await world.image()
        for number, attempt in enumerate(attempts):
            await run_attempt(world, attempt, 60 + number)
            assert "an error in this integration" not in caplog.text


async def run_attempt(world: ChirpStackWorld, attempt: Attempt, threshold: int) -> None:
    """Run an attempt of the broker, set the application up again, and check an image."""
    world.stack.faults.raw[attempt.where] = attempt.what
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(mqtt_connection, "CONNECT_WITHIN", 0.3)
        if attempt.where is Where.DOWN:
            await world.call("number", "threshold", "set_value", value=threshold)
            await world.pass_time(6)
            await asyncio.sleep(0.1)
        else:
            world.stack.broker.cut()
        await asyncio.sleep(0.25)
    world.stack.faults.raw.clear()
    connections = world.connections
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)
    await world.image()
    image = await world.image()
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.entry.runtime_data.failures.counts == {}


async def test_discovery(both: World) -> None:
    """A device that sends like a node is offered."""
    other = both.stack.add_device(
        both.device.device_id.replace("4", "5").replace("garage", "shed"),
        name="Shed",
        frame_counter_check=False,
    )
    await other.join()
    await other.uplink(
        1, 0, bytes.fromhex("AAAA" * 0) + bytes([200, 0, 201] * 16 + [21])
    )
    flows = both.hass.config_entries.flow
    await until(
        lambda: [
            flow
            for flow in flows.async_progress_by_handler("battery_thermal")
            if str(flow["context"]["unique_id"]).endswith(other.device_id)
        ]
    )


async def test_many_nodes(network: Network, hooks: Hooks) -> None:
    """Messages of many nodes of one application are received."""
    hass = hooks.hass
    async with made(network, hooks) as world:
        count = 20
        devices = [
            world.stack.add_device(
                f"70b3d57ed1{number:06x}"
                if network == "chirpstack"
                else f"node-{number}",
                frame_counter_check=False,
            )
            for number in range(count)
        ]
        for device in devices:
            node = {"device_id": device.device_id, "layout": "slow_24"}
            subentry = ConfigSubentry(
                data=MappingProxyType(node),
                subentry_type="node",
                title=device.device_id,
                unique_id=device.device_id,
            )
            world.entry.subentries = MappingProxyType(
                {**world.entry.subentries, subentry.subentry_id: subentry}
            )
        connections = world.connections
        assert await hass.config_entries.async_reload(world.entry.entry_id)
        await world.reconnected(connections)
        line = bytes([200, 0, 201] * 16 + [21])
        for device in devices:
            await device.join()
            await device.uplink(1, 0, line)
        nodes = world.entry.runtime_data.nodes
        assert len(nodes) == count + 1
        await until(
            lambda: all(
                nodes[device.device_id].record.traffic.heard_at for device in devices
            )
        )
        world.freezer.tick(timedelta(seconds=1))
