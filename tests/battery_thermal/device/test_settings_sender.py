"""Tests of the sending of settings: requests, proofs, and events of downlinks."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Event, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
from simulator.the_things_stack import HttpFault, QueuedDownlink
from tests.battery_thermal.common import DOMAIN, until
from tests.battery_thermal.world import World

pytestmark = pytest.mark.usefixtures("all_entities")


def device_id(world: World) -> str:
    """Return the id of the node's device."""
    (subentry_id,) = world.entry.subentries
    devices = dr.async_get(world.hass)
    device = devices.async_get_device_by_identifier(
        (DOMAIN, subentry_id), world.entry.entry_id
    )
    assert device
    return device.id


async def request(world: World, **settings: Any) -> dict[str, Any]:
    """Request settings by the action."""
    response = await world.hass.services.async_call(
        DOMAIN,
        "request_settings",
        {"device_id": device_id(world), **settings},
        blocking=True,
        return_response=True,
    )
    assert response
    return response


def pushes(world: World) -> int:
    """Return the number of requests to send a downlink."""
    return sum(path.endswith("/replace") for _, path in world.stack.http.requests)


async def asked(world: World) -> None:
    """Wait for the first request for a downlink, which is not answered yet."""
    await until(lambda: pushes(world))
    assert world.battery_node.sender.is_sending


def without_session(message: dict[str, Any]) -> None:
    """Remove fields that a server may leave out."""
    del message["uplink_message"]["session_key_id"]


def listen(world: World) -> list[str]:
    """Return a list that receives the downlink events."""
    events: list[str] = []
    entity_id = world.entity_id("event", "downlink")

    @callback
    def changed(event: Event[Any]) -> None:
        if event.data["entity_id"] == entity_id:
            events.append(event.data["new_state"].attributes["event_type"])

    world.hass.bus.async_listen("state_changed", changed)
    return events


async def test_stages_of_a_downlink(world: World) -> None:
    """Each stage of a downlink is an event; it is pending until the node shows it."""
    events = listen(world)
    await world.image()
    assert world.state("binary_sensor", "pending").state == STATE_OFF
    assert world.state("sensor", "downlinks").state == "0"

    await world.call("select", "mode", "select_option", option="slow")
    assert world.state("binary_sensor", "pending").state == STATE_ON
    await world.pass_time(6)
    await until(lambda: events == ["queued"])
    await world.step()
    await until(lambda: events == ["queued", "sent"])
    assert world.state("select", "mode").state == "fast"
    await world.step()

    assert world.state("select", "mode").state == "slow"
    assert events == ["queued", "sent", "delivered"]
    assert world.state("binary_sensor", "pending").state == STATE_OFF
    assert world.state("sensor", "downlinks").state == "1"
    attributes = world.state("event", "downlink").attributes
    assert attributes["mode"] == "slow"
    assert attributes["error"] is None


async def test_settings_of_an_event(world: World) -> None:
    """An event has the settings of its downlink, not those that were requested later."""
    steps: list[tuple[str, int]] = []

    @callback
    def happened(event: Event[Any]) -> None:
        attributes = event.data["new_state"].attributes
        if "event_type" in attributes:
            steps.append((attributes["event_type"], attributes["threshold"]))

    entity_id = world.entity_id("event", "downlink")
    async_track_state_change_event(world.hass, entity_id, happened)
    await world.image()
    await request(world, threshold=55)
    await world.pass_time(28)
    await world.call("number", "threshold", "set_value", value=60)
    await world.pass_time(2)
    await world.node.step()
    await until(lambda: ("sent", 55) in steps)

    assert steps == [("queued", 55), ("superseded", 55), ("sent", 55)]


async def test_answer_that_is_lost(world: World) -> None:
    """The network server may have accepted a downlink whose answer was lost."""
    await world.image()
    world.stack.faults.http.append(HttpFault(0))
    with pytest.raises(HomeAssistantError):
        await request(world, threshold=60, mode="slow")
    record = world.record.delivery.as_dict()
    ((correlation_id, _),) = record["pushed"].items()
    world.device.push(
        [QueuedDownlink(1, b"\xc0\x3c", correlation_ids=(correlation_id,))]
    )
    # The locator knows of the change of mode, and does not take a slow line for a fast one.
    stored = world.battery_node.as_dict()
    assert stored["assembler"]["locator"]["told"] == ["slow"]

    await world.step()
    await until(lambda: world.state("number", "threshold").state == "60")
    await world.step(8)

    assert world.record.delivery.stage == "reported"
    assert [one.payload.hex() for one in world.device.downlinks] == ["c03c"]
    assert world.state("binary_sensor", "pending").state == STATE_OFF


