"""Tests with messages as real servers store, forward and simulate them."""

import json
from typing import Any

import pytest

from custom_components.battery_thermal.hub import connection
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator.node import BatteryNode, Mode, Numbering
from simulator.the_things_stack import QueuedDownlink, StreamFault, extras

from .common import DOMAIN, set_retry_waits, until
from .hub.test_missed_uplinks import asked_again, away, cut
from .test_init import restart
from .world import World

pytestmark = pytest.mark.usefixtures("all_entities")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the waits."""
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.02)
    set_retry_waits(monkeypatch, (0.02, 0.02, 0.02))


# Stored uplinks carry no session.


@pytest.mark.parametrize("numbering", [Numbering.COUNTER, Numbering.RUNNING])
async def test_missed_within_an_image(world: World, numbering: Numbering) -> None:
    """An uplink that was missed within an image is fetched; none is lost or counted twice."""
    world.device.storage = True
    world.node.mode, world.node.numbering = Mode.SLOW, numbering
    await world.image()
    airtime = world.record.traffic.airtime.total(world.now)
    await world.step(5)
    connections = await cut(world)
    world.freezer.tick(30)
    await world.node.step()
    await world.reconnected(connections)
    await world.image()
    await world.image()

    assert world.state("sensor", "lost_lines").state == "0"
    assert world.record.images.suspect_images == 0
    measured = world.record.images.measured
    assert measured and measured.complete
    image = world.node.image
    assert image and world.state("sensor", "maximum").state == str(image.maximum / 10)
    # Two images of 23 short lines and a long one.
    after = world.record.traffic.airtime.total(world.now)
    assert after - airtime == pytest.approx(2 * (23 * 0.118016 + 0.123136), abs=1e-3)


async def test_joined_while_away(world: World) -> None:
    """An image that begins after a join is complete, although half of it is fetched."""
    world.device.storage = True
    world.node.mode, world.node.numbering = Mode.SLOW, Numbering.RUNNING
    await world.image()
    connections = await cut(world)
    world.node.restart()
    world.node.mode = Mode.SLOW
    # The join, the reset byte and five lines.
    for _ in range(6):
        world.freezer.tick(30)
        await world.node.step()
    await world.reconnected(connections)
    assert world.record.images.image and world.record.images.image.lines_received > 3
    image = await world.image()

    measured = world.record.images.measured
    assert measured and measured.complete and not measured.suspect
    assert measured.maximum == image.maximum / 10
    assert world.state("sensor", "lost_lines").state == "0"


async def test_heard_and_fetched(world: World) -> None:
    """A restart does not count fetched uplinks a second time."""
    world.device.storage = True
    await world.image()
    before = world.state("sensor", "airtime").state
    for _ in range(2):
        connections = world.connections
        assert await world.hass.config_entries.async_reload(world.entry.entry_id)
        await world.reconnected(connections)
        await asked_again(world)
    assert world.state("sensor", "airtime").state == before
    assert world.state("sensor", "lost_lines").state == "0"


async def test_copy_of_a_message_without_a_line(world: World) -> None:
    """A repeated message counts once for airtime, also without a line."""
    await world.image()
    await world.pass_time(1)
    await world.device.mac_uplink(7)
    await world.heard()
    airtime = world.record.traffic.airtime.total(world.now)
    world.device.repeat()
    await world.image()
    after = world.record.traffic.airtime.total(world.now)
    assert after - airtime == pytest.approx(0.0975 + 0.1027, abs=1e-3)


# Possible ends of a stream with status 200.


@pytest.mark.parametrize("fault", StreamFault)
async def test_truncated_stream(world: World, fault: StreamFault) -> None:
    """A truncated stream is requested again, and no uplink is missing."""
    world.device.storage = True
    await world.image()
    world.stack.faults.streams.append(fault)

    await away(world)

    image = world.node.image
    assert image
    assert not world.stack.faults.streams
    assert world.state("sensor", "catch_up").state == "fetched"
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)


@pytest.mark.parametrize("fault", StreamFault)
async def test_truncated_streams(world: World, fault: StreamFault) -> None:
    """Truncated streams are a failure; the request is repeated later."""
    world.device.storage = True
    await world.image()
    connections = await cut(world)
    world.freezer.tick(30)
    await world.node.step()
    world.stack.faults.streams.extend([fault] * 4)
    await world.reconnected(connections)
    assert world.state("sensor", "catch_up").state == "failed"
    assert not world.stack.faults.streams

    await asked_again(world)

    assert world.state("sensor", "catch_up").state == "fetched"
    # The first line of the next image.
    await until(lambda: not world.state("image", "thermal").attributes["closed"])
    assert world.state("image", "thermal").attributes["missing_lines"] == [1]


# Payloads that the server does not decrypt.


async def test_encrypted_payloads(
    world: World, issue_registry: ir.IssueRegistry
) -> None:
    """Encrypted payloads are refused, count for airtime, and raise a repair issue."""
    image = await world.image()
    airtime = world.record.traffic.airtime.total(world.now)
    (subentry,) = world.entry.subentries
    issue_id = f"encrypted_{subentry}"
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None

    world.device.skip_payload_crypto = True
    await world.step(2)
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue
    assert issue.translation_placeholders == {"node": "Garage", "device_id": "garage"}
    assert world.record.rejected == {"encrypted": 2}
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    after = world.record.traffic.airtime.total(world.now)
    assert after - airtime == pytest.approx(0.0975 + 0.1027, abs=1e-3)

    # A setting would be sent unencrypted, and be misread by the node.
    await world.call("number", "threshold", "set_value", value=60)
    await world.pass_time(6)
    await world.step(4)
    assert not world.device.queue and not world.device.downlinks
    device = dr.async_get(world.hass).async_get_device_by_identifier(
        (DOMAIN, subentry), world.entry.entry_id
    )
    assert device
    with pytest.raises(HomeAssistantError, match="does not encrypt payloads"):
        await world.hass.services.async_call(
            DOMAIN,
            "request_settings",
            {"device_id": device.id, "fan": True},
            blocking=True,
        )

    # After a restart only the stored record has this information.
    issue_registry.async_delete(DOMAIN, issue_id)
    connections = world.connections
    await restart(world)
    await world.reconnected(connections)
    assert issue_registry.async_get_issue(DOMAIN, issue_id)

    world.device.skip_payload_crypto = False
    await world.image()
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    await world.image()
    await until(lambda: world.device.downlinks)
    assert world.node.threshold == 60


async def test_session_that_is_encrypted(
    world: World, issue_registry: ir.IssueRegistry
) -> None:
    """A join with an encrypted key is enough to know it before the first uplink."""
    await world.image()
    maximum = world.state("sensor", "maximum").state
    world.device.storage = True
    world.device.skip_payload_crypto = True
    await world.device.join()
    (subentry,) = world.entry.subentries
    issue_id = f"encrypted_{subentry}"
    await until(lambda: issue_registry.async_get_issue(DOMAIN, issue_id))

    await away(world)
    for stored in world.device.stored:
        del stored.message["uplink_message"]["app_s_key"]
    world.record.encrypted = True
    await away(world)

    assert world.state("sensor", "catch_up").state == "fetched"
    assert world.state("sensor", "maximum").state == maximum
    assert set(world.record.rejected) == {"encrypted"}
    assert issue_registry.async_get_issue(DOMAIN, issue_id)

    world.hass.config_entries.async_remove_subentry(world.entry, subentry)
    await world.hass.async_block_till_done()
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


# Uplinks simulated in the console.


def payloads(world: World, mode: Mode = Mode.FAST) -> list[bytes]:
    """Return the messages of an image of the node."""
    spare = BatteryNode(world.model, world.device)
    spare.mode = mode
    spare.next_uplink()
    count = 2 if mode is Mode.FAST else 24
    return [spare.next_uplink().payload for _ in range(count)]


async def simulated(world: World, payload: bytes, count: int, **more: Any) -> None:
    """Simulate an uplink in the console, and wait until it is counted."""
    extras.simulate(world.device, 1, payload, **more)
    await until(lambda: world.record.notices["simulated"] == count)
    await world.hass.async_block_till_done()


@pytest.mark.parametrize("old", [False, True])
async def test_trying_an_installation(world: World, old: bool) -> None:
    """Before the first line, a simulated image is shown and marked as simulated."""
    assert world.state("image", "thermal").state == STATE_UNKNOWN
    first, last = payloads(world)
    await simulated(world, first, 1, old=old)
    # The second fast line proves that the first was one.
    await simulated(world, last, 2, old=old)

    state = world.state("image", "thermal")
    assert state.attributes["simulated"] is True
    assert state.attributes["lines_received"] == 2
    assert state.attributes["closed"] is True
    assert await world.battery_node.pictures.async_get_picture()
    # It is not counted or stored elsewhere.
    for key in ("airtime", "lost_lines", "suspect_images"):
        assert float(world.state("sensor", key).state) == 0
    for key in ("maximum", "ambient", "last_uplink", "rssi"):
        assert world.state("sensor", key).state == STATE_UNKNOWN
    assert world.record.watch.rise is None
    assert not world.record.rejected

    image = await world.image()
    state = world.state("image", "thermal")
    assert state.attributes["simulated"] is False
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)


async def test_simulated_within_an_image(world: World) -> None:
    """A simulated line is never part of the node's image."""
    world.node.mode = Mode.SLOW
    await world.image()
    await world.step(5)
    before = world.battery_node.as_dict()
    hot = payloads(world, Mode.SLOW)
    counts = {"f_cnt": 6, "session_key_id": world.device.session_key_id}
    await simulated(world, hot[5], 1)
    await simulated(world, hot[-1], 2, **counts)
    await simulated(world, b"\x00", 3, **counts)
    await simulated(world, b"nonsense", 4)
    assert world.battery_node.as_dict() == before
    assert world.state("image", "thermal").attributes["simulated"] is False
    image = await world.image()

    measured = world.record.images.measured
    assert measured and measured.complete and not measured.suspect
    assert measured.maximum == image.maximum / 10
    assert world.state("sensor", "lost_lines").state == "0"


