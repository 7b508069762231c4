"""Tests of the entities of areas."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from custom_components.battery_thermal.api.serialisation import image_as_dict
from custom_components.battery_thermal.device.area_options import stored_area
from custom_components.battery_thermal.model.area import Area, AreaKind
from custom_components.battery_thermal.thermal.alarm_kinds import LogKind
from homeassistant.helpers import entity_registry as er
from simulator.node import Mode

from .thermal.scenes import thermal_image
from .world import World

GRID = {"rows": 4, "columns": 3, "names": ["North west"]}


async def test_cells(all_entities: None, world: World) -> None:
    """Each cell has sensors of its maximum, mean and deviation."""
    await world.configure(cells=GRID)
    assert world.state("sensor", "hottest_cell").state == "unknown"
    assert world.state("sensor", "cell_maximum_0").state == "unknown"

    world.model.heat((2, 1), 30)
    sent = await world.image()

    assert world.state("sensor", "hottest_cell").state == "C2"
    assert len(world.state("sensor", "hottest_cell").attributes["options"]) == 12
    maximum = world.state("sensor", "cell_maximum_7")
    assert float(maximum.state) == sent.maximum / 10
    assert maximum.attributes["mode"] == "fast"
    assert maximum.attributes["complete"] is True
    assert "North west" in world.state("sensor", "cell_maximum_0").name
    mean = float(world.state("sensor", "cell_mean_7").state)
    assert mean <= float(maximum.state)
    assert 20 < float(world.state("sensor", "cell_deviation_7").state) < 35
    assert abs(float(world.state("sensor", "cell_deviation_0").state)) < 5


async def test_what_is_not_known(all_entities: None, world: World) -> None:
    """Lines that are missing may be hotter, and a value that has wrapped is."""
    await world.configure(cells=GRID)
    world.node.mode = Mode.SLOW
    for _ in range(2):
        await world.image()
    for key in ("maximum", "minimum", "spread", "over_ambient"):
        assert "complete" not in world.state("sensor", key).attributes
    # 380 °C arrives as -29.6 °C; without the last line only its neighbours show it.
    world.model.noise = 0.0
    world.model.heat_pixel((4, 5), 380)
    await world.step(23)
    world.freezer.tick(timedelta(seconds=world.node.interval))
    world.node.next_uplink()
    await world.step()
    for key in ("maximum", "minimum", "spread", "over_ambient"):
        assert world.state("sensor", key).attributes["complete"] is False
    assert world.state("sensor", "maximum").attributes["may_be_hotter"] is True
    hidden = world.state("sensor", "cell_maximum_0").attributes
    assert hidden["may_be_hotter"] is True
    assert "may_be_hotter" not in world.state("sensor", "cell_maximum_1").attributes
    assert "may_be_hotter" not in world.state("sensor", "cell_mean_0").attributes
    measured = world.record.images.measured
    assert measured
    sent = image_as_dict(measured, world.record.config.options)
    assert sent["may_be_hotter"] is True
    assert [area.get("may_be_hotter") for area in sent["areas"][:2]] == [True, None]
    assert world.state("binary_sensor", "over_threshold").state == "on"


async def test_limit_of_an_area_that_may_be_hotter(world: World) -> None:
    """It is raised rather than hidden, as the alarm of the threshold is."""
    lug = Area("lug", "Lug", AreaKind.CELL, ((0, 0), (8, 8)), highest=200)
    await world.configure(areas=[stored_area(lug)])
    world.node.mode = Mode.SLOW
    world.model.noise = 0.0
    for _ in range(2):
        await world.image()
    assert world.state("binary_sensor", "area_limit").state == "off"
    world.model.heat_pixel((4, 5), 380)
    await world.step(23)
    world.freezer.tick(timedelta(seconds=world.node.interval))
    world.node.next_uplink()
    await world.step()
    assert world.state("binary_sensor", "area_limit").state == "on"
    assert world.state("binary_sensor", "area_alarm_lug").attributes["level"] == "alarm"
    alarm = world.record.images.journal.find(LogKind.AREA_LIMIT)
    assert alarm is not None and alarm.over_range


async def test_without_cells(world: World) -> None:
    """Without configured cells there are no sensors of cells."""
    registry = er.async_get(world.hass)
    assert not [name for name in registry.entities if "cell" in name]


async def test_fewer_cells(world: World) -> None:
    """Removing cells removes their entities."""
    registry = er.async_get(world.hass)
    without = set(registry.entities)
    await world.configure(cells=GRID)
    ids = [entity.unique_id for entity in registry.entities.values()]
    assert sum("_cell_" in name for name in ids) == 4 * 12

    await world.configure(cells={"rows": 1, "columns": 2})
    ids = [entity.unique_id for entity in registry.entities.values()]
    assert sum("_cell_" in name for name in ids) == 4 * 2
    await world.configure(cells={})
    assert set(registry.entities) == without


async def test_whole_image(all_entities: None, world: World) -> None:
    """Spread, mean and rise over ambient have the mode of their image."""
    await world.configure(correction={"dead_pixels": ["1,1", "2,2"]})
    sent = await world.image()

    spread = world.state("sensor", "spread")
    assert float(spread.state) == pytest.approx((sent.maximum - sent.minimum) / 10)
    assert spread.attributes["mode"] == "fast"
    mean = float(world.state("sensor", "mean").state)
    assert mean == pytest.approx(sent.matrix.mean() / 10)
    over = float(world.state("sensor", "over_ambient").state)
    ambient = float(world.state("sensor", "ambient").state)
    assert over == pytest.approx(sent.maximum / 10 - ambient)
    assert world.state("sensor", "dead_pixels").state == "2"


PLUS = {
    "key": "01PLUS",
    "name": "Plus",
    "kind": "terminal",
    "points": [[0, 0], [4, 4]],
    "highest": 40,
}


async def test_areas_of_other_kinds(all_entities: None, world: World) -> None:
    """They have the sensors that cells have, and an alarm where they have a limit."""
    lamp = {"key": "lamp", "name": "Lamp", "kind": "ignore", "points": [[0, 0], [2, 2]]}
    await world.configure(areas=[PLUS, lamp])
    registry = er.async_get(world.hass)
    assert not [one for one in registry.entities.values() if "lamp" in one.unique_id]
    assert not [name for name in registry.entities if "hottest_cell" in name]
    alarm = world.state("binary_sensor", "area_alarm_01PLUS")
    assert (alarm.state, alarm.attributes["level"]) == ("unknown", None)
    assert world.state("binary_sensor", "area_limit").state == "unknown"

    world.model.heat((0, 0), 60)
    await world.image()
    maximum = world.state("sensor", "cell_maximum_01PLUS")
    assert maximum.name.endswith("Plus maximum")
    assert float(maximum.state) > 40
    assert float(world.state("sensor", "cell_deviation_01PLUS").state) == 0
    alarm = world.state("binary_sensor", "area_alarm_01PLUS")
    assert (alarm.state, alarm.attributes["level"]) == ("on", "alarm")
    assert world.state("binary_sensor", "area_limit").state == "on"

    await world.configure(areas=[PLUS | {"highest": None}])
    registry = er.async_get(world.hass)
    assert not [
        name for name in registry.entities if name.endswith("highest_temperature")
    ]
    await world.configure(areas=[])
    assert not [one for one in registry.entities.values() if "01PLUS" in one.unique_id]


async def test_entities_of_a_stored_grid_are_those_of_its_areas(world: World) -> None:
    """A grid of today has the entities that it had, also once its areas are stored."""
    await world.configure(cells=GRID)
    registry = er.async_get(world.hass)
    before = {
        (entity.entity_id, entity.unique_id, entity.original_name, entity.disabled_by)
        for entity in registry.entities.values()
    }
    options = world.record.config.options
    await world.configure(areas=[stored_area(area) for area in options.areas])
    after = {
        (entity.entity_id, entity.unique_id, entity.original_name, entity.disabled_by)
        for entity in registry.entities.values()
    }
    assert after == before
    assert world.record.config.options == options


async def test_alarm_that_may_be(all_entities: None, world: World) -> None:
    """An alarm for what may be over the limit says so."""
    await world.configure(areas=[PLUS], layout="auto")
    image = thermal_image(np.full((32, 24), 39.9))
    world.record.images.watch.evaluate(
        replace(image, bound=5), None, timedelta(hours=1)
    )
    world.battery_node.change_listeners.notify_listeners()
    await world.hass.async_block_till_done()
    attributes = world.state("binary_sensor", "area_alarm_01PLUS").attributes
    assert attributes["certain"] is False
