"""Areas of a node as they are stored in the data of its subentry.

`areas` is a list of areas, `differences` one of pairs of them. An entry of an earlier
release has a grid of cells only, which is read as areas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
import math
from typing import Any, Final

from ..model.area import MOST_CORNERS, Area, AreaKind, Point
from ..model.mode import HEIGHT, WIDTH
from ..model.orientation import Orientation
from ..thermal.cells import CellGrid
from .option_table import (
    AREA_OPTIONS,
    CONF_COLUMNS,
    CONF_MIRROR,
    CONF_NAMES,
    CONF_ROTATION,
    CONF_ROWS,
    MARGINS,
    SECTION_CELLS,
    SECTION_PICTURE,
    section_options,
)

CONF_AREAS: Final = "areas"
CONF_DIFFERENCES: Final = "differences"
CONF_FIRST: Final = "first"
CONF_KEY: Final = "key"
CONF_KIND: Final = "kind"
CONF_NAME: Final = "name"
CONF_POINTS: Final = "points"
CONF_SECOND: Final = "second"

MOST_AREAS: Final = 64
"""Areas that can be added. A grid of an earlier release may have more cells."""

MOST_DIFFERENCES: Final = 16
LONGEST_NAME: Final = 60
"""Characters of the name of an area."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two areas, by their keys, the difference of whose maxima is a sensor."""

    key: str
    first: str
    second: str


def orientation_of(data: Mapping[str, Any]) -> Orientation:
    """Return how the picture is displayed."""
    picture = section_options(data, SECTION_PICTURE)
    return Orientation(int(picture[CONF_ROTATION]) // 90, picture[CONF_MIRROR])


def areas_of(data: Mapping[str, Any]) -> tuple[Area, ...]:
    """Return the areas in the data of a subentry, or the cells of its grid.

    Raises ValueError with the key of a translated error as its message.
    """
    if CONF_AREAS in data:
        return checked(read_area(area) for area in data[CONF_AREAS])
    return grid_areas(data)


def grid_areas(data: Mapping[str, Any]) -> tuple[Area, ...]:
    """Return the cells of the grid in the data of a subentry. Raises as `areas_of`."""
    cells = section_options(data, SECTION_CELLS)
    rows, columns = int(cells[CONF_ROWS]), int(cells[CONF_COLUMNS])
    grid = CellGrid(
        rows,
        columns,
        **{margin: cells[margin] / 100 for margin in MARGINS},
        names=tuple(name.strip() for name in cells[CONF_NAMES]),
    )
    return checked(grid.areas(orientation_of(data))) if rows and columns else ()


def differences_of(data: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the differences of areas that are still there."""
    keys = {area.key for area in areas_of(data) if area.kind is not AreaKind.IGNORE}
    return tuple(
        Difference(stored[CONF_KEY], stored[CONF_FIRST], stored[CONF_SECOND])
        for stored in data.get(CONF_DIFFERENCES, [])
        if {stored[CONF_FIRST], stored[CONF_SECOND]} <= keys
    )


def checked(areas: Iterable[Area]) -> tuple[Area, ...]:
    """Return areas that can be together. Raises ValueError if two have one name."""
    areas = tuple(areas)
    if len({area.name for area in areas}) < len(areas):
        raise ValueError("names_alike")
    return areas


def with_areas_of(before: Mapping[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a subentry whose options have been changed, with its areas.

    Another grid replaces the cells of the one before, and no other area; limits and
    emissivity of a cell with the same number stay. Raises as `areas_of`.
    """
    if CONF_DIFFERENCES in before:
        data = {**data, CONF_DIFFERENCES: before[CONF_DIFFERENCES]}
    areas = areas_of(before)
    if section_options(before, SECTION_CELLS) != section_options(data, SECTION_CELLS):
        numbers = {
            area.key: {key: getattr(area, key) for key in AREA_OPTIONS}
            for area in areas
        }
        areas = (
            *(replace(it, **numbers.get(it.key, {})) for it in grid_areas(data)),
            *(area for area in areas if not area.key.isdecimal()),
        )
    if areas or CONF_AREAS in before:
        return with_areas(data, areas)
    return data


def with_areas(data: Mapping[str, Any], areas: Iterable[Area]) -> dict[str, Any]:
    """Return the data of a subentry with other areas. Raises as `areas_of`."""
    stored = [stored_area(area) for area in checked(areas)]
    return {**data, CONF_AREAS: stored}


def with_area(data: Mapping[str, Any], area: Area) -> dict[str, Any]:
    """Return the data of a subentry with an area added or changed. Raises ValueError."""
    return with_changes(data, [area])


def with_changes(
    data: Mapping[str, Any], changed: Iterable[Area], removed: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the data of a subentry with areas added, changed, and removed by their keys.

    Raises ValueError as `areas_of`, also if there are too many.
    """
    before = areas_of(data)
    gone = set(removed)
    areas = {area.key: area for area in before if area.key not in gone}
    areas |= {area.key: area for area in changed}
    if len(areas) > max(MOST_AREAS, len(before)):
        raise ValueError("too_many_areas")
    return with_areas(data, areas.values())


def read_area(stored: Mapping[str, Any]) -> Area:
    """Return an area that was stored or sent. Raises ValueError as `areas_of`."""
    name = str(stored[CONF_NAME]).strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError("no_area_name")
    return Area(
        key=stored[CONF_KEY],
        name=name,
        kind=AreaKind(stored[CONF_KIND]),
        points=_points(stored[CONF_POINTS]),
        **{key: _number(stored.get(key), key) for key in AREA_OPTIONS},
    )


def stored_area(area: Area) -> dict[str, Any]:
    """Return an area as it is stored."""
    numbers = {key: getattr(area, key) for key in AREA_OPTIONS}
    return {
        CONF_KEY: area.key,
        CONF_NAME: area.name,
        CONF_KIND: str(area.kind),
        CONF_POINTS: [list(point) for point in area.points],
    } | {key: value for key, value in numbers.items() if value is not None}


def _points(points: Iterable[Iterable[float]]) -> tuple[Point, ...]:
    """Return the corners of an area. Raises ValueError if they are those of none."""
    found = tuple((float(row), float(column)) for row, column in points)
    inside = all(0 <= row <= HEIGHT and 0 <= column <= WIDTH for row, column in found)
    if not inside or not 2 <= len(found) <= MOST_CORNERS or _is_flat(found):
        raise ValueError("not_an_area")
    return found


def _is_flat(points: tuple[Point, ...]) -> bool:
    """Return whether corners are all on one line along or across the picture."""
    return any(max(axis) - min(axis) <= 0 for axis in zip(*points, strict=True))


def _number(value: float | None, key: str) -> float | None:
    option = AREA_OPTIONS[key]
    if value is None:
        return None
    if not (math.isfinite(value) and option.minimum <= value <= option.maximum):
        raise ValueError("out_of_range")
    return float(value)
