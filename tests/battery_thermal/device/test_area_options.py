"""Tests of the stored areas of a node."""

from typing import Any

import pytest

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
)
from custom_components.battery_thermal.device.node_options import node_options
from custom_components.battery_thermal.model.area import AreaKind

GRID: dict[str, Any] = {"rows": 2, "columns": 1, "names": ["Top"]}
TERMINAL: dict[str, Any] = {
    "key": "01TERMINAL",
    "name": "Plus",
    "kind": "terminal",
    "points": [[10, 4], [12, 6]],
    "highest": 60.0,
}


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
    """What was set of a cell stays with its number; what was drawn stays."""
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
