"""Tests of trends: curves of areas and places, from the archive."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
import sqlite3
from typing import Any

import numpy as np
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.battery_thermal.archive import curves
from custom_components.battery_thermal.archive.rows import stamp
from custom_components.battery_thermal.device.node_archive import (
    get_archive,
    get_archive_path,
)
from simulator.node import Mode

from ..common import DOMAIN
from ..world import World

HOUR = timedelta(hours=1)
GRID = {"rows": 2, "columns": 1}

type Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
async def ask(world: World, hass_ws_client: WebSocketGenerator) -> Ask:
    """Return a function that asks for the curves of the last quarter of an hour."""

    async def ask(**what: Any) -> Any:
        # A connection does not outlast the time that is passed in between.
        client = await hass_ws_client()
        (node,) = world.entry.subentries
        span = {
            "start": stamp(world.now - HOUR / 4),
            "end": stamp(world.now + HOUR / 60),
        }
        await client.send_json_auto_id(
            {"type": f"{DOMAIN}/trend", "node": node, **span, **what}
        )
        answer = await client.receive_json()
        await client.close()
        return answer

    return ask


async def stored(world: World) -> None:
    """Wait until what was sent is archived."""
    await world.hass.async_block_till_done()


async def calculated(ask: Ask, **what: Any) -> Any:
    """Ask until all has been calculated."""
    while not (found := (await ask(**what))["result"])["complete"]:
        pass
    return found


async def images(world: World, count: int) -> list[np.ndarray]:
    """Let the node send images, and return their temperatures in °C."""
    sent = []
    for number in range(count):
        world.model.heat((0, 0), 10 * number)
        sent.append((await world.image()).matrix / 10)
    await stored(world)
    return sent


async def test_curves_of_areas(world: World, ask: Ask) -> None:
    """Every image is there, with the median of the kind, as the images say."""
    await world.configure(cells=GRID)
    sent = await images(world, 3)
    found = await calculated(ask, areas=["0", "1"], median_of="0")
    for key, half in (("0", slice(0, 4)), ("1", slice(4, 8))):
        points = [one for one in found["areas"][key] if one]
        assert [one[3] for one in points] == [float(one[half].max()) for one in sent]
        assert all(one[1] == one[2] == one[3] for one in points)
    medians = [one[3] for one in found["median"] if one]
    assert medians == pytest.approx(
        [(one[:4].max() + one[4:].max()) / 2 for one in sent], abs=0.051
    )
    assert found["spot"] is None
    # The time of a point is that of an image that can be looked at.
    index = await world.battery_node.archive.async_index(
        world.now - 24 * HOUR, world.now + HOUR
    )
    assert [one[0] for one in points] == [stamp(time) for time in index.times]


async def test_curve_of_a_place(world: World, ask: Ask) -> None:
    """Corrected as the areas are, without any area."""
    await world.configure(correction={"offset": 2})
    sent = await images(world, 2)
    found = (await ask(spot=[5, 6]))["result"]
    assert (found["areas"], found["median"], found["complete"]) == ({}, None, True)
    expected = [round(float(one[1, 1]) + 2, 1) for one in sent]
    assert [one[3] for one in found["spot"] if one] == expected


async def test_other_areas(world: World, ask: Ask) -> None:
    """Curves are calculated anew when areas, emissivity or corrections change."""
    await world.configure(cells=GRID)
    sent = await images(world, 2)
    await world.configure(cells={"rows": 1, "columns": 1}, correction={"offset": 1})
    found = await calculated(ask, areas=["0"])
    maxima = [one[3] for one in found["areas"]["0"] if one]
    assert maxima == pytest.approx([float(one.max()) + 1 for one in sent])


async def test_new_image_is_written_with_its_values(world: World, ask: Ask) -> None:
    """Nothing has to be calculated when it is asked for."""
    await world.configure(cells=GRID)
    await images(world, 2)
    await calculated(ask, areas=["0"])
    await images(world, 1)
    found = (await ask(areas=["0"]))["result"]
    assert found["complete"]
    assert len([one for one in found["areas"]["0"] if one]) == 3


async def test_part_of_an_area(world: World, ask: Ask) -> None:
    """Where a line is lost, what arrived of an area is no dip of its curve, but may be a peak."""
    await world.configure(cells=GRID)
    world.node.mode = Mode.FAST
    world.model.noise = 0.0

    async def second_half() -> None:
        world.freezer.tick(timedelta(seconds=world.node.interval))
        world.node.next_uplink()
        await world.step()

    await world.image()
    await second_half()
    await world.image()
    world.model.heat_pixel((30, 20), 70)
    await second_half()
    world.model.heat_pixel((30, 20), None)
    await world.image()
    await stored(world)
    index = await world.battery_node.archive.async_index(
        world.now - 24 * HOUR, world.now + HOUR
    )
    first, _, third, peak, last = (stamp(time) for time in index.times)
    found = await calculated(ask, areas=["0", "1"])
    times = {key: [one[0] for one in found["areas"][key] if one] for key in "01"}
    assert times == {"0": [first, third, last], "1": [first, third, peak, last]}


async def test_hidden_heat(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has wrapped to a lower value is no value of the curve: it is said when it was."""
    await world.configure(cells=GRID)
    world.node.mode = Mode.FAST
    world.model.heat((0, 0), 25)
    await world.image()
    world.model.heat_pixel((17, 9), 440)
    for _ in range(2):
        await world.image()
        await stored(world)
    image = world.record.images.measured
    assert image is not None
    assert image.hides_heat
    index = await world.battery_node.archive.async_index(
        world.now - 24 * HOUR, world.now + HOUR
    )
    _, *times = (stamp(time) for time in index.times)
    found = await calculated(ask, areas=["0", "1"], median_of="0", spot=[17, 9])
    assert found["hidden"] == {"areas": {"0": [], "1": times}, "spot": times}
    for curve in found["areas"]["1"], found["spot"]:
        assert {point[0] for point in curve if point}.isdisjoint(times)
    assert found["areas"]["0"][-1][0] == found["median"][-1][0] == times[-1]
    # The pixel beside it has its own value.
    beside = (await ask(spot=[17, 20]))["result"]
    assert beside["hidden"]["spot"] == []
    assert beside["spot"][-1][0] == times[-1]
    # Of more suspect images than are looked at, the oldest may hide heat everywhere.
    monkeypatch.setattr(curves, "_MOST_SUSPECT", 1)
    beside = (await ask(spot=[17, 20]))["result"]
    assert beside["hidden"]["spot"] == times[:1]


