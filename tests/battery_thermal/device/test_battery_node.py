"""Tests of a node in Home Assistant: from uplinks to entities, and from entities to downlinks."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.battery_thermal.device.node_storage import node_store
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from simulator.node import Mode, Numbering
from simulator.the_things_stack import HttpFault, Reception
from tests.battery_thermal.common import DOMAIN, until
from tests.battery_thermal.test_init import restart
from tests.battery_thermal.world import World

pytestmark = pytest.mark.usefixtures("all_entities")


async def test_before_the_first_uplink(world: World) -> None:
    """Before the first uplink all values are unknown, and the picture has a text."""
    for key in ("ambient", "maximum", "minimum"):
        assert world.state("sensor", key).state == STATE_UNKNOWN
    assert world.state("fan", "fan").state == STATE_UNKNOWN
    assert world.state("image", "thermal").state == STATE_UNKNOWN
    assert world.state("number", "threshold").state == STATE_UNKNOWN
    assert world.state("select", "mode").state == STATE_UNKNOWN


async def test_image_to_entities(world: World) -> None:
    """Entities have the values that the node measured, to a tenth of a degree."""
    image = await world.image()

    maximum = float(world.state("sensor", "maximum").state)
    assert maximum == pytest.approx(image.maximum / 10)
    minimum = float(world.state("sensor", "minimum").state)
    assert minimum == pytest.approx(image.minimum / 10)
    ambient = world.model.ambient(world.node.time)
    assert int(world.state("sensor", "ambient").state) == ambient
    assert world.state("fan", "fan").state == "off"
    assert world.state("select", "mode").state == "fast"


async def test_fan_that_runs_by_itself(world: World) -> None:
    """Above the threshold the node starts its fan without a request."""
    world.model.heat((1, 1), 60)
    await world.image()
    await world.image()

    fan = world.state("fan", "fan")
    assert fan.state == "on"
    assert fan.attributes["asked"] is None


async def test_settings_to_node(world: World) -> None:
    """Changes within a few seconds become one downlink, which the node applies."""
    await world.image()
    await world.call("select", "mode", "select_option", option="slow")
    await world.pass_time(3)
    await world.call("number", "threshold", "set_value", value=-10)
    await world.call("fan", "fan", "turn_on")
    assert world.state("fan", "fan").attributes["asked"] is True
    assert world.state("number", "threshold").attributes["wanted"] == -10
    assert world.state("select", "mode").attributes["wanted"] == "slow"
    await world.pass_time(4)
    assert not world.device.queue
    await world.pass_time(2)
    (queued,) = world.device.queue
    assert (queued.f_port, queued.payload.hex()) == (1, "eff6")
    assert world.state("number", "threshold").state == STATE_UNKNOWN

    await world.step(2)

    (downlink,) = world.device.downlinks
    assert downlink.payload.hex() == "eff6"
    assert world.node.mode == "slow"
    assert world.state("number", "threshold").state == "-10"
    assert world.state("select", "mode").state == "slow"
    assert world.state("fan", "fan").state == "on"

    await world.call("fan", "fan", "turn_off")
    await world.call("number", "threshold", "set_value", value=50)
    await world.call("select", "mode", "select_option", option="fast")
    await world.pass_time(6)
    await world.step(2)
    assert world.device.downlinks[-1].payload.hex() == "d032"
    assert world.state("select", "mode").state == "fast"
    assert world.state("fan", "fan").state == "off"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "length"),
        (bytes(36), "length"),
        (bytes(53), "length"),
    ],
)
async def test_bad_payload(
    world: World, caplog: pytest.LogCaptureFixture, payload: bytes, reason: str
) -> None:
    """A payload that no node sends is counted, logged once, and changes nothing."""
    await world.image()
    maximum = world.state("sensor", "maximum")
    picture = world.state("image", "thermal")
    for f_cnt in (7, 8):
        await world.pass_time(30)
        await world.device.uplink(1, f_cnt, payload)
        await world.heard()

    assert world.record.rejected == {reason: 2}
    assert caplog.text.count("not understood") == 1
    assert world.state("sensor", "maximum") is maximum
    assert world.state("image", "thermal") is picture


async def test_broken_json(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A message that cannot be read is counted, and the next one is read."""
    await world.image()
    world.stack.faults.broken_json = 1
    await world.device.uplink(1, 5, b"\x00")
    await until(lambda: world.record.rejected)
    assert world.record.rejected == {"not_json": 1}

    image = await world.image()

    assert world.state("sensor", "maximum").state == str(image.maximum / 10)


