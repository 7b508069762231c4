"""The alarm log of a node: event, attributes, restarts, and an archive that fails."""

import asyncio
from copy import deepcopy
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from custom_components.battery_thermal.archive import AlarmLog, ArchiveError
from custom_components.battery_thermal.device import alarm_log
from custom_components.battery_thermal.device.alarm_log import get_alarm_log
from custom_components.battery_thermal.device.area_options import stored_area
from custom_components.battery_thermal.device.node_archive import async_archive_threads
from custom_components.battery_thermal.device.node_storage import SAVE_WITHIN
from custom_components.battery_thermal.model.area import Area, AreaKind
from custom_components.battery_thermal.thermal.alarm_kinds import LogKind
from custom_components.battery_thermal.thermal.logged_alarm import LoggedAlarm
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from tests.battery_thermal.test_init import restart
from tests.battery_thermal.world import World


@pytest.fixture
def events(world: World) -> list[dict[str, Any]]:
    """Return the attributes of each event of the alarm entity."""
    found: list[dict[str, Any]] = []

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        # A restart restores the state of the last event, and is no event.
        if (
            state
            and state.state not in ("unavailable", "unknown")
            and state.state not in times
        ):
            times.add(state.state)
            found.append(dict(state.attributes))

    times: set[str] = set()
    async_track_state_change_event(
        world.hass, world.entity_id("event", "alarm"), changed
    )
    return found


async def rows(world: World) -> list[LoggedAlarm]:
    """Open the database, and return the alarms that are in it, oldest first."""
    (node,) = world.entry.subentries
    log = get_alarm_log(world.hass)
    found = await world.hass.async_add_executor_job(log.page, (node,), 100)
    return [one.alarm for one in reversed(found)]


def of(events: list[dict[str, Any]], kind: str) -> list[str]:
    """Return the types of the events of a kind."""
    return [one["event_type"] for one in events if one["kind"] == kind]


async def test_event_and_row(world: World, events: list[dict[str, Any]]) -> None:
    """An alarm is an event at its beginning and end, and a row with its images."""
    await world.configure(cells={"rows": 4, "columns": 3})
    await world.image()
    assert world.state("event", "alarm").state == STATE_UNKNOWN
    world.model.heat((0, 0), 7)
    await world.image()
    raised = next(one for one in events if one["kind"] == "imbalance")
    assert (raised["event_type"], raised["level"]) == ("raised", "warning")
    assert (raised["area"], raised["unit"]) == ("A1", "K")
    assert 5 < raised["value"] < 10
    assert raised["alarm"].startswith("imbalance-")
    world.model.heat((0, 0), 20)
    await world.image()
    world.model.heat((0, 0), 0)
    await world.image()
    assert of(events, "imbalance") == ["raised", "escalated", "ended"]
    (alarm,) = [one for one in await rows(world) if one.kind is LogKind.IMBALANCE]
    assert alarm.peak is not None and alarm.peak > 15
    images = sorted(alarm.images)
    assert len(images) == 3
    stored = await world.battery_node.archive.async_images_between(
        images[0], images[-1].replace(year=9999)
    )
    assert set(images) <= {archived.image.started_at for archived in stored}
    span = (alarm.since, alarm.since.replace(year=9999))
    assert alarm in await world.battery_node.alarm_log.async_between(*span)


async def test_in_the_unit_of_the_house(
    world: World, events: list[dict[str, Any]]
) -> None:
    """Values of events are in °F, differences and rates too."""
    world.hass.config.units = US_CUSTOMARY_SYSTEM
    await world.configure(cells={"rows": 4, "columns": 3})
    await world.image()
    world.model.heat((0, 0), 290)
    await world.image()
    world.model.heat((0, 0), 400)
    await world.image()
    units = {one["kind"]: (one["unit"], one["value"]) for one in events}
    assert units["imbalance"][0] == "°F"
    assert units["rise"][0] == "°F/min"
    assert units["rise"][1] > 50
    assert units["over_range"][0] == "°F"
    assert units["over_range"][1] >= 585
    beyond = next(one for one in events if one["kind"] == "over_range")
    assert beyond["over_range"] == "over 584 °F"


async def test_alarm_of_this_moment_is_read(world: World) -> None:
    """What is being written is read too, as for a report."""
    await world.image()
    world.record.note_silence(world.hass.loop.time())
    world.battery_node.alarm_log.async_update()
    found = await world.battery_node.alarm_log.async_between(
        world.now - timedelta(days=1), world.now + timedelta(days=1)
    )
    assert [alarm.kind for alarm in found] == [LogKind.SILENT]