async def test_superseded(world: World) -> None:
    """Later settings replace a downlink that is still queued."""
    events = listen(world)
    await world.image()
    await request(world, threshold=60)
    await request(world, threshold=70)

    (queued,) = world.device.queue
    assert queued.payload.hex() == "d046"
    assert events == ["queued", "superseded", "queued"]


async def test_failed(world: World) -> None:
    """A downlink that failed in the network is sent again after some uplinks."""
    events = listen(world)
    await world.image()
    world.device.fail_next("expired_downlink")
    await request(world, threshold=60)
    await world.step()
    await until(lambda: events == ["queued", "failed"])
    attributes = world.state("event", "downlink").attributes
    assert attributes["error"] == "expired_downlink"

    await world.step(4)

    assert world.node.threshold == 60


async def test_confirmed(world: World) -> None:
    """Downlinks are confirmed if the node is set to acknowledge."""
    (subentry,) = world.entry.subentries.values()
    world.hass.config_entries.async_update_subentry(
        world.entry, subentry, data={**subentry.data, "confirmed": True}
    )
    await world.hass.async_block_till_done()
    world.node.acknowledges = True
    events = listen(world)
    await world.image()
    response = await request(world, threshold=60)
    assert response["pending"]
    assert world.device.queue[0].confirmed

    await world.step(2)
    await until(lambda: events == ["queued", "sent", "delivered"])

    assert world.record.delivery.stage == "acknowledged"


async def test_not_acknowledged(world: World) -> None:
    """A confirmed downlink is repeated by the network, and not by this integration."""
    (subentry,) = world.entry.subentries.values()
    world.hass.config_entries.async_update_subentry(
        world.entry, subentry, data={**subentry.data, "confirmed": True}
    )
    await world.hass.async_block_till_done()
    await world.image()
    await request(world, threshold=60)
    await world.step(3)

    assert [one.payload.hex() for one in world.device.downlinks] == ["d03c"] * 3
    assert [path for _, path in world.stack.http.requests if "replace" in path] == [
        "/api/v3/as/applications/batteries/devices/garage/down/replace"
    ]


async def test_foreign_downlink(world: World) -> None:
    """Downlinks of other clients count for the limit, and prove nothing."""
    await world.image()
    await world.post_downlink(b"\xd0\x33")
    await world.step()
    await until(lambda: world.record.delivery.sent_today(world.now) == 1)

    assert world.state("number", "threshold").state == "unknown"


async def test_node_restarts(world: World) -> None:
    """After a restart of the node the wanted settings are sent again."""
    await world.image()
    await request(world, threshold=60)
    await world.step(2)
    await until(lambda: world.state("number", "threshold").state == "60")
    world.node.restart(keeps_settings=False)
    assert world.node.threshold == 50

    await world.step()
    assert world.state("number", "threshold").state == "unknown"
    assert world.state("binary_sensor", "pending").state == STATE_ON
    await world.step(3)

    assert world.node.threshold == 60
    await until(lambda: world.state("number", "threshold").state == "60")


async def test_reset_is_lost(world: World) -> None:
    """Join and reset of one restart cause one downlink."""
    await world.image()
    await request(world, threshold=60)
    await world.step(2)
    await until(lambda: world.state("number", "threshold").state == "60")
    world.node.restart(keeps_settings=False)
    await world.device.join()
    world.node.joined = True
    world.node.next_uplink()
    await until(lambda: world.state("number", "threshold").state == "unknown")
    assert world.state("binary_sensor", "pending").state == STATE_ON

    await world.step(8)

    assert world.node.threshold == 60
    assert world.state("number", "threshold").state == "60"
    payloads = [one.payload.hex() for one in world.device.downlinks]
    assert payloads == ["d03c"] * 2