async def test_mac_commands_only(world: World) -> None:
    """A message without data of the node only shows that the node sends."""
    await world.step(2)
    line = world.record.images.image
    await world.pass_time(30)
    await world.device.mac_uplink(1)
    await world.heard()
    assert world.record.images.image is line
    assert not world.record.rejected


async def test_repeated_and_late(world: World) -> None:
    """A message that comes twice or late is counted once."""
    image = await world.image()
    ambient = world.state("sensor", "ambient").state
    for _ in range(3):
        world.device.repeat()
    await world.step()

    assert world.record.images.measured
    assert world.record.images.measured.complete
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.state("sensor", "ambient").state == ambient


async def test_out_of_order(world: World) -> None:
    """A line that arrives after the next one is put in its place."""
    world.node.mode = Mode.SLOW
    await world.image()
    await world.step(5)
    for hold in (True, False):
        await world.pass_time(30)
        line = world.node.next_uplink()
        await world.device.uplink(line.f_port, line.f_cnt, line.payload, hold=hold)
    await world.heard()
    assert world.record.traffic.heard_at == world.now
    image = await world.image()

    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.state("sensor", "lost_lines").state == "0"


@pytest.mark.parametrize("hours", [-48, 48])
async def test_clock_that_jumps(world: World, hours: int) -> None:
    """A message with a wrong time does not disturb those that follow."""
    await world.image()
    wrong = world.now + timedelta(hours=hours)
    await world.device.uplink(1, 7, b"\x00", received_at=wrong)
    await world.step()
    image = await world.image()

    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    assert world.state("binary_sensor", "silent").state == "off"


async def test_wait_that_the_server_asked_for(world: World) -> None:
    """No request is made before the time that the server asked for."""
    await world.image()
    world.stack.faults.http.append(HttpFault(429, retry_after=600))
    await world.call("number", "threshold", "set_value", value=60)
    await world.pass_time(6)
    await until(lambda: world.record.delivery.error == "rate_limited")
    await world.step(10)
    assert world.node.threshold == 50

    await world.pass_time(300)
    await world.step(3)

    assert world.node.threshold == 60


