"""Tests that hold for each network server: images, settings and faults."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from custom_components.battery_thermal.hub import connection
from custom_components.battery_thermal.lorawan.factory import async_get_server
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Event, callback
from simulator.network import Network
from simulator.networks import NETWORKS
from simulator.node import Mode, Numbering

from .common import until
from .networks import Hooks, NetworkWorld, made, settled

pytestmark = pytest.mark.usefixtures("all_entities")


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> Network:
    """Return each kind of network server, with an application."""
    return NETWORKS[request.param]()


@pytest.fixture
async def world(network: Network, hooks: Hooks) -> AsyncIterator[NetworkWorld]:
    """Return a world with each network server."""
    async with made(network, hooks) as world:
        yield world


def events_of(world: NetworkWorld) -> list[str]:
    """Return a list that receives the downlink events."""
    events: list[str] = []
    entity_id = world.entity_id("event", "downlink")

    @callback
    def changed(event: Event[Any]) -> None:
        if event.data["entity_id"] == entity_id:
            events.append(event.data["new_state"].attributes["event_type"])

    world.hass.bus.async_listen("state_changed", changed)
    return events


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


async def test_settings(world: NetworkWorld) -> None:
    """Settings are wanted, pending and proven; each stage is an event."""
    events = events_of(world)
    await world.image()
    assert world.state("binary_sensor", "pending").state == STATE_OFF
    await settled(world, mode="slow", threshold=60)
    assert world.state("binary_sensor", "pending").state == STATE_ON
    await world.step()
    await until(lambda: "sent" in events)
    await world.step()
    await until(lambda: "delivered" in events)
    assert events == ["queued", "sent", "delivered"]
    assert world.device.downlinks[-1].payload == b"\xc0\x3c"
    assert (world.node.mode, world.node.threshold) == (Mode.SLOW, 60)
    assert world.state("select", "mode").state == "slow"
    assert world.state("number", "threshold").state == "60"
    assert world.state("sensor", "downlinks").state == "1"


async def test_changed_before_it_was_sent(world: NetworkWorld) -> None:
    """The node gets the last requested settings; at most one downlink is queued."""
    await world.image()
    await settled(world, mode="slow", threshold=60)
    await world.call("number", "threshold", "set_value", value=70)
    await world.pass_time(6)
    await asyncio.sleep(0.05)
    assert len(world.device.queue) == 1
    for _ in range(4):
        await world.step()
        assert len(world.device.queue) <= 1
    await until(lambda: world.state("number", "threshold").state == "70")
    assert world.node.threshold == 70
    assert world.state("binary_sensor", "pending").state == STATE_OFF


async def test_restart_while_queued(world: NetworkWorld) -> None:
    """A restart of Home Assistant does not change the queue."""
    await world.image()
    await settled(world, mode="slow", threshold=60)
    connections = world.connections
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)
    await world.pass_time(6)
    assert len(world.device.queue) == 1
    await world.step(2)
    assert world.state("select", "mode").state == "slow"
    assert len(world.device.downlinks) == 1


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


async def test_foreign_downlink(world: NetworkWorld) -> None:
    """It is counted, and its effect is observed."""
    await world.image()
    await settled(world, mode="slow", threshold=60)
    await world.step(3)
    await world.post_downlink(b"\xd0\x32")
    await world.step(4)
    assert world.state("sensor", "downlinks").state != "1"


async def test_join(world: NetworkWorld) -> None:
    """A node that joins again has a new session, and gets its settings again."""
    await world.image()
    await settled(world, mode="slow", threshold=60)
    await world.step(3)
    world.node.restart(keeps_settings=False)
    await world.step(2)
    assert world.state("binary_sensor", "pending").state == STATE_ON
    for _ in range(12):
        await world.step()
    assert world.node.threshold == 60
    assert world.state("select", "mode").state == "slow"


async def test_missed_uplinks(world: NetworkWorld) -> None:
    """Uplinks that were sent while Home Assistant was not running are fetched.

    A server that stores none says so, and the last image stays.
    """
    before = await world.image()
    assert await world.hass.config_entries.async_unload(world.entry.entry_id)
    await world.send_image_unheard()
    await world.send_image_unheard()
    image = world.node.image
    assert image
    connections = world.connections
    assert await world.hass.config_entries.async_setup(world.entry.entry_id)
    await world.reconnected(connections)
    server = await async_get_server(world.hass, world.entry.data)
    shown, outcome = (image, "fetched") if server.storage else (before, "off")
    assert world.state("sensor", "catch_up").state == outcome
    assert world.state("sensor", "maximum").state == str(shown.maximum / 10)


async def test_connection_lost(
    world: NetworkWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an interruption no uplink is missing."""
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.02)
    await world.image()
    connections = world.connections
    await world.network.stop_mqtt()
    await world.send_image_unheard()
    await world.network.start_mqtt()
    await world.reconnected(connections)
    image = await world.image()
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.record.images.suspect_images == 0


async def test_malformed_message(world: NetworkWorld) -> None:
    """It is counted and changes nothing."""
    image = await world.image()
    for payload in (b"", b"{}", b"[" * 100_000, b"\xff" * 10, b'{"deviceInfo":5}'):
        world.device.publish_raw("up", payload)
    # Of the node, or of the application if only what is in a message names its device.
    counts = world.record.rejected, world.entry.runtime_data.rejected
    await until(lambda: sum(sum(one.values()) for one in counts) == 5)
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.entry.runtime_data.failures.counts == {}


async def test_discovery(world: NetworkWorld) -> None:
    """A device that sends like a node is offered."""
    other = world.network.add_device(1, "Shed")
    await other.join()
    await other.uplink(
        1, 0, bytes.fromhex("AAAA" * 0) + bytes([200, 0, 201] * 16 + [21])
    )
    flows = world.hass.config_entries.flow
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
            network.add_device(number, f"Node {number}")
            for number in range(1, count + 1)
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