async def test_heat_without_a_threshold_ends(
    world: World, events: list[dict[str, Any]]
) -> None:
    """Heat over any threshold is over when it is, though no threshold is known."""
    await world.image()
    world.model.heat((0, 0), 320)
    await world.image()
    await world.image()
    assert world.state("binary_sensor", "over_threshold").state == "on"
    world.model.heat((0, 0), 0)
    for _ in range(3):
        await world.image()
    assert world.state("binary_sensor", "over_threshold").state == STATE_UNKNOWN
    for kind in ("over_range", "over_threshold"):
        assert of(events, kind) == ["raised", "ended"]
    assert not world.record.images.journal.open


async def test_own_limit_of_another_area(
    world: World, events: list[dict[str, Any]]
) -> None:
    """An area that is over its own limit is in the log, though no kind is compared."""
    areas = [
        stored_area(
            Area(name, name, AreaKind.OTHER, ((row, 0), (row + 8, 24)), alarm=limit)
        )
        for name, row, limit in (("Lug", 0, 5.0), ("Wall", 8, None), ("Box", 16, None))
    ]
    await world.configure(areas=areas)
    world.model.heat((0, 0), 30)
    await world.image()
    await world.image()
    alarm = world.state("binary_sensor", "imbalance_alarm")
    assert (alarm.state, alarm.attributes["area"]) == ("on", "Lug")
    assert of(events, "imbalance") == ["raised"]
    assert (events[-1]["level"], events[-1]["area"]) == ("alarm", "Lug")
    assert events[-1]["value"] > 5
    # There is no limit of the node that would hold for such areas.
    for platform, key in (
        ("binary_sensor", "imbalance_warning"),
        ("number", "imbalance_alarm_limit"),
    ):
        registry = er.async_get(world.hass)
        (node,) = world.entry.subentries
        unique_id = f"{node}_{key}"
        assert not registry.async_get_entity_id(platform, "battery_thermal", unique_id)
    await world.configure(areas=areas[1:])
    assert not registry.async_get_entity_id(
        "binary_sensor", "battery_thermal", f"{node}_imbalance_alarm"
    )
    await world.image()
    assert of(events, "imbalance") == ["raised", "ended"]


async def test_area_that_is_ignored_meanwhile(
    world: World, events: list[dict[str, Any]]
) -> None:
    """Nothing of it counts, so its alarm does not stay for ever."""
    lug = Area("lug", "Lug", AreaKind.CELL, ((0, 0), (8, 8)), highest=40)
    await world.configure(areas=[stored_area(lug)])
    world.model.heat((0, 0), 60)
    await world.image()
    await world.image()
    assert world.state("binary_sensor", "area_limit").state == "on"
    cover = Area("cover", "Cover", AreaKind.IGNORE, ((0, 0), (8, 12)))
    await world.configure(areas=[stored_area(lug), stored_area(cover)])
    for key in ("area_limit", "area_alarm_lug"):
        assert world.state("binary_sensor", key).state == STATE_UNKNOWN
    assert world.state("sensor", "cell_maximum_lug").state == STATE_UNKNOWN
    assert of(events, "area_limit") == ["raised"]
    await world.image()
    assert of(events, "area_limit") == ["raised", "ended"]
    assert world.state("binary_sensor", "area_limit").state == STATE_UNKNOWN


async def test_silence_is_in_the_log(
    world: World, events: list[dict[str, Any]]
) -> None:
    """A silent node is a warning without a value, until it is heard."""
    await world.image()
    await world.pass_time(3600)
    assert world.state("binary_sensor", "silent").attributes["acknowledged"] is False
    assert of(events, "silent") == ["raised"]
    assert (events[-1]["value"], events[-1]["unit"]) == (None, None)
    await restart(world)
    await world.reconnected(world.connections - 1)
    assert of(events, "silent") == ["raised"]
    await world.step()
    assert of(events, "silent") == ["raised", "ended"]
    assert "acknowledged" not in world.state("binary_sensor", "silent").attributes