async def test_join_and_reset_are_lost(world: World) -> None:
    """A restart shows in the session of the next uplink, also of a missed one."""
    await world.image()
    await request(world, threshold=60)
    await world.step(2)
    await until(lambda: world.state("number", "threshold").state == "60")
    entry_id = world.entry.entry_id
    assert await world.hass.config_entries.async_unload(entry_id)
    world.node.restart(keeps_settings=False)
    await world.send_image_unheard()
    connections = world.connections
    assert await world.hass.config_entries.async_setup(entry_id)
    await world.reconnected(connections)
    assert world.state("number", "threshold").state == "60"

    await world.step()
    assert world.state("number", "threshold").state == "unknown"
    await world.step(8)

    assert world.node.threshold == 60
    payloads = [one.payload.hex() for one in world.device.downlinks]
    assert payloads == ["d03c"] * 2


async def test_uplink_without_a_session(world: World) -> None:
    """A late uplink of the old session is not a new restart."""
    await world.image()
    await request(world, threshold=60)
    await world.step(2)
    await until(lambda: world.state("number", "threshold").state == "60")

    await world.pass_time(30)
    await world.device.uplink(1, 9, b"", change=without_session)
    await world.heard()
    await world.step(2)

    assert world.state("number", "threshold").state == "60"


async def test_fan_that_heat_may_have_started(world: World) -> None:
    """While an image is received, its hottest line may be missing."""
    await world.call("select", "mode", "select_option", option="slow")
    await world.call("number", "threshold", "set_value", value=50)
    await world.pass_time(6)
    await world.image()
    await world.image()
    world.model.heat((3, 2), 60)
    downlinks = len(world.device.downlinks)

    # The node decides at the end of an image, and reports it with all lines of the next one.
    await world.image()
    await world.step(10)

    assert world.state("fan", "fan").state == STATE_ON
    assert world.state("binary_sensor", "pending").state == STATE_OFF
    assert len(world.device.downlinks) == downlinks

    # A request is not proven either, because the fan runs by itself.
    world.device.gateway_acknowledges = False
    await world.call("fan", "fan", "turn_on")
    await world.pass_time(6)
    await world.step(2)
    assert world.record.delivery.stage != "reported"


async def test_refused_until_the_server_is_ready(world: World) -> None:
    """Nothing is sent before the time that the network server asked for.

    Settings that were requested meanwhile are sent then, also without an uplink of the
    node.
    """
    await world.image()
    world.stack.faults.http.append(HttpFault(429, retry_after=600))
    with pytest.raises(HomeAssistantError):
        await request(world, threshold=60)

    await world.call("number", "threshold", "set_value", value=70)
    await world.pass_time(6)
    with pytest.raises(HomeAssistantError) as raised:
        await request(world, mode="slow")

    assert raised.value.translation_key == "downlink_rate_limited"
    assert world.state("binary_sensor", "pending").state == STATE_ON
    await world.step(3)
    assert pushes(world) == 1

    await world.pass_time(600)
    await until(lambda: world.device.queue)
    (queued,) = world.device.queue
    assert queued.payload.hex() == "c046"
    assert pushes(world) == 2


async def test_server_that_is_not_ready_after_a_reload(world: World) -> None:
    """A reload does not shorten the wait that the network server has asked for."""
    await world.image()
    world.stack.faults.http.append(HttpFault(429, retry_after=600))
    with pytest.raises(HomeAssistantError):
        await request(world, threshold=60)
    connections = world.connections
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)

    await world.step(5)
    assert pushes(world) == 1
    await world.pass_time(450)
    await world.step(2)

    assert pushes(world) == 2
    assert world.node.threshold == 60


async def test_infinite_wait(world: World) -> None:
    """An infinite wait is limited to a day."""
    await world.image()
    world.stack.faults.http.append(HttpFault(429, retry_after=10**400))
    with pytest.raises(HomeAssistantError) as raised:
        await request(world, threshold=60)
    assert raised.value.translation_key == "downlink_rate_limited"

    await world.pass_time(24 * 3600)
    await world.step(3)

    assert world.node.threshold == 60