async def test_what_cannot_be_asked(world: World, ask: Ask) -> None:
    """Areas that are not there, spans that end before they begin."""
    await world.configure(cells=GRID)
    for what in (
        {"areas": ["7"]},
        {"median_of": "7"},
        {"end": 0},
        {"spot": [32, 0]},
        {"areas": ["0"] * 65},
    ):
        answer = await ask(**what)
        assert answer["error"]["code"] == "invalid_format", what
    assert (await ask(node="other", areas=[]))["error"]["code"] == "unauthorized"


async def test_nothing_is_there(world: World, ask: Ask) -> None:
    """An empty archive has empty curves."""
    await world.configure(cells=GRID)
    found = (await ask(areas=["0"], median_of="0", spot=[0, 0]))["result"]
    assert found == {
        "areas": {"0": []},
        "median": [],
        "spot": [],
        "hidden": {"areas": {"0": []}, "spot": []},
        "complete": True,
    }


async def test_archive_that_cannot_be_read(world: World, ask: Ask) -> None:
    """It says so, and nothing is calculated."""
    await world.configure(cells=GRID)
    path = get_archive_path(world.hass)
    path.unlink(missing_ok=True)
    path.mkdir()
    answer = await ask(areas=["0"])
    assert answer["error"]["code"] == "home_assistant_error"
    world.battery_node.curves.async_calculate()
    world.battery_node.curves.async_calculate()
    await stored(world)


async def test_values_that_are_damaged_or_of_deleted_images(
    world: World, ask: Ask
) -> None:
    """A damaged row is empty; a file of an earlier release has none, and is migrated."""
    await world.configure(cells=GRID)
    await images(world, 2)
    await calculated(ask, areas=["0"])
    path = get_archive_path(world.hass)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE curve SET data = x'0500'")
    database.close()
    assert (await ask(areas=["0"]))["result"]["areas"] == {"0": []}
    with sqlite3.connect(path) as database:
        database.execute("UPDATE curve SET data = 7")
    database.close()
    assert (await ask(areas=["0"]))["result"]["areas"] == {"0": []}
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE curve")
        database.execute("DROP TABLE setting")
        database.execute("ALTER TABLE alarm DROP COLUMN area_key")
        database.execute("PRAGMA user_version = 4")
    database.close()
    assert not (await ask(areas=["0"]))["result"]["complete"]
    found = await calculated(ask, areas=["0"])
    assert len([one for one in found["areas"]["0"] if one]) == 2
    # After images of wrong times have been dropped, nothing of them is left.
    node = world.battery_node
    archive, source = get_archive(world.hass), node.curves.source
    assert source
    assert archive.delete_images_after(node.subentry_id, world.now - 24 * HOUR)
    assert not curves.missing_periods(path, node.subentry_id, source.terms)
    assert (await ask(areas=["0"], spot=[0, 0]))["result"]["areas"] == {"0": []}


async def test_damaged_images(world: World, ask: Ask) -> None:
    """They have no value, and the others keep theirs."""
    await world.configure(cells=GRID)
    await images(world, 3)
    path = get_archive_path(world.hass)
    with sqlite3.connect(path) as database:
        times = [row[0] for row in database.execute("SELECT started_at FROM image")]
        for time, matrix in zip(times, ("x'00'", "7"), strict=False):
            database.execute(
                f"UPDATE image SET matrix = {matrix} WHERE started_at = ?",  # noqa: S608
                (time,),
            )
        database.execute("DELETE FROM curve")
    database.close()
    found = await calculated(ask, areas=["0"], spot=[0, 0])
    assert len(found["areas"]["0"]) == len(found["spot"]) == 1


async def test_damaged_suspect_image(world: World, ask: Ask) -> None:
    """Its pixels keep their values: nothing says that they may be hotter."""
    await images(world, 1)
    with sqlite3.connect(get_archive_path(world.hass)) as database:
        database.execute("UPDATE image SET suspect = 1, mode = 'other'")
    database.close()
    found = (await ask(spot=[0, 0]))["result"]
    assert (len(found["spot"]), found["hidden"]["spot"]) == (1, [])