async def test_killed_at_each_step(
    world: World,
    events: list[dict[str, Any]],
    hass_storage: dict[str, Any],
) -> None:
    """Every change is in the database before listeners get it; a restart changes nothing.

    After each step the node's record is an older one, as a crash leaves it.
    """
    (subentry_id,) = world.entry.subentries
    key = f"battery_thermal.{subentry_id}"
    await world.configure(cells={"rows": 4, "columns": 3})
    await world.image()
    await world.pass_time(SAVE_WITHIN)
    for heat, level, active in (
        (7, "warning", True),
        (20, "alarm", True),
        (0, "alarm", False),
    ):
        before = deepcopy(hass_storage[key])
        world.model.heat((0, 0), heat)
        await world.image()
        alarms = {one.kind: one for one in await rows(world)}
        alarm = alarms[LogKind.IMBALANCE]
        assert (alarm.level, alarm.active) == (level, active)
        count = len(events)
        state = world.state("binary_sensor", "imbalance_warning").state
        # SIGKILL: what was to be written to the record is lost.
        assert await world.hass.config_entries.async_unload(world.entry.entry_id)
        hass_storage[key] = before
        connections = world.connections
        assert await world.hass.config_entries.async_setup(world.entry.entry_id)
        await world.reconnected(connections)
        await world.hass.async_block_till_done()
        assert len(events) == count
        assert {one.kind: one for one in await rows(world)} == alarms
        assert world.state("binary_sensor", "imbalance_warning").state == state
        await world.pass_time(SAVE_WITHIN)
    assert of(events, "imbalance") == ["raised", "escalated", "ended"]


async def test_record_of_an_earlier_release(
    world: World, events: list[dict[str, Any]], hass_storage: dict[str, Any]
) -> None:
    """An alarm that holds already is in the log from the next image on."""
    await world.configure(cells={"rows": 4, "columns": 3})
    world.model.heat((0, 0), 20)
    await world.image()
    (subentry_id,) = world.entry.subentries
    entries = world.hass.config_entries
    assert await entries.async_unload(world.entry.entry_id)
    del hass_storage[f"battery_thermal.{subentry_id}"]["data"]["journal"]
    log = get_alarm_log(world.hass)
    for alarm in await rows(world):
        ended = LoggedAlarm(
            kind=alarm.kind,
            level=alarm.level,
            since=alarm.since,
            ended_at=alarm.since,
            revision=9,
        )
        await world.hass.async_add_executor_job(log.store, subentry_id, [ended])
    connections = world.connections
    assert await entries.async_setup(world.entry.entry_id)
    await world.reconnected(connections)
    # What the record says of it stays until an image says otherwise.
    sensor = world.state("binary_sensor", "imbalance_alarm")
    assert (sensor.state, sensor.attributes["acknowledged"]) == ("on", False)
    await world.image()
    assert of(events, "imbalance") == ["raised", "raised"]


async def test_archive_that_fails(
    world: World,
    events: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    hass_storage: dict[str, Any],
) -> None:
    """Listeners get alarms all the same, and written as soon as that is possible."""
    await world.configure(cells={"rows": 4, "columns": 3})
    await world.image()

    def fail(*_: object) -> None:
        raise ArchiveError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(AlarmLog, "store", fail)
        patch.setattr(AlarmLog, "latest", fail)
        world.model.heat((0, 0), 20)
        await world.image()
        assert of(events, "imbalance") == ["raised"]
        assert await rows(world) == []
        connections = world.connections
        await restart(world)
        await world.reconnected(connections)
    assert "Alarms cannot be written to the log" in caplog.text
    await world.step()
    assert LogKind.IMBALANCE in {one.kind for one in await rows(world)}
    assert of(events, "imbalance") == ["raised"]


async def test_archive_that_does_not_answer(
    world: World, events: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that hangs holds an alarm up for a moment only."""
    await world.configure(cells={"rows": 4, "columns": 3})
    await world.image()
    threads = async_archive_threads(world.hass)
    write = threads.async_write

    async def hang(job: partial[Any]) -> Any:
        if getattr(job.func, "__func__", None) is AlarmLog.store:
            await asyncio.Event().wait()
        return await write(job)

    with monkeypatch.context() as patch:
        patch.setattr(alarm_log, "_PATIENCE", 0.05)
        patch.setattr(threads, "async_write", hang)
        world.model.heat((0, 0), 20)
        await world.image()
    assert of(events, "imbalance") == ["raised"]
    await world.step()
    assert LogKind.IMBALANCE in {one.kind for one in await rows(world)}


async def test_removed_node_leaves_no_alarms(world: World) -> None:
    """The alarms of a node go with it."""
    await world.configure(cells={"rows": 4, "columns": 3})
    world.model.heat((0, 0), 20)
    await world.image()
    assert await rows(world)
    (subentry_id,) = world.entry.subentries
    log = get_alarm_log(world.hass)
    world.hass.config_entries.async_remove_subentry(world.entry, subentry_id)
    await world.hass.async_block_till_done()
    assert await world.hass.async_add_executor_job(log.latest, subentry_id) == []