@pytest.mark.parametrize("status", [0, 401, 403, 404, 429, 500])
async def test_refused_downlink(
    world: World, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """A refused downlink is reported, and sent again after some uplinks."""
    await world.image()
    world.stack.faults.http.append(HttpFault(status, retry_after=30))
    await world.call("number", "threshold", "set_value", value=60)
    await world.pass_time(6)
    await until(lambda: "downlink was refused" in caplog.text)
    assert not world.device.queue
    flows = world.hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == (
        ["reauth"] if status in (401, 403) else []
    )

    await world.step(5)

    assert world.node.threshold == 60


async def test_link(all_entities: None, world: World) -> None:
    """Signal of the best gateway, number of gateways, and signal of each."""
    world.device.receptions = (
        Reception("far", rssi=-120, snr=-3.5),
        Reception("near", rssi=-80, snr=9.25),
    )
    world.device.spreading_factor = 8
    await world.step()

    assert world.state("sensor", "rssi").state == "-80.0"
    assert world.state("sensor", "snr").state == "9.25"
    gateways = world.state("sensor", "gateways")
    assert gateways.state == "2"
    assert gateways.attributes["receptions"] == [
        {"gateway": "near", "rssi": -80.0, "snr": 9.25},
        {"gateway": "far", "rssi": -120.0, "snr": -3.5},
    ]
    assert world.state("sensor", "spreading_factor").state == "8"
    last_uplink = dt_util.parse_datetime(world.state("sensor", "last_uplink").state)
    assert last_uplink == world.now.replace(microsecond=0)


async def test_last_uplink_is_quiet(world: World) -> None:
    """The state is written when the node becomes silent and when it is back only."""
    states: list[str] = []
    entity_id = world.entity_id("sensor", "last_uplink")

    @callback
    def write(event: Event[EventStateChangedData]) -> None:
        if event.data["new_state"]:
            states.append(event.data["new_state"].state)

    async_track_state_change_event(world.hass, entity_id, write)
    await world.step(36)
    assert len(states) == 1
    heard_at = world.now
    await world.pass_time(15 * 60 + 2)
    assert states[1:] == [heard_at.replace(microsecond=0).isoformat()]
    await world.step(2)
    assert len(states) == 3


async def test_layout_is_found(all_entities: None, world: World) -> None:
    """The layout is detected from a slow image, unless the owner has set it."""
    assert world.state("sensor", "layout").state == "slow_24"
    await world.configure(layout="auto")
    assert world.state("sensor", "layout").state == STATE_UNKNOWN

    world.node.mode = Mode.SLOW
    await world.image()

    assert world.state("sensor", "layout").state == "slow_24"
    assert world.state("image", "thermal").attributes["lines_expected"] == 24


async def test_lost_lines(world: World) -> None:
    """Lines that are missing when an image ends stay missing, and are counted."""
    await world.image()
    world.node.next_uplink()
    await world.step()
    assert world.state("sensor", "lost_lines").state == "1"
    image = world.state("image", "thermal").attributes
    assert image["missing_lines"] == [0]
    assert (image["lines_received"], image["lines_expected"]) == (1, 2)
    assert image["closed"]
    assert not image["suspect"]


async def test_image_that_ends_in_silence(world: World) -> None:
    """An image without its last line ends when that should have arrived."""
    await world.image()
    maximum = world.state("sensor", "maximum").state
    await world.step()
    assert not world.state("image", "thermal").attributes["closed"]
    world.model.heat((1, 1), 30)

    await world.pass_time(200)

    assert world.state("image", "thermal").attributes["closed"]
    assert world.state("sensor", "lost_lines").state == "1"
    assert world.state("sensor", "maximum").state != maximum


async def test_line_position(world: World) -> None:
    """The sensor shows how lines are placed: unknown at first."""
    assert world.state("sensor", "line_position").state == "unknown"
    world.node.numbering = Numbering.PORT
    await world.image()
    await world.image()
    assert world.state("sensor", "line_position").state == "port"


async def test_silent_node(world: World) -> None:
    """A silent node is unavailable, and the problem sensor is on."""
    await world.image()
    await world.pass_time(14 * 60)
    assert world.state("binary_sensor", "silent").state == "off"
    assert world.state("sensor", "maximum").state != STATE_UNAVAILABLE
    await world.pass_time(62)
    assert world.state("binary_sensor", "silent").state == "on"
    assert world.state("sensor", "maximum").state == STATE_UNAVAILABLE
    assert world.state("sensor", "last_uplink").state != STATE_UNAVAILABLE

    await world.step()

    assert world.state("binary_sensor", "silent").state == "off"
    assert world.state("sensor", "maximum").state != STATE_UNAVAILABLE


async def test_silent_after(hass: HomeAssistant, world: World) -> None:
    """The owner can set the time after which a node is silent."""
    (node,) = world.entry.subentries.values()
    hass.config_entries.async_update_subentry(
        world.entry, node, data={**node.data, "silent_after": 2}
    )
    await hass.async_block_till_done()
    await world.image()
    await world.pass_time(119)
    assert world.state("binary_sensor", "silent").state == "off"

    await world.pass_time(2)

    assert world.state("binary_sensor", "silent").state == "on"


async def test_silent_over_a_restart(world: World) -> None:
    """What a silent node has sent long ago is not shown as if it was new."""
    await world.image()
    await world.pass_time(3600)
    assert world.state("binary_sensor", "silent").state == "on"
    for _ in range(2):
        await restart(world)
        await world.reconnected(world.connections - 1)
        assert world.state("binary_sensor", "silent").state == "on"
        assert world.state("sensor", "maximum").state == STATE_UNAVAILABLE
    # A longer limit holds at once.
    await world.configure(silent_after=120)
    assert world.state("binary_sensor", "silent").state == "off"
    assert world.state("sensor", "maximum").state != STATE_UNAVAILABLE
    await world.pass_time(3 * 3600)
    await restart(world)
    await world.reconnected(world.connections - 1)
    assert world.state("binary_sensor", "silent").state == "on"
    await world.step()
    assert world.state("binary_sensor", "silent").state == "off"


async def test_never_heard(world: World) -> None:
    """A node that sends nothing after the start becomes silent too."""
    await world.pass_time(15 * 60 + 1)

    assert world.state("binary_sensor", "silent").state == "on"
    await restart(world)
    await world.reconnected(world.connections - 1)
    assert world.state("binary_sensor", "silent").state == "on"


async def test_node_that_sends_once_an_hour(world: World) -> None:
    """It is not silent after 15 minutes."""
    world.node.interval = 3600
    for _ in range(3):
        await world.image()
    await world.pass_time(2.5 * 3600)
    assert world.state("binary_sensor", "silent").state == "off"

    await world.pass_time(0.6 * 3600)

    assert world.state("binary_sensor", "silent").state == "on"


async def test_pauses_between_images(world: World) -> None:
    """A node that usually pauses for hours between images is not silent during a pause."""
    world.node.interval = 5
    await world.image()
    for _ in range(2):
        await world.pass_time(2 * 3600)
        # Before its pauses are known, the node counts as silent.
        assert world.state("binary_sensor", "silent").state == "on"
        await world.image()
        assert world.state("binary_sensor", "silent").state == "off"
    await world.pass_time(3.9 * 3600)
    assert world.state("binary_sensor", "silent").state == "off"
    assert world.state("fan", "fan").state != STATE_UNAVAILABLE

    await world.pass_time(0.2 * 3600)

    assert world.state("binary_sensor", "silent").state == "on"


async def test_one_pause_is_an_accident(world: World) -> None:
    """A single absence of hours is not taken for a usual pause."""
    await world.image()
    await world.pass_time(5 * 3600)
    await world.image()
    await world.pass_time(16 * 60)

    assert world.state("binary_sensor", "silent").state == "on"


async def test_pauses_outlive_a_restart(hass: HomeAssistant, world: World) -> None:
    """The pauses of a node are stored; records of earlier releases have none."""
    world.node.interval = 5
    for _ in range(3):
        await world.image()
        await world.pass_time(3600)
    after = world.record.images.silent_after
    connections = world.connections
    await hass.config_entries.async_reload(world.entry.entry_id)
    await world.reconnected(connections)

    assert timedelta(hours=2) <= after == world.record.images.silent_after

    await hass.config_entries.async_unload(world.entry.entry_id)
    (subentry_id,) = world.entry.subentries
    store = node_store(hass, subentry_id)
    data = await store.async_load()
    assert data
    del data["assembler"]["gaps"]
    await store.async_save(data)
    connections = world.connections
    await hass.config_entries.async_setup(world.entry.entry_id)
    await world.reconnected(connections)

    assert world.record.images.silent_after == timedelta(minutes=15)


async def test_airtime(
    world: World, issue_registry: ir.IssueRegistry, hass: HomeAssistant
) -> None:
    """A node with too much airtime is reported, with the messages that it may send."""
    hass.config_entries.async_update_entry(world.entry, options={"fair_use": True})
    await hass.async_block_till_done()
    world.device.spreading_factor = 12
    issue_id = f"airtime_{world.battery_node.subentry_id}"
    await world.step(10)
    airtime = world.state("sensor", "airtime")
    # A fast line is 37 or 40 bytes: 2.30 s at SF12, a reset of one byte 1.16 s.
    assert float(airtime.state) == pytest.approx(1.16 + 9 * 2.38, abs=0.5)
    assert airtime.attributes["limit"] == 30
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None

    await world.step(5)

    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue
    placeholders = issue.translation_placeholders
    assert placeholders
    assert placeholders["message"] == "2.302"
    assert placeholders["messages"] == "13"
    assert placeholders["images"] == "6"
    assert placeholders["interval"] == "6646"

    # After a restart, it is reported with the first message whose data rate is known.
    issue_registry.async_delete(DOMAIN, issue_id)
    await world.pass_time(30)
    last = world.device.last_f_cnt
    assert last is not None
    await world.device.uplink(1, last + 1, b"\x00", change=without_settings)
    await world.heard()
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    await world.step()
    assert issue_registry.async_get_issue(DOMAIN, issue_id)

    await world.pass_time(25 * 3600)
    await world.step()
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


async def test_airtime_without_a_limit(
    world: World, issue_registry: ir.IssueRegistry
) -> None:
    """On the owner's own server there is no limit."""
    world.device.spreading_factor = 12
    await world.step(20)

    assert world.state("sensor", "airtime").attributes["limit"] is None
    assert not issue_registry.issues


def without_airtime(message: dict[str, Any]) -> None:
    """Remove fields that a server may not send."""
    del message["uplink_message"]["consumed_airtime"]
    del message["uplink_message"]["settings"]["data_rate"]["lora"]["bandwidth"]


def without_settings(message: dict[str, Any]) -> None:
    """Remove fields that a server may not send."""
    del message["uplink_message"]["consumed_airtime"]
    del message["uplink_message"]["settings"]


@pytest.mark.parametrize(
    ("change", "airtime"), [(without_airtime, "0.046336"), (without_settings, "0.0")]
)
async def test_airtime_that_is_not_reported(
    world: World, change: Any, airtime: str
) -> None:
    """The airtime is calculated where the server does not report it."""
    await world.device.join()
    await world.pass_time(30)
    await world.device.uplink(1, 0, b"\x00", change=change)
    await world.heard()

    assert world.state("sensor", "airtime").state == airtime


@pytest.mark.parametrize("said", ["nans", "infs", "-5s"])
async def test_airtime_that_is_no_number(world: World, said: str) -> None:
    """An invalid airtime is counted, and the sum of the day stays valid."""
    await world.image()
    airtime = world.state("sensor", "airtime").state

    def spoil(message: dict[str, Any]) -> None:
        message["uplink_message"]["consumed_airtime"] = said

    await world.device.uplink(1, 2, b"\x00", change=spoil)
    await until(lambda: world.record.rejected)
    assert world.record.rejected == {"unknown_shape": 1}
    assert world.state("sensor", "airtime").state == airtime

    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.image()
    assert float(world.state("sensor", "airtime").state) > float(airtime)
    assert not world.entry.runtime_data.failures.counts


async def test_invalid_airtime_in_a_stored_record(
    world: World, hass_storage: dict[str, Any]
) -> None:
    """A record of an earlier release with invalid sums is read."""
    await world.image()
    (subentry_id,) = world.entry.subentries
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    record = hass_storage[f"{DOMAIN}.{subentry_id}"]["data"]
    sums = record["traffic"]["airtime"]
    record["traffic"]["airtime"] = dict.fromkeys(sums)
    assert sums
    connections = world.connections
    await world.hass.config_entries.async_setup(world.entry.entry_id)
    await world.reconnected(connections)

    await world.image()

    assert float(world.state("sensor", "airtime").state) > 0
    assert not world.entry.runtime_data.failures.counts


async def test_one_message_exceeds_the_limit(
    world: World, issue_registry: ir.IssueRegistry, hass: HomeAssistant
) -> None:
    """A single message may exceed the limit of a day."""
    hass.config_entries.async_update_entry(world.entry, options={"fair_use": True})
    await hass.async_block_till_done()
    await world.step()

    def slow(message: dict[str, Any]) -> None:
        message["uplink_message"]["consumed_airtime"] = "45s"

    await world.pass_time(30)
    await world.device.uplink(1, 2, b"\x00", change=slow)
    await world.heard()

    issue_id = f"airtime_{world.battery_node.subentry_id}"
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue and issue.translation_placeholders
    assert issue.translation_placeholders["messages"] == "0"
    assert issue.translation_placeholders["interval"] == "86400"


async def test_node_deleted_at_the_server(
    world: World, issue_registry: ir.IssueRegistry
) -> None:
    """A node that the server does not know is reported until it sends again."""
    issue_id = f"gone_{world.battery_node.subentry_id}"
    await world.image()
    world.stack.faults.http.append(HttpFault(404))
    await world.call("number", "threshold", "set_value", value=60)
    await world.pass_time(6)
    await until(lambda: issue_registry.async_get_issue(DOMAIN, issue_id))

    await world.step()

    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
