"""Tests of the stored areas of a node."""

from itertools import count
from typing import Any

import pytest

from custom_components.battery_thermal.device import cell_grid
from custom_components.battery_thermal.device.area_options import (
    MOST_AREAS,
    Difference,
    areas_of,
    differences_of,
    read_area,
    stored_area,
    with_area,
    with_areas,
    with_areas_of,
    with_cells,
)
from custom_components.battery_thermal.device.node_options import node_options
from custom_components.battery_thermal.model.area import AreaKind
from custom_components.battery_thermal.thermal.cells import CellGrid

GRID: dict[str, Any] = {"rows": 2, "columns": 1, "names": ["Top"]}
TERMINAL: dict[str, Any] = {
    "key": "01TERMINAL",
    "name": "Plus",
    "kind": "terminal",
    "points": [[10, 4], [12, 6]],
    "highest": 60.0,
}


@pytest.fixture(autouse=True)
def new_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make keys of new cells in turn."""
    numbers = count(1)
    monkeypatch.setattr(cell_grid, "ulid_now", lambda: f"new {next(numbers)}")


def test_grid_of_an_earlier_release() -> None:
    """It is read as areas, with names and keys as cells had names and numbers."""
    areas = areas_of({"cells": GRID, "picture": {"rotation": "180"}})
    assert [(one.key, one.name, one.kind) for one in areas] == [
        ("0", "Top", AreaKind.CELL),
        ("1", "B1", AreaKind.CELL),
    ]
    assert areas[0].points == ((32, 24), (16, 0))
    assert areas_of({}) == areas_of({"cells": {"rows": 3}}) == ()
    with pytest.raises(ValueError, match="names_alike"):
        areas_of({"cells": {"rows": 2, "columns": 1, "names": ["B1"]}})


def test_areas_go_before_the_grid_that_they_were_made_of() -> None:
    """Once areas are stored, the grid is what its form shows and nothing else."""
    data = {"cells": GRID, "areas": [TERMINAL]}
    (area,) = areas_of(data)
    assert stored_area(area) == TERMINAL
    assert read_area(stored_area(area)) == area
    options = node_options(data)
    assert (options.cells, options.compares, options.has_area_limit) == ([], True, True)
    ignored = node_options({"areas": [TERMINAL | {"kind": "ignore"}]})
    assert not (ignored.compares or ignored.has_area_limit or ignored.counted_areas)
    assert ignored.correction.areas == ignored.areas


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": "  "}, "no_area_name"),
        ({"name": "x" * 61}, "no_area_name"),
        ({"points": [[0, 0]]}, "not_an_area"),
        ({"points": [[0, 0], [0, 24]]}, "not_an_area"),
        ({"points": [[0, 0], [33, 24]]}, "not_an_area"),
        ({"points": [[0, 0], [32, float("nan")]]}, "not_an_area"),
        ({"points": [[row, row % 2] for row in range(33)]}, "not_an_area"),
        ({"emissivity": 0.0}, "out_of_range"),
        ({"highest": float("inf")}, "out_of_range"),
        ({"kind": "window"}, "window"),
    ],
)
def test_what_is_not_an_area(change: dict[str, Any], error: str) -> None:
    """It is refused with a reason."""
    with pytest.raises(ValueError, match=error):
        read_area(TERMINAL | change)


def test_adding_and_changing() -> None:
    """An area with the same key is changed, up to 64 are added, with names of their own."""
    data = with_area({"cells": GRID}, read_area(TERMINAL))
    assert [area["name"] for area in data["areas"]] == ["Top", "B1", "Plus"]
    changed = with_area(data, read_area(TERMINAL | {"name": "Minus"}))
    assert [area["name"] for area in changed["areas"]] == ["Top", "B1", "Minus"]
    with pytest.raises(ValueError, match="names_alike"):
        with_area(data, read_area(TERMINAL | {"key": "other"}))
    many = with_areas(
        {},
        [
            read_area(TERMINAL | {"key": str(n), "name": str(n)})
            for n in range(MOST_AREAS)
        ],
    )
    with pytest.raises(ValueError, match="too_many_areas"):
        with_area(many, read_area(TERMINAL))
    with_area(many, read_area(TERMINAL | {"key": "3"}))


def test_other_options_leave_the_areas_where_they_are() -> None:
    """Rotating the picture moves no area on the sensor, also none of an old grid."""
    before = {"cells": GRID}
    turned = {"cells": GRID, "picture": {"rotation": "90", "mirror": True}}
    assert areas_of(with_areas_of(before, turned)) == areas_of(before)
    assert with_areas_of({}, {"layout": "auto"}) == {"layout": "auto"}
    none_left = {"cells": GRID, "areas": []}
    assert areas_of(with_areas_of(none_left, {"cells": GRID})) == ()


def test_another_grid_replaces_the_cells_of_the_one_before() -> None:
    """What was set of a cell stays with its row and column; what was drawn stays."""
    differences = [{"key": "d", "first": "0", "second": "01TERMINAL"}]
    data = with_area({"cells": GRID, "differences": differences}, read_area(TERMINAL))
    top = areas_of(data)[0]
    data = with_area(
        data, read_area(stored_area(top) | {"emissivity": 0.8, "alarm": 3})
    )
    after = with_areas_of(data, {"cells": {"rows": 3, "columns": 1}})
    assert [area["name"] for area in after["areas"]] == ["A1", "B1", "C1", "Plus"]
    assert [area.emissivity for area in areas_of(after)] == [0.8, None, None, None]
    assert areas_of(after)[0].alarm == 3
    assert differences_of(after) == (Difference("d", "0", "01TERMINAL"),)
    # Of an area that is gone there is no difference.
    assert differences_of(with_areas(after, areas_of(after)[:3])) == ()


def test_cells_stay_with_their_rows_and_columns() -> None:
    """Another number of columns leaves a cell its key, and with it its entities and limits."""
    before = {"cells": {"rows": 2, "columns": 2}}
    (*_, last) = areas_of(before)
    before = with_area(before, read_area(stored_area(last) | {"highest": 50}))
    wide = with_areas_of(before, {"cells": {"rows": 2, "columns": 3}})
    assert [(one.key, one.name, one.highest) for one in areas_of(wide)] == [
        ("0", "A1", None),
        ("1", "A2", None),
        ("new 1", "A3", None),
        ("2", "B1", None),
        ("3", "B2", 50),
        ("new 2", "B3", None),
    ]
    narrow = with_areas_of(wide, {"cells": {"rows": 2, "columns": 1}})
    assert [(one.key, one.name) for one in areas_of(narrow)] == [
        ("0", "A1"),
        ("2", "B1"),
    ]
    assert areas_of(with_areas_of(narrow, {"cells": {"rows": 0}})) == ()


@pytest.mark.parametrize("is_removed", [False, True])
def test_names_stay_with_the_cells_when_columns_change(is_removed: bool) -> None:
    """The list of names that was left as it was is read with the columns before."""
    names = ["Left", "Right", "Low left", "Low right"]
    before = {"cells": {"rows": 2, "columns": 2, "names": names}}
    if is_removed:
        before = with_areas(before, areas_of(before)[1:])
    wide = with_areas_of(
        before, {"cells": {"rows": 2, "columns": 3, "names": list(names)}}
    )
    assert [(one.key, one.name) for one in areas_of(wide)] == [
        ("0", "Left"),
        ("1", "Right"),
        ("new 1", "A3"),
        ("2", "Low left"),
        ("3", "Low right"),
        ("new 2", "B3"),
    ]
    assert wide["cells"]["names"] == ["Left", "Right", "", "Low left", "Low right"]
    narrow = with_areas_of(wide, {"cells": {**wide["cells"], "columns": 1}})
    assert {one.key: one.name for one in areas_of(narrow)} == {
        "0": "Left",
        "2": "Low left",
    }
    none = with_areas_of(narrow, {"cells": {**narrow["cells"], "columns": 0}})
    assert areas_of(none) == ()
    assert none["cells"]["names"] == ["Left", "Low left"]
    # A list that was changed is that of the new columns, with those of a new row too.
    other = ["One", "Two", "Three", "Four"]
    named = with_areas_of(wide, {"cells": {"rows": 1, "columns": 3, "names": other}})
    assert [one.name for one in areas_of(named)] == other[:3]
    grown = with_areas_of(named, {"cells": {**named["cells"], "rows": 2}})
    assert [one.name for one in areas_of(grown)] == [*other, "B2", "B3"]


@pytest.mark.parametrize("size", [(2, 3), (3, 2), (1, 4)])
def test_a_turned_grid_gets_another_size(size: tuple[int, int]) -> None:
    """Every cell has its name from before the turn, and no new one the same."""
    upright: dict[str, Any] = {"cells": {"rows": 2, "columns": 2}}
    turned: dict[str, Any] = {**upright, "picture": {"rotation": "90"}}
    at_once = {**turned, "cells": {"rows": size[0], "columns": size[1]}}
    turned = with_areas_of(upright, turned)
    cells = {**turned["cells"], "rows": size[0], "columns": size[1]}
    after = with_areas_of(turned, {**turned, "cells": cells})
    found = {one.key: one.name for one in areas_of(after)}
    assert len(found) == size[0] * size[1]
    kept = {"0": "A1", "1": "A2", "2": "B1", "3": "B2"}
    there = {key: name for key, name in found.items() if key in kept}
    assert there.items() <= kept.items()
    assert len(there) == 2 * min(size[0], 2)
    directly = areas_of(with_areas_of(upright, at_once))
    assert [(one.name, one.points) for one in directly] == [
        (one.name, one.points) for one in areas_of(after)
    ]


def test_key_of_a_removed_cell_is_not_used_again() -> None:
    """Another cell would get its entities, their history and its differences."""
    wide = {"cells": {"rows": 1, "columns": 2}}
    data = {**wide, "differences": [{"key": "d", "first": "0", "second": "1"}]}
    narrow = with_areas_of(data, {"cells": {"rows": 1, "columns": 1}})
    high = with_areas_of(narrow, {"cells": {"rows": 2, "columns": 1}})
    assert [one.key for one in areas_of(high)] == ["0", "new 1"]
    assert differences_of(high) == ()
    # The same cell as before, in the same row and column.
    both = with_areas_of(high, {"cells": {"rows": 2, "columns": 2}})
    assert [one.key for one in areas_of(both)] == ["0", "1", "new 1", "new 2"]
    assert len(differences_of(both)) == 1


def test_key_of_a_removed_cell_in_a_turned_picture() -> None:
    """Rows and columns are others then: it does not come back."""
    narrow = with_areas_of(
        {"cells": {"rows": 1, "columns": 2}}, {"cells": {"rows": 1, "columns": 1}}
    )
    turned = with_areas_of(
        narrow, {"cells": narrow["cells"], "picture": {"rotation": "90"}}
    )
    wide = with_areas_of(
        turned, {"cells": {"rows": 1, "columns": 2}, "picture": {"rotation": "90"}}
    )
    assert [one.key for one in areas_of(wide)] == ["0", "new 1"]


@pytest.mark.parametrize("turns", [False, True])
def test_a_cell_of_a_grid_that_stays_has_its_shape(turns: bool) -> None:
    """A name in the options is no reason to undo what was drawn; another margin is."""
    margins = {"top": 11.0, "right": 0.5, "bottom": 33.0, "left": 7.5}
    data: dict[str, Any] = {"cells": {"rows": 2, "columns": 2, **margins}}
    first, *others = areas_of(data)
    shape = [[4, 2], [9, 3], [8, 11]]
    drawn = read_area(stored_area(first) | {"points": shape})
    data = with_areas(data, [drawn, *others])
    changed = {"cells": {**data["cells"], "names": ["Hot"]}}
    if turns:
        turned = with_areas_of(data, {**data, "picture": {"rotation": "180"}})
        cells = {**turned["cells"], "names": ["B2", "B1", "A2", "Hot"]}
        changed = {"cells": cells, "picture": {"rotation": "180"}}
    named = with_areas_of(data, changed)
    found = {one.key: one for one in areas_of(named)}
    assert (found["0"].name, found["0"].points) == ("Hot", drawn.points)
    grid = CellGrid(2, 2, top=0.11, right=0.005, bottom=0.33, left=0.075)
    assert areas_of(with_cells(data, grid))[0].points == drawn.points
    moved = with_areas_of(data, {"cells": {**data["cells"], "left": 8.0}})
    assert len(areas_of(moved)[0].points) == 2


def test_a_turned_picture_has_the_grid_turned() -> None:
    """Its options stay true for the picture as it is displayed, and its cells stay."""
    upright = {
        "cells": {"rows": 2, "columns": 1, "names": ["Top"], "top": 10.0, "left": 20.0}
    }
    turned = {**upright, "picture": {"rotation": "90"}}
    after = with_areas_of(upright, turned)
    assert areas_of(after) == areas_of(upright)
    assert after["cells"] == {
        "rows": 1,
        "columns": 2,
        "names": ["B1", "Top"],
        "top": 20.0,
        "right": 10.0,
        "bottom": 0.0,
        "left": 0.0,
    }
    assert after["cell_keys"] == ["1", "0"]
    # A margin is changed: every cell is still the same one.
    cells = {**after["cells"], "right": 20.0}
    moved = with_areas_of(after, {**after, "cells": cells})
    assert {one.key: one.name for one in areas_of(moved)} == {"0": "Top", "1": "B1"}
    # Turned and given another grid at once: the grid is that of the turned picture.
    both = with_areas_of(
        upright, {**turned, "cells": {**after["cells"], "right": 20.0}}
    )
    assert areas_of(both) == areas_of(moved)
    back = with_areas_of(after, {**after, "picture": {"rotation": "0"}})
    assert (back["cells"]["names"], back["cell_keys"]) == (["Top"], ["0", "1"])


def test_cells_made_in_the_card() -> None:
    """Names, kinds and limits stay, also those changed since; a removed cell stays removed."""
    data: dict[str, Any] = {"cells": {"rows": 2, "columns": 2, "names": ["", "Hot"]}}
    first, *others = areas_of(data)
    data = with_areas(
        data,
        [
            read_area(stored_area(first) | {"name": "Left", "kind": "ignore"}),
            *others[:-1],
            read_area(TERMINAL),
        ],
    )
    moved = with_cells(data, CellGrid(2, 2, top=0.25))
    assert [(one.name, one.kind) for one in areas_of(moved)] == [
        ("Left", AreaKind.IGNORE),
        ("Hot", AreaKind.CELL),
        ("B1", AreaKind.CELL),
        ("Plus", AreaKind.TERMINAL),
    ]
    assert areas_of(moved)[0].points == ((8, 0), (20, 12))
    assert moved["cells"]["top"] == 25
    # With another number of rows or columns it is there again; no name is there twice.
    named = with_area(data, read_area(TERMINAL | {"name": "A3"}))
    wide = with_cells(named, CellGrid(2, 3))
    assert [one.name for one in areas_of(wide)] == [
        "Left",
        "Hot",
        "A4",
        "B1",
        "B2",
        "B3",
        "A3",
    ]
    assert wide["cells"]["names"] == ["", "Hot", "A4"]
    # Where all were removed, all are made.
    none_left = with_areas(data, [read_area(TERMINAL)])
    assert len(areas_of(with_cells(none_left, CellGrid(2, 2)))) == 1 + 4
    with pytest.raises(ValueError, match="too_many_areas"):
        with_cells(data, CellGrid(16, 4))


def test_names_of_cells_that_come_back() -> None:
    """One that another area has got meanwhile is replaced by a free one."""
    data: dict[str, Any] = {"cells": {"rows": 2, "columns": 2, "names": ["", "Hot"]}}
    plus = read_area(TERMINAL | {"name": "Hot"})
    # Every cell was removed: the form with another margin, and the grid in the card.
    gone = with_areas(data, [plus])
    in_form = with_areas_of(gone, {"cells": {**data["cells"], "top": 5}})
    for again in (in_form, with_cells(gone, CellGrid(2, 2, top=0.05))):
        assert {one.key: one.name for one in areas_of(again)} == {
            "0": "A1",
            "1": "A2",
            "2": "B1",
            "3": "B2",
            "01TERMINAL": "Hot",
        }
        assert again["cells"]["names"] == []
    # One cell was removed, and its default name is taken too.
    first, _, *others = areas_of(data)
    minus = read_area(TERMINAL | {"key": "other", "name": "A2"})
    gone = with_areas(data, [first, *others, plus, minus])
    wide = {"cells": {**data["cells"], "columns": 3}}
    for again in (with_areas_of(gone, wide), with_cells(gone, CellGrid(2, 3))):
        named = {one.key: one.name for one in areas_of(again)}
        assert (named["1"], again["cells"]["names"][:2]) == ("A4", ["", "A4"])
    # Without a clash it has its name again, and one that stays removed changes nothing.
    gone = with_areas(data, [first, *others])
    assert areas_of(with_cells(gone, CellGrid(2, 3)))[1].name == "Hot"
    gone = with_areas(data, [first, *others, plus])
    moved = with_cells(gone, CellGrid(2, 2, top=0.05))
    assert moved["cells"]["names"] == ["", "Hot"]


def test_names_of_rows_that_come_back() -> None:
    """The list of names that the form had is not a name that was entered again."""
    data: dict[str, Any] = {"cells": {"rows": 2, "columns": 1, "names": ["Top"]}}
    none = with_areas_of(data, {"cells": {**data["cells"], "rows": 0}})
    assert none["cells"]["names"] == ["Top"]
    none = with_area(none, read_area(TERMINAL | {"name": "Top"}))
    again = with_areas_of(none, {"cells": {**none["cells"], "rows": 2}})
    assert [one.name for one in areas_of(again)] == ["A1", "B1", "Top"]
    assert [one.key for one in areas_of(again)] == ["0", "1", "01TERMINAL"]


def test_only_names_that_were_entered_are_refused() -> None:
    """A cell whose name is not in the list gets a free one."""
    data = with_area({"cells": GRID}, read_area(TERMINAL | {"name": "A1"}))
    for names in (["Plus", "Plus"], ["A1"], ["B1"]):
        cells = {"cells": {**GRID, "names": names}}
        with pytest.raises(ValueError, match="names_alike"):
            with_areas_of(data, cells)
    unnamed = with_areas_of(data, {"cells": {**GRID, "names": []}})
    assert [one.name for one in areas_of(unnamed)] == ["A2", "B1", "A1"]
    first = with_areas_of({}, {"cells": {**GRID, "names": ["B1"]}})
    assert [one.name for one in areas_of(first)] == ["B1", "B2"]
    # Names as the cells would have by themselves are stored as they were entered.
    cells = {"cells": {**GRID, "names": ["A1", "B1"]}}
    assert with_areas_of({}, cells)["cells"]["names"] == ["A1", "B1"]


def test_a_grid_and_other_changes_at_once() -> None:
    """The number of areas and their names are checked as they are in the end."""
    data: dict[str, Any] = {"cells": {"rows": 2, "columns": 1}}
    others = [
        read_area(TERMINAL | {"key": f"other {number}", "name": f"A{number}"})
        for number in range(2, 64)
    ]
    data = with_areas(data, [*areas_of(data), *others])
    assert len(areas_of(data)) == MOST_AREAS
    renamed = read_area(TERMINAL | {"key": "other 2", "name": "A64"})
    after = with_cells(data, CellGrid(2, 2), [renamed], ["other 3", "other 4"])
    found = {one.key: one.name for one in areas_of(after)}
    assert len(found) == MOST_AREAS
    assert (found["new 1"], found["other 2"]) == ("A2", "A64")
    for removed in ((), ["other 3"]):
        with pytest.raises(ValueError, match="too_many_areas"):
            with_cells(data, CellGrid(2, 2), [renamed], removed)
    with pytest.raises(ValueError, match="area_gone"):
        with_cells(data, CellGrid(1, 1), areas_of(data)[1:2])


def test_more_cells_than_areas_of_an_earlier_release() -> None:
    """They stay as long as their number does not grow; others are refused."""
    many = {"cells": {"rows": 10, "columns": 10}}
    assert len(areas_of(with_areas_of(many, dict(many)))) == 100
    fewer = with_areas_of(many, {"cells": {"rows": 9, "columns": 10}})
    assert len(areas_of(fewer)) == 90
    with pytest.raises(ValueError, match="too_many_areas"):
        with_areas_of(many, {"cells": {"rows": 11, "columns": 10}})