async def test_late_answer_for_a_removed_node(
    world: World, hass_storage: dict[str, Any], issue_registry: ir.IssueRegistry
) -> None:
    """A node that was removed during a request is not stored again."""
    await world.image()
    (subentry_id,) = world.entry.subentries
    world.stack.faults.http.append(HttpFault(404, delay=5))
    await world.call("number", "threshold", "set_value", value=60)
    world.freezer.tick(6)
    await asked(world)
    connections = world.connections

    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)
    await world.reconnected(connections)
    await until(lambda: f"battery_thermal.{subentry_id}" not in hass_storage)
    await world.pass_time(5)
    await asyncio.sleep(0.05)
    await world.pass_time(10)

    assert f"battery_thermal.{subentry_id}" not in hass_storage
    assert not issue_registry.issues


async def test_late_answer_after_a_reload(
    world: World, hass_storage: dict[str, Any]
) -> None:
    """Settings requested after a reload are not replaced by a request from before."""
    await world.image()
    (subentry_id,) = world.entry.subentries
    world.stack.faults.http.append(HttpFault(500, delay=3))
    await world.call("number", "threshold", "set_value", value=60)
    world.freezer.tick(6)
    await asked(world)
    connections = world.connections
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)
    assert world.state("number", "threshold").attributes["wanted"] == 60

    await world.call("number", "threshold", "set_value", value=70)
    await world.pass_time(3.5)
    await asyncio.sleep(0.05)
    await world.hass.async_block_till_done()

    record = hass_storage[f"battery_thermal.{subentry_id}"]["data"]
    assert record["delivery"]["wanted"]["threshold"] == 70
    await world.pass_time(3)
    await world.step(2)
    assert world.node.threshold == 70


async def test_record_that_was_stopped(
    world: World, hass_storage: dict[str, Any]
) -> None:
    """A stopped node writes, sends and schedules nothing."""
    await world.image()
    old = world.battery_node
    (subentry_id,) = world.entry.subentries
    assert await world.hass.config_entries.async_unload(world.entry.entry_id)
    record = hass_storage.pop(f"battery_thermal.{subentry_id}")

    old.async_set_alarm_limits(age=5)
    old.sender.async_request(threshold=60)
    await world.pass_time(3600)

    assert f"battery_thermal.{subentry_id}" not in hass_storage
    assert not pushes(world)
    assert record["data"]["delivery"]["wanted"] is None


async def test_budget(world: World) -> None:
    """The budget of downlinks is respected, and renewed after 24 hours."""
    world.hass.config_entries.async_update_entry(
        world.entry, options={"fair_use": True, "budget": 2}
    )
    await world.hass.async_block_till_done()
    await world.image()
    for threshold in (60, 70):
        await request(world, threshold=threshold)
        await world.step()
    assert world.state("sensor", "downlinks").attributes["limit"] == 2

    with pytest.raises(ServiceValidationError) as raised:
        await request(world, threshold=80)
    assert raised.value.translation_key == "over_budget"

    await world.call("number", "threshold", "set_value", value=80)
    await world.pass_time(6)
    await world.step(2)
    assert world.node.threshold == 70
    assert world.state("binary_sensor", "pending").state == STATE_ON

    await world.pass_time(24 * 3600)
    await world.step(3)
    assert world.node.threshold == 80


async def test_sums_of_a_silent_node(
    world: World, issue_registry: ir.IssueRegistry
) -> None:
    """Sums of 24 hours decrease although the node sends nothing."""
    world.hass.config_entries.async_update_entry(
        world.entry, options={"fair_use": True}
    )
    await world.hass.async_block_till_done()
    world.device.spreading_factor = 12
    await world.step(4)
    await request(world, threshold=60)
    world.node.next_uplink()
    await world.step(12)
    issue_id = f"airtime_{world.battery_node.subentry_id}"
    assert issue_registry.async_get_issue(DOMAIN, issue_id)
    sums = "lost_lines", "airtime", "downlinks"
    assert all(float(world.state("sensor", key).state) for key in sums)

    for _ in range(26):
        await world.pass_time(3600)

    assert not any(float(world.state("sensor", key).state) for key in sums)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


async def test_wait_of_a_clock_that_was_ahead(world: World) -> None:
    """A stored wait of more than a day is ignored."""
    sender = world.battery_node.sender
    for days, waits in ((2, False), (0.5, True)):
        until_then = world.now + timedelta(days=days)
        sender.async_restore({**sender.as_dict(), "not_before": until_then.isoformat()})
        assert bool(sender.as_dict()["not_before"]) is waits
