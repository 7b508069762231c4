"""Cells of the bank as sensors."""

import pytest

from homeassistant.helpers import entity_registry as er

from .world import World

GRID = {"rows": 4, "columns": 3, "names": ["North west"]}


async def test_cells(all_entities: None, world: World) -> None:
    """Each cell has its maximum and mean, and how far it is over the others."""
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


async def test_without_cells(world: World) -> None:
    """Nobody is bothered with cells that were not said."""
    registry = er.async_get(world.hass)
    assert not [name for name in registry.entities if "cell" in name]


async def test_fewer_cells(world: World) -> None:
    """Cells that are no more leave nothing behind."""
    registry = er.async_get(world.hass)
    without = set(registry.entities)
    await world.configure(cells=GRID)
    ids = [entity.unique_id for entity in registry.entities.values()]
    assert sum("_cell_" in name for name in ids) == 3 * 12

    await world.configure(cells={"rows": 1, "columns": 2})
    ids = [entity.unique_id for entity in registry.entities.values()]
    assert sum("_cell_" in name for name in ids) == 3 * 2
    await world.configure(cells={})
    assert set(registry.entities) == without


async def test_whole_image(all_entities: None, world: World) -> None:
    """Spread, mean and how far over the air say of which kind of image they are."""
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
