"""Areas of a node as they are stored in the data of its subentry.

`areas` is a list of areas, `differences` one of pairs of them. An entry of an earlier
release has a grid of cells only, which is read as areas.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
import math
from typing import Any, Final

from ..model.area import MOST_CORNERS, Area, AreaKind, Point
from ..model.mode import HEIGHT, WIDTH
from ..thermal.cells import CellGrid
from .cell_grid import (
    CONF_CELL_KEYS,
    CONF_REMOVED_CELL_KEYS,
    grid_of,
    orientation_of,
    replaced_cells,
    resized,
    turned,
    with_free_names,
    with_grid,
    with_keys,
)
from .option_table import AREA_OPTIONS, SECTION_CELLS, section_options

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


def areas_of(data: Mapping[str, Any]) -> tuple[Area, ...]:
    """Return the areas in the data of a subentry, or the cells of its grid.

    Raises ValueError with the key of a translated error as its message.
    """
    if CONF_AREAS in data:
        return checked(read_area(area) for area in data[CONF_AREAS])
    return checked(grid_of(data).areas(orientation_of(data)))


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

    Another grid replaces the cells of the one before, see `replaced_cells`. Without one, the
    grid is that of the same cells in a picture that is turned or mirrored. Raises ValueError
    as `with_changes`.
    """
    kept = (CONF_DIFFERENCES, CONF_CELL_KEYS, CONF_REMOVED_CELL_KEYS)
    data = data | {key: before[key] for key in kept if key in before}
    areas, grid = areas_of(before), grid_of(before)
    is_other = section_options(before, SECTION_CELLS) != section_options(
        data, SECTION_CELLS
    )
    if grid.places and orientation_of(before) != orientation_of(data):
        grid = turned(grid, orientation_of(before), orientation_of(data))
        # Rows and columns are others now.
        data.pop(CONF_REMOVED_CELL_KEYS, None)
        if not is_other:
            data = with_grid(data, grid)
    if is_other:
        size = grid_of(data)
        is_entered = size.names != grid_of(before).names
        if size.places and not _is_named(before, data, grid):
            size = resized(grid, size)
        size, removed = with_keys(grid, size, data.get(CONF_REMOVED_CELL_KEYS, {}))
        size = with_free_names(areas, grid, size, is_entered=is_entered)
        cells = replaced_cells(areas, grid, size, orientation_of(data))
        check_number(len(cells), len(areas))
        data = {**with_grid(data, size), CONF_REMOVED_CELL_KEYS: removed}
        return with_areas(data, cells)
    if areas or CONF_AREAS in before:
        return with_areas(data, areas)
    return data


def with_cells(
    data: Mapping[str, Any],
    size: CellGrid,
    changed: Iterable[Area] = (),
    removed: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the data of a subentry with cells in rows, columns and margins of a grid.

    Names are as before. Then areas are changed as by `with_changes`, which says what is
    raised. A cell that is not in the grid any more cannot be changed.
    """
    areas, before = areas_of(data), grid_of(data)
    changed, removed = tuple(changed), set(removed)
    known = data.get(CONF_REMOVED_CELL_KEYS, {})
    grid, removed_keys = with_keys(before, resized(before, size), known)
    if any(area.key in removed_keys.values() for area in changed):
        raise ValueError("area_gone")
    named = _merged(areas, changed, removed)
    grid = with_free_names(named, before, grid, is_entered=False)
    cells = replaced_cells(areas, before, grid, orientation_of(data))
    after = _merged(cells, changed, removed)
    check_number(len(after), len(areas))
    data = {**with_grid(data, grid), CONF_REMOVED_CELL_KEYS: removed_keys}
    return with_areas(data, after)


def _is_named(
    before: Mapping[str, Any], data: Mapping[str, Any], grid: CellGrid
) -> bool:
    """Return whether the names in the options are those of the cells there.

    They are a list, row by row. One that was left as it was belongs to the rows and columns
    before, of the `grid` before: it can be read with others only if it names the cells of
    new rows.
    """
    stored, size = grid_of(before), grid_of(data)
    if size.names != stored.names:
        return True
    names_rows = len(size.names) > len(stored.places)
    return names_rows and size.columns == stored.columns and grid == stored


def check_number(areas: int, before: int = 0) -> None:
    """Raise ValueError if there are too many areas, and more than before.

    An earlier release allowed more cells.
    """
    if areas > max(MOST_AREAS, before):
        raise ValueError("too_many_areas")


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
    areas = _merged(before, changed, set(removed))
    check_number(len(areas), len(before))
    return with_areas(data, areas)


def _merged(
    areas: Iterable[Area], changed: Iterable[Area], removed: Container[str]
) -> tuple[Area, ...]:
    """Return areas with others added, changed, and removed by their keys."""
    found = {area.key: area for area in areas if area.key not in removed}
    return tuple((found | {area.key: area for area in changed}).values())


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
