"""Tests of the command that saves areas that were drawn."""

from collections.abc import Awaitable, Callable
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

import custom_components.battery_thermal as integration

from ..common import DOMAIN
from ..world import World

PLUS = {"name": " Plus ", "kind": "terminal", "points": [[10, 4], [12, 6.5]]}
TRIANGLE = [[0, 0], [8, 0], [0, 8]]

type Save = Callable[..., Awaitable[Any]]


@pytest.fixture
async def save(world: World, hass_ws_client: WebSocketGenerator) -> Save:
    """Return a function that saves areas, and waits until the node is set up again."""

    async def save(token: str | None = None, **what: Any) -> Any:
        client = await (
            hass_ws_client(world.hass, token) if token else hass_ws_client(world.hass)
        )
        (node,) = world.entry.subentries
        before, connections = stored(world), world.connections
        await client.send_json_auto_id(
            {"type": f"{DOMAIN}/save_areas", "node": node, **what}
        )
        answer = await client.receive_json()
        await client.close()
        if stored(world) != before:
            await world.reconnected(connections)
        await world.hass.async_block_till_done()
        return answer

    return save


def stored(world: World) -> Any:
    """Return the areas in the data of the node."""
    (node,) = world.entry.subentries.values()
    return node.data.get("areas")


async def test_add_change_and_remove(world: World, save: Save) -> None:
    """What is drawn is stored as in the dialog, and entities follow."""
    answer = await save(changed=[PLUS])
    (area,) = stored(world)
    assert area == {
        "key": area["key"],
        "name": "Plus",
        "kind": "terminal",
        "points": [[10.0, 4.0], [12.0, 6.5]],
    }
    empty = dict.fromkeys(("emissivity", "highest", "warning", "alarm"))
    assert answer["result"] == {"areas": [area | empty], "grid": None}
    image = await world.image()
    maximum = world.state("sensor", f"cell_maximum_{area['key']}")
    assert float(maximum.state) == float(image.matrix[2:3, 1].max()) / 10
    assert maximum.name.endswith("Plus maximum")
    changed = {**area, "points": TRIANGLE, "highest": 60, "alarm": None}
    await save(changed=[changed, {**PLUS, "name": "Minus"}])
    assert [one["name"] for one in stored(world)] == ["Plus", "Minus"]
    assert stored(world)[0] == {
        **area,
        "points": [[float(one) for one in point] for point in TRIANGLE],
        "highest": 60.0,
    }
    # Two names change places, which is wrong only in between.
    plus, minus = stored(world)
    await save(
        changed=[{**plus, "name": "Minus"}, {**minus, "name": "Plus"}], removed=[]
    )
    assert [one["name"] for one in stored(world)] == ["Minus", "Plus"]
    await save(removed=[area["key"]])
    assert [one["key"] for one in stored(world)] == [minus["key"]]


async def test_nothing_changed(world: World, save: Save) -> None:
    """Nothing is set up anew."""
    saved = (await save(changed=[PLUS]))["result"]
    connections = world.connections
    assert (await save())["result"] == saved
    assert world.connections == connections


async def test_cells_of_a_grid(world: World, save: Save) -> None:
    """They are areas from then on, those that are not changed as well."""
    await world.configure(cells={"rows": 2, "columns": 1})
    await save(changed=[PLUS], removed=["1"])
    assert [one["name"] for one in stored(world)] == ["A1", "Plus"]


GRID = {"rows": 2, "columns": 1, "top": 10, "right": 0, "bottom": 0, "left": 12.5}


async def test_grid(world: World, save: Save) -> None:
    """Cells are made of it; one whose row and column stay has the entity that it had."""
    result = (await save(grid=GRID, changed=[PLUS]))["result"]
    keys = result["grid"]["keys"]
    assert result["grid"] == {**GRID, "keys": keys}
    assert [one["name"] for one in stored(world)] == ["A1", "B1", "Plus"]
    assert stored(world)[0]["points"] == [[3.2, 3.0], [17.6, 24.0]]
    await world.image()
    before = world.state("sensor", f"cell_maximum_{keys[1]}").entity_id
    result = (await save(grid={**GRID, "columns": 2}))["result"]
    assert result["grid"]["keys"][::2] == keys
    assert len(set(result["grid"]["keys"])) == 4
    assert [one["name"] for one in stored(world)] == ["A1", "A2", "B1", "B2", "Plus"]
    after = world.state("sensor", f"cell_maximum_{keys[1]}")
    assert after.entity_id == before
    # The dialog of the node has the same numbers.
    (node,) = world.entry.subentries.values()
    assert node.data["cells"] == {**GRID, "columns": 2, "names": []}
    many = {**GRID, "rows": 16, "columns": 4}
    assert (await save(grid=many))["error"]["translation_key"] == "too_many_areas"