async def test_simulated_invalid_payloads(world: World) -> None:
    """Simulated payloads that are invalid are counted separately."""
    await simulated(world, b"nonsense", 1)
    extras.simulate(world.device, 0, b"mac")
    await until(lambda: world.record.notices["simulated"] == 2)
    await simulated(world, b"\x00", 3)
    assert world.record.notices == {"simulated": 3, "simulated_length": 1}
    assert not world.record.rejected
    assert not world.record.images.simulated


async def test_simulated_and_stored(world: World) -> None:
    """Stored simulated uplinks are not taken for missed ones."""
    world.device.storage = True
    await world.image()
    before = world.battery_node.as_dict()
    connections = await cut(world)
    world.freezer.tick(30)
    extras.simulate(world.device, 1, payloads(world)[0])
    await world.reconnected(connections)
    assert world.state("sensor", "catch_up").state == "fetched"
    assert world.battery_node.as_dict() == before


async def test_simulated_proof(world: World) -> None:
    """Simulated downlink events prove no settings."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=60)
    await world.pass_time(6)
    await until(lambda: world.device.queue)
    (queued,) = world.device.queue
    sent = {"correlation_ids": list(queued.correlation_ids)}
    message = world.device.message(world.now, downlink_sent=sent)
    message["simulated"] = True
    world.device.publish_raw("down/sent", json.dumps(message).encode())
    await until(lambda: world.record.notices["simulated"] == 1)
    assert world.record.threshold is None
    assert world.record.delivery.sent_today(world.now) == 0


async def test_simulated_unknown_device(hass: HomeAssistant, world: World) -> None:
    """An unknown device that is simulated is offered; an encrypted one is not."""
    secret = world.stack.add_device("secret", frame_counter_check=False)
    secret.skip_payload_crypto = True
    await secret.join()
    await secret.uplink(1, 1, bytes(49))
    shed = world.stack.add_device("shed")
    extras.simulate(shed, 1, payloads(world)[0])
    await until(hass.config_entries.flow.async_progress)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["title_placeholders"] == {"name": "shed"}


# All documented events.


async def test_events_of_a_known_kind(world: World) -> None:
    """Documented events change nothing, and are not malformed."""
    await world.image()
    extras.normalize(world.device, 1, bytes(37))
    await until(lambda: world.record.notices == {"uplink_normalized": 1})
    assert not world.record.rejected


async def test_queue_that_was_invalidated(world: World) -> None:
    """A downlink that the server dropped has failed, and is sent again."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=60)
    await world.pass_time(6)
    await until(lambda: world.device.queue)
    extras.invalidate_queue(world.device)
    await until(lambda: world.record.delivery.error == "queue_invalidated")
    assert world.state("event", "downlink").attributes["event_type"] == "failed"
    for _ in range(3):
        await world.image()
    assert world.node.threshold == 60


async def test_foreign_queue_that_was_invalidated(world: World) -> None:
    """A dropped downlink of another application changes nothing."""
    await world.image()
    world.device.push([QueuedDownlink(f_port=9, payload=b"theirs")])
    extras.invalidate_queue(world.device)
    await world.image()
    assert world.record.delivery.error is None
    assert not world.record.rejected
    assert world.state("event", "downlink").state in (STATE_UNKNOWN, STATE_UNAVAILABLE)
