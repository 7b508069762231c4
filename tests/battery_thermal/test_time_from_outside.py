"""Tests of wrong times: claimed by a network server, or stored by an earlier version."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

import pytest

from custom_components.battery_thermal.archive import (
    Addition,
    Archive,
    ArchiveError,
    Bounds,
)
from custom_components.battery_thermal.device.node_archive import get_archive
from custom_components.battery_thermal.device.node_storage import node_store
from custom_components.battery_thermal.lorawan.clock import (
    TOLERANCE,
    arrival_time,
    can_be_stored,
    latest_time,
    replace_future_times,
)
from custom_components.battery_thermal.protocol.cadence import Cadence
from custom_components.battery_thermal.protocol.delivery import Delivery
from homeassistant.util import dt as dt_util
from simulator.the_things_stack.messages import encode

from .common import DEVICE_ID, until
from .world import World

pytestmark = pytest.mark.usefixtures("all_entities")

NOW = datetime(2026, 11, 28, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FUTURE = "2150-01-01T00:00:00+00:00"


@pytest.mark.parametrize("apart", [timedelta(), HOUR, -HOUR, TOLERANCE, -TOLERANCE])
def test_clocks_that_are_an_hour_apart(apart: timedelta) -> None:
    """Within the tolerance of two hours the network server's time is used."""
    assert arrival_time(NOW + apart, NOW) == NOW + apart


@pytest.mark.parametrize("apart", [3 * HOUR, -3 * HOUR, 45_000 * DAY, -20_000 * DAY])
def test_clocks_that_are_further_apart(apart: timedelta) -> None:
    """Outside the tolerance the time of arrival is used."""
    assert arrival_time(NOW + apart, NOW) == NOW


@pytest.mark.parametrize(
    ("apart", "possible"),
    [(-DAY, True), (-DAY - HOUR, True), (HOUR, True), (-2 * DAY, False), (DAY, False)],
)
def test_stored(apart: timedelta, possible: bool) -> None:
    """Stored uplinks from the future, or older than the retention, are left out."""
    assert can_be_stored(NOW + apart, NOW, DAY) is possible


def test_future_times_are_replaced() -> None:
    """Times in the future are replaced by the present, at any depth; all other values stay."""
    record = {
        "heard_at": FUTURE,
        "sent_at": [FUTURE, "2026-11-28T21:00:00+00:00"],
        "not_before": "2026-11-29T21:00:00+00:00",
        "inner": {"deep": [{"at": FUTURE}]},
        "session": "2150-01-01T00:00:00",
        "words": ["2150", "AYxExampleSessionKeyId==", None, 5, 0.5, True],
    }
    assert replace_future_times(record, NOW) == {
        "heard_at": NOW.isoformat(),
        "sent_at": [NOW.isoformat(), "2026-11-28T21:00:00+00:00"],
        "not_before": "2026-11-29T21:00:00+00:00",
        "inner": {"deep": [{"at": NOW.isoformat()}]},
        "session": "2150-01-01T00:00:00",
        "words": ["2150", "AYxExampleSessionKeyId==", None, 5, 0.5, True],
    }


def test_clock_that_was_never_set() -> None:
    """A clock that shows a time before the first release is not used for any decision."""
    unset = datetime(1970, 1, 1, tzinfo=UTC)
    record = {"heard_at": NOW.isoformat(), "sent_at": [FUTURE]}
    assert replace_future_times(record, unset) == record
    assert latest_time(unset).year == 9999


def test_downlinks_of_a_clock_that_was_ahead() -> None:
    """Downlinks with wrong times count for no other day, and are removed."""
    delivery = Delivery()
    record = delivery.as_dict() | {"sent_at": [FUTURE] * 10}
    delivery = Delivery.from_dict(record)
    assert delivery.sent_today(NOW) == 0
    assert delivery.within_budget(NOW)
    delivery.sent("of somebody else", NOW)
    assert delivery.as_dict()["sent_at"] == [NOW.isoformat()]


def test_pauses_of_a_clock_that_was_set() -> None:
    """An impossibly long pause is dropped, also from the stored record."""
    cadence = Cadence(samples=[1e9, 30, 30, 30], gaps=[4e9, 4e9, 40, 50, 45])
    assert cadence.interval == timedelta(seconds=30)
    assert cadence.pause == timedelta(seconds=45)
    cadence.observe(400 * DAY, 1)
    cadence.observe_gap(400 * DAY)
    assert len(cadence.samples) == 3
    assert len(cadence.gaps) == 3


def dated(time: str) -> Any:
    """Return a function that changes the times in a message of the stand-in."""

    def change(message: dict[str, Any]) -> None:
        message["received_at"] = time
        message["uplink_message"]["received_at"] = time

    return change


