"""Tests of the dialog's steps about areas."""

from typing import Any

import pytest

from homeassistant.config_entries import ConfigSubentry
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from ..common import choose_step, fields_of
from ..world import World

PLUS = {"name": "Plus", "kind": "terminal", "points": ["10, 4", "12 6.5"]}


def node_of(world: World) -> ConfigSubentry:
    """Return the subentry of the node."""
    (node,) = world.entry.subentries.values()
    return node


async def submit(world: World, flow: Any, answers: dict[str, Any]) -> Any:
    """Answer a form, and wait until the node is set up again if that ends it."""
    connections = world.connections
    flows = world.hass.config_entries.subentries
    result = await flows.async_configure(flow["flow_id"], answers)
    if result["type"] == "abort":
        assert result["reason"] == "reconfigure_successful"
        await world.reconnected(connections)
        await world.hass.async_block_till_done()
    return result


async def step(world: World, name: str) -> Any:
    """Choose a step of the menu."""
    return await choose_step(world.hass, world.entry, node_of(world).subentry_id, name)


async def menu(world: World) -> list[str]:
    """Return what the menu offers."""
    flows = world.hass.config_entries.subentries
    flow = await world.entry.start_subentry_reconfigure_flow(
        world.hass, node_of(world).subentry_id
    )
    flows.async_abort(flow["flow_id"])
    offered = flow["menu_options"]
    assert isinstance(offered, list)
    return offered


def suggested(flow: Any) -> dict[str, Any]:
    """Return the values that a form begins with."""
    return {
        str(key): key.description["suggested_value"]
        for key in fields_of(flow)
        if key.description and "suggested_value" in key.description
    }


async def test_add_change_and_remove_an_area(world: World) -> None:
    """As numbers; the menu offers what is possible."""
    assert await menu(world) == ["options", "add_area"]
    limits = {"emissivity": 0.6, "highest": 70, "warning": 3, "alarm": 6}
    await submit(world, await step(world, "add_area"), {**PLUS, **limits})
    (stored,) = node_of(world).data["areas"]
    stored = dict(stored)
    key = stored.pop("key")
    points = [[10.0, 4.0], [12.0, 6.5]]
    assert stored == {"name": "Plus", "kind": "terminal", "points": points, **limits}
    assert world.state("sensor", f"cell_maximum_{key}").name.endswith("Plus maximum")

    assert await menu(world) == ["options", "add_area", "edit_area", "remove_areas"]
    choice = await step(world, "edit_area")
    form = await submit(world, choice, {"area": key})
    assert form["step_id"] == "area"
    assert suggested(form) == {**PLUS, "points": ["10, 4", "12, 6.5"], **limits}
    triangle = ["0, 0", "0, 8", "8, 0"]
    await submit(world, form, {"name": "Minus", "kind": "bus_bar", "points": triangle})
    (stored,) = node_of(world).data["areas"]
    assert stored == {
        "key": key,
        "name": "Minus",
        "kind": "bus_bar",
        "points": [[0.0, 0.0], [0.0, 8.0], [8.0, 0.0]],
    }
    await submit(world, await step(world, "remove_areas"), {"areas": [key]})
    assert node_of(world).data["areas"] == []
    assert await menu(world) == ["options", "add_area"]


async def test_what_cannot_be(world: World) -> None:
    """It is refused with a reason, and can be corrected."""
    form = await step(world, "add_area")
    for change, error in (
        ({"points": ["10, 4", "the other one"]}, "not_a_corner"),
        ({"points": ["10, 4"]}, "not_an_area"),
        ({"name": " "}, "no_area_name"),
    ):
        form = await submit(world, form, {**PLUS, **change})
        assert form["errors"] == {"base": error}
    assert "areas" not in node_of(world).data
    await submit(world, form, PLUS)
    form = await submit(world, await step(world, "add_area"), PLUS)
    assert form["errors"] == {"base": "names_alike"}


async def test_difference_of_two_areas(world: World) -> None:
    """It is a sensor, until it or one of the areas is removed."""
    await world.configure(cells={"rows": 2, "columns": 1})
    form = await step(world, "add_difference")
    assert suggested(form) == {"first": "0", "second": "1"}
    form = await submit(world, form, {"first": "0", "second": "0"})
    assert form["errors"] == {"base": "one_area_twice"}
    await submit(world, form, {"first": "0", "second": "1"})
    (stored,) = node_of(world).data["differences"]
    assert stored | {"key": ""} == {"key": "", "first": "0", "second": "1"}
    sensor = f"area_difference_{stored['key']}"
    assert world.state("sensor", sensor).state == "unknown"
    assert world.state("sensor", sensor).name.endswith("A1 minus B1")
    world.model.heat((0, 0), 30)
    await world.image()
    first, second = (
        float(world.state("sensor", f"cell_maximum_{key}").state) for key in (0, 1)
    )
    difference = float(world.state("sensor", sensor).state)
    assert difference == pytest.approx(first - second, abs=0.05)

    assert (await menu(world))[-1] == "remove_differences"
    form = await step(world, "remove_differences")
    (choice,) = fields_of(form)["differences"].config["options"]
    assert choice == {"value": stored["key"], "label": "A1 − B1"}
    await submit(world, form, {"differences": [stored["key"]]})
    assert node_of(world).data["differences"] == []
    assert "remove_differences" not in await menu(world)


async def test_many_differences(world: World) -> None:
    """There are 16 at most."""
    many = [{"key": str(n), "first": "0", "second": "1"} for n in range(16)]
    await world.configure(cells={"rows": 2, "columns": 1}, differences=many)
    form = await step(world, "add_difference")
    form = await submit(world, form, {"first": "1", "second": "0"})
    assert form["errors"] == {"base": "too_many_differences"}


async def test_in_fahrenheit(world: World) -> None:
    """Limits are shown and entered in the unit of Home Assistant, and stored in °C."""
    world.hass.config.units = US_CUSTOMARY_SYSTEM
    limits = {"highest": 140, "warning": 9}
    await submit(world, await step(world, "add_area"), {**PLUS, **limits})
    (stored,) = node_of(world).data["areas"]
    assert stored["highest"] == pytest.approx(60)
    assert stored["warning"] == pytest.approx(5)
    form = await submit(world, await step(world, "edit_area"), {"area": stored["key"]})
    assert suggested(form)["highest"] == 140
    assert suggested(form)["warning"] == 9