async def test_a_cell_that_comes_back_when_its_name_is_taken(
    world: World, save: Save
) -> None:
    """Saving works: the cell is the same one, with a free name."""
    keys = (await save(grid=GRID))["result"]["grid"]["keys"]
    await save(removed=[keys[1]])
    await save(changed=[{**PLUS, "name": "B1"}])
    result = (await save(grid={**GRID, "columns": 2}))["result"]
    assert result["grid"]["keys"][2] == keys[1]
    names = {area["key"]: area["name"] for area in result["areas"]}
    assert [names[key] for key in result["grid"]["keys"]] == ["A1", "A2", "B3", "B2"]


async def test_a_grid_and_removed_areas_at_once(world: World, save: Save) -> None:
    """The number of areas is that of the result."""
    many = [{**PLUS, "name": f"Area {number}"} for number in range(62)]
    await save(grid=GRID, changed=many)
    *_, first, second = [area["key"] for area in stored(world)]
    wide = {**GRID, "columns": 2}
    answer = await save(grid=wide, removed=[first])
    assert answer["error"]["translation_key"] == "too_many_areas"
    await save(grid=wide, removed=[first, second])
    assert len(stored(world)) == 64
    # A cell that the grid does not have any more cannot be changed with it.
    cell = next(area for area in stored(world) if area["name"] == "B2")
    answer = await save(grid=GRID, changed=[{**cell, "name": "Minus"}])
    assert answer["error"]["translation_key"] == "area_gone"


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ({"changed": [{**PLUS, "name": " "}]}, "no_area_name"),
        ({"changed": [{**PLUS, "name": "x" * 61}]}, "no_area_name"),
        ({"changed": [PLUS, PLUS]}, "names_alike"),
        ({"changed": [{**PLUS, "points": [[1, 1]]}]}, "not_an_area"),
        ({"changed": [{**PLUS, "points": [[1, 1], [1, 5]]}]}, "not_an_area"),
        ({"changed": [{**PLUS, "points": [[0, 0], [32, 24.5]]}]}, "not_an_area"),
        ({"changed": [{**PLUS, "highest": 301}]}, "out_of_range"),
        ({"changed": [{**PLUS, "key": "gone"}]}, "area_gone"),
    ],
)
async def test_what_cannot_be_stored(
    world: World, save: Save, what: dict[str, Any], error: str
) -> None:
    """It is refused with the texts of the dialog, and nothing is stored."""
    answer = (await save(**what))["error"]
    assert answer["translation_domain"] == DOMAIN
    assert answer["translation_key"] == error
    assert stored(world) is None


async def test_too_many(world: World, save: Save) -> None:
    """There are at most 64, unless a grid had more already."""
    many = [{**PLUS, "name": f"Area {number}"} for number in range(64)]
    await save(changed=many)
    assert (await save(changed=[PLUS]))["error"]["translation_key"] == "too_many_areas"
    first, *others = stored(world)
    await save(changed=[PLUS], removed=[first["key"]])
    assert [one["key"] for one in stored(world)][:-1] == [one["key"] for one in others]


@pytest.mark.parametrize(
    "what",
    [
        {"changed": [{**PLUS, "kind": "wall"}]},
        {"changed": [{**PLUS, "points": [[1, 2, 3], [4, 5, 6]]}]},
        {"changed": [{**PLUS, "points": [[1, 2]] * 33}]},
        {"changed": [{**PLUS, "colour": "red"}]},
        {"changed": [PLUS] * 65},
        {"removed": [1]},
        {"grid": {**GRID, "rows": 0}},
        {"grid": {**GRID, "columns": 17}},
        {"grid": {**GRID, "columns": 2.5}},
        {"grid": {**GRID, "left": 45.5}},
        {"grid": {**GRID, "top": -1}},
        {"grid": {"rows": 1, "columns": 1}},
    ],
)
async def test_what_is_no_area(world: World, save: Save, what: dict[str, Any]) -> None:
    """Other messages are refused."""
    assert (await save(**what))["error"]["code"] == "invalid_format"
    assert stored(world) is None


async def test_rights(
    world: World, save: Save, hass_read_only_access_token: str
) -> None:
    """Only administrators may, as with the dialog; others do not learn which nodes there are."""
    answer = await save(hass_read_only_access_token, changed=[PLUS])
    assert answer["error"]["code"] == "unauthorized"
    assert (await save(node="other"))["error"]["code"] == "unauthorized"
    assert stored(world) is None


@pytest.mark.parametrize("language", ["en", "fr", "pt"])
def test_texts(language: str) -> None:
    """An error has the same text in the card as in the dialog, and a kind the same name."""
    folder = Path(integration.__file__).parent / "translations"
    texts = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    errors = texts["config_subentries"]["node"]["error"]
    for key in (
        "no_area_name",
        "not_an_area",
        "names_alike",
        "too_many_areas",
        "out_of_range",
    ):
        assert texts["exceptions"][key]["message"] == errors[key]
    editor = texts["config_panel"]["area_editor"]
    for kind, name in texts["selector"]["area_kind"]["options"].items():
        assert editor[f"kind_{kind}"] == name