@pytest.mark.parametrize("time", ["2150-01-01T00:00:00Z", "1971-01-01T00:00:00Z"])
async def test_uplinks_of_another_time(world: World, time: str) -> None:
    """Uplinks with wrong times count at the time of their arrival."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=66)
    for _ in range(12):
        await world.pass_time(30)
        line = world.node.next_uplink()
        await world.device.uplink(
            line.f_port, line.f_cnt, line.payload, change=dated(time)
        )
        await world.heard()
    now = dt_util.utcnow()
    record = world.record
    assert record.traffic.heard_at
    assert abs(record.traffic.heard_at - now) < HOUR
    assert record.images.image
    assert abs(record.images.image.updated_at - now) < HOUR
    assert json.dumps(world.battery_node.as_dict()).count(time[:4]) == 0

    await world.pass_time(25 * 3600)
    await world.image()
    assert record.delivery.sent_today(dt_util.utcnow()) < 8


async def test_stored_uplinks_of_another_time(world: World) -> None:
    """Stored uplinks with wrong times are left out."""
    world.device.storage = True
    await world.image()
    connections = world.connections
    assert await world.hass.config_entries.async_unload(world.entry.entry_id)
    stored = world.device.stored[-1]
    for year in ("2150", "1999"):
        text = encode(stored.message).decode().replace(str(world.now.year), year)
        message = json.loads(text)
        message["uplink_message"]["f_cnt"] = 77
        world.device.stored.append(type(stored)(world.now, world.now, message))
    assert await world.hass.config_entries.async_setup(world.entry.entry_id)
    await world.reconnected(connections)

    assert world.record.traffic.heard_at
    assert abs(world.record.traffic.heard_at - world.now) < HOUR
    assert (
        world.record.missed.caught_up_to is None
        or world.record.missed.caught_up_to < (world.now + HOUR)
    )


async def test_poisoned_record(world: World) -> None:
    """A stored record with a time in 2150 is corrected when it is read."""
    await world.image()
    store = node_store(world.hass, world.battery_node.subentry_id)
    data = world.battery_node.as_dict()
    assert await world.hass.config_entries.async_unload(world.entry.entry_id)
    data["traffic"]["heard_at"] = FUTURE
    data["traffic"]["airtime"]["9467000"] = 1000.0
    data["delivery"]["sent_at"] = [FUTURE] * 10
    data["delivery"]["not_before"] = FUTURE
    data["assembler"]["closed"]["started_at"] = FUTURE
    data["assembler"]["closed"]["updated_at"] = FUTURE
    data["assembler"]["gaps"] = [4e9, 4e9]
    await store.async_save(data)
    connections = world.connections
    assert await world.hass.config_entries.async_setup(world.entry.entry_id)
    await world.reconnected(connections)

    assert world.state("sensor", "last_uplink").state < "2100"
    assert float(world.state("sensor", "airtime").state) < 100
    assert world.record.images.silent_after < DAY
    image = await world.image()
    assert world.state("sensor", "maximum").state == str(image.maximum / 10)
    await world.pass_time(25 * 3600)
    assert world.record.delivery.within_budget(world.now)
    assert world.state("binary_sensor", "silent").state == "on"
    assert DEVICE_ID in world.entry.runtime_data.nodes


async def test_archive_that_begins_in_the_future(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Images with times in 2146 are removed at set-up, all others stay."""
    await world.image()
    archive = world.battery_node.archive
    await until(archive_written(world))
    newest = await archive.async_newest(world.now)
    assert newest
    late = datetime(2146, 6, 1, tzinfo=UTC)
    wrong = replace(newest, image=replace(newest.image, started_at=late))
    (subentry_id,) = world.entry.subentries
    addition = Addition(subentry_id, wrong, Bounds(50_000, 100), late)
    get_archive(world.hass).store_images(addition)
    assert (await archive.async_days())[0].year == 2146

    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await until(lambda: "dated in the future" in caplog.text)

    assert [day.year for day in await archive.async_days()] == [world.now.year]
    # A clock that was never set removes nothing.
    assert not get_archive(world.hass).delete_images_after(
        subentry_id, latest_time(datetime(1970, 1, 1, tzinfo=UTC))
    )


async def test_archive_that_cannot_be_searched(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged archive is left unchanged, and the node is set up."""

    def fail(*_args: object) -> None:
        raise ArchiveError("of the disk")

    monkeypatch.setattr(Archive, "delete_images_after", fail)
    await world.battery_node.archive.async_delete_future_images()


def archive_written(world: World) -> Callable[[], bool]:
    """Return a function that returns whether an image of the node is in the archive."""
    (subentry_id,) = world.entry.subentries
    return lambda: subentry_id in get_archive(world.hass).nodes()
