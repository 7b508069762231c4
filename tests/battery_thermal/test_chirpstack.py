"""Tests of nodes on ChirpStack alone: what it does and other servers do not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.battery_thermal.hub import connection
from homeassistant.helpers import issue_registry as ir
from simulator.chirpstack.network import ChirpStackNetwork

from .common import until
from .networks import Hooks, made, settled

pytestmark = pytest.mark.usefixtures("all_entities")


async def test_frame_counters_are_checked(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that drops uplinks with low counters is reported, until it accepts them."""
    async with made(ChirpStackNetwork(), hooks) as world:
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
    async with made(ChirpStackNetwork(qos=0), hooks) as world:
        await world.image()
        assert world.state("sensor", "catch_up").state == "off"


async def test_payloads_that_stay_encrypted(hooks: Hooks) -> None:
    """If a join server keeps the keys, nothing is read or sent."""
    async with made(ChirpStackNetwork(), hooks) as world:
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
    async with made(ChirpStackNetwork(), hooks) as world:
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
    async with made(ChirpStackNetwork(), hooks) as world:
        await world.image()
        await settled(world, threshold=60)
        world.device.gateway_errors.extend(["TOO_LATE"] * 4)
        await world.step(3)
        await until(lambda: world.record.delivery.error == "not_sent")
        assert world.record.notices["log_downlink_gateway"] >= 3
        await world.step(3)
        await until(lambda: world.state("number", "threshold").state == "60")
        assert len(world.device.downlinks) == 1


async def test_transmission_reported_before_the_answer(
    hooks: Hooks, caplog: pytest.LogCaptureFixture
) -> None:
    """The broker's answer may be late or lost; what was sent is not sent again."""
    async with made(ChirpStackNetwork(), hooks) as world:
        await world.image()
        world.stack.faults.no_puback = True
        await world.call("number", "threshold", "set_value", value=60)
        # Without waiting for the sender, which waits for the answer.
        world.freezer.tick(timedelta(seconds=6))
        await until(lambda: world.device.queue)
        await world.node.step()
        await until(lambda: world.record.delivery.stage == "sent")
        assert world.battery_node.sender.is_sending
        await world.pass_time(10)
        await until(lambda: not world.battery_node.sender.is_sending)
        assert world.state("event", "downlink").attributes["event_type"] == "sent"
        assert "a downlink was refused" not in caplog.text
        await world.step(8)
        assert world.record.delivery.stage == "sent"
        assert world.node.threshold == 60
        assert len(world.device.downlinks) == 1


async def test_no_broker_for_a_downlink(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A downlink is refused without a connection, and sent when there is one again."""
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.02)
    async with made(ChirpStackNetwork(), hooks) as world:
        await world.image()
        connections = world.connections
        await world.stack.stop_mqtt()
        await world.call("number", "threshold", "set_value", value=60)
        await world.pass_time(6)
        await until(lambda: world.record.delivery.error == "cannot_connect")
        await world.stack.start_mqtt()
        await world.reconnected(connections)
        await until(lambda: world.device.queue)
        await world.step()
        assert world.node.threshold == 60
