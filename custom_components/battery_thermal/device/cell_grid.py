"""Grid of a node's cells: its options, and the areas that are made of it.

The options say where the grid is in the picture as it is displayed. `cell_keys` are the
keys of its cells, row by row; where they are not stored they are the numbers of the cells.
`removed_cell_keys` are those of cells that were there before, by row and column.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from itertools import chain, count
from typing import Any, Final

from homeassistant.util.ulid import ulid_now

from ..model.area import Area
from ..model.orientation import Orientation
from ..thermal.cells import CellGrid, default_name
from .option_table import (
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

CONF_CELL_KEYS: Final = "cell_keys"
CONF_REMOVED_CELL_KEYS: Final = "removed_cell_keys"

_SAME: Final = 1e-6
"""Shares of the picture between margins that are stored as the same number."""


def orientation_of(data: Mapping[str, Any]) -> Orientation:
    """Return how the picture is displayed."""
    picture = section_options(data, SECTION_PICTURE)
    return Orientation(int(picture[CONF_ROTATION]) // 90, picture[CONF_MIRROR])


def grid_of(data: Mapping[str, Any]) -> CellGrid:
    """Return the grid in the data of a subentry; it may have no rows or no columns."""
    cells = section_options(data, SECTION_CELLS)
    return CellGrid(
        int(cells[CONF_ROWS]),
        int(cells[CONF_COLUMNS]),
        **{margin: cells[margin] / 100 for margin in MARGINS},
        names=tuple(name.strip() for name in cells[CONF_NAMES]),
        keys=tuple(data.get(CONF_CELL_KEYS, ())),
    )


def with_grid(data: Mapping[str, Any], grid: CellGrid) -> dict[str, Any]:
    """Return the data of a subentry with the options of another grid."""
    cells = {
        CONF_ROWS: grid.rows,
        CONF_COLUMNS: grid.columns,
        CONF_NAMES: list(grid.names),
        **{margin: round(getattr(grid, margin) * 100, 4) for margin in MARGINS},
    }
    return {**data, SECTION_CELLS: cells, CONF_CELL_KEYS: list(grid.keys)}


def turned(grid: CellGrid, before: Orientation, after: Orientation) -> CellGrid:
    """Return the grid of the same cells in a picture that is displayed otherwise."""
    corners = [
        _displayed(row, column, before, after)
        for row, column in (
            (grid.top, grid.left),
            (1 - grid.bottom, 1 - grid.right),
        )
    ]
    (top, bottom), (left, right) = map(sorted, zip(*corners, strict=True))
    rows, columns = grid.rows, grid.columns
    if before.size != after.size:
        rows, columns = columns, rows
    names, keys = [""] * rows * columns, [""] * rows * columns
    for row, column in grid.places:
        down, across = _displayed(
            (row + 0.5) / grid.rows, (column + 0.5) / grid.columns, before, after
        )
        at = int(down * rows), int(across * columns)
        number = at[0] * columns + at[1]
        keys[number] = grid.key(row, column)
        name = grid.name(row, column)
        names[number] = "" if name == default_name(*at) else name
    return CellGrid(
        rows,
        columns,
        top=top,
        right=1 - right,
        bottom=1 - bottom,
        left=left,
        names=_without_end(names),
        keys=tuple(keys),
    )


def resized(grid: CellGrid, size: CellGrid) -> CellGrid:
    """Return a grid with rows, columns and margins of `size`, and the names of `grid`.

    A cell whose row and column stay has its name.
    """
    names = []
    for at in size.places:
        name = grid.name(*at) if grid.has(*at) else ""
        names.append("" if name == default_name(*at) else name)
    return replace(size, names=_without_end(names))


def with_keys(
    before: CellGrid, after: CellGrid, removed: Mapping[str, str]
) -> tuple[CellGrid, dict[str, str]]:
    """Return a grid with its keys, and the keys of cells that are not in it.

    A cell whose row and column stay, or come back, has the key that it had. Another one has
    a new key: with one that a cell had elsewhere, Home Assistant would give it the entities
    of that cell, and their history.
    """
    known = {**removed, **{_place(*at): before.key(*at) for at in before.places}}
    keys = [known.pop(_place(*at), "") or ulid_now() for at in after.places]
    return replace(after, keys=tuple(keys)), known


def with_free_names(
    areas: Iterable[Area], before: CellGrid, after: CellGrid, *, is_entered: bool
) -> CellGrid:
    """Return a grid, which has its keys, with names that no area has.

    A cell that was there and is not renamed is left out. `areas` are those that were there,
    with the names that they will have. A name that is taken is replaced by the default name
    of the cell, or by the next free one. `is_entered`: a person entered the names in the
    options. They are left as they are; only cells without one are named.
    """
    found = {area.key: area.name for area in areas}
    has_gaps = _has_gaps(found, before, after)
    names = [*after.names, *[""] * (len(after.places) - len(after.names))]
    of_grids = {*after.keys, *(before.key(*at) for at in before.places)}
    taken = {name for key, name in found.items() if key not in of_grids}
    open_places = []
    for number, at in enumerate(after.places):
        key = after.key(*at)
        if key in found and before.name(*at) == after.name(*at):
            taken.add(found[key])
        elif is_entered and names[number]:
            taken.add(names[number])
        elif key in found or not has_gaps:
            open_places.append((number, at))
    for number, (row, column) in open_places:
        default = default_name(row, column)
        others = (default_name(row, other) for other in count(after.columns))
        wanted = chain((names[number] or default, default), others)
        name = next(name for name in wanted if name not in taken)
        taken.add(name)
        names[number] = "" if name == default else name
    return replace(after, names=_without_end(names))


def replaced_cells(
    areas: Iterable[Area], before: CellGrid, after: CellGrid, orientation: Orientation
) -> tuple[Area, ...]:
    """Return the areas with the cells of another grid, which has its keys.

    A cell whose row and column stay is the same area as before, at another place. If rows,
    columns and margins are as before, it has the shape that it has. If rows and columns are
    as before, cells that were removed stay removed, unless all were. Areas that are not of
    the grid stay as they are.
    """
    found = {area.key: area for area in areas}
    keys_before = {before.key(*place) for place in before.places}
    has_gaps = _has_gaps(found, before, after)
    has_shapes = _has_size(before, after) and _has_margins(before, after)
    cells = []
    for place, cell in zip(after.places, after.areas(orientation), strict=True):
        if old := found.get(cell.key):
            same_name = before.name(*place) == cell.name
            name = old.name if same_name else cell.name
            points = old.points if has_shapes else cell.points
            cells.append(replace(old, points=points, name=name))
        elif not has_gaps:
            cells.append(cell)
    others = (area for area in found.values() if area.key not in keys_before)
    return (*cells, *others)


def _place(row: int, column: int) -> str:
    return f"{row},{column}"


def _has_gaps(keys: Container[str], before: CellGrid, after: CellGrid) -> bool:
    """Return whether cells without an area stay removed. `keys` are those of areas."""
    some = any(before.key(*at) in keys for at in before.places)
    return some and _has_size(before, after)


def _has_size(before: CellGrid, after: CellGrid) -> bool:
    """Return whether two grids have the same rows and columns."""
    return (before.rows, before.columns) == (after.rows, after.columns)


def _has_margins(before: CellGrid, after: CellGrid) -> bool:
    """Return whether two grids have the same margins, to the last digit that is stored."""
    return all(
        abs(getattr(before, margin) - getattr(after, margin)) < _SAME
        for margin in MARGINS
    )


def _displayed(
    row: float, column: float, before: Orientation, after: Orientation
) -> tuple[float, float]:
    """Return where a place is displayed; both are shares of height and width."""
    height, width = before.size
    row, column = after.to_display(*before.to_sensor(row * height, column * width))
    height, width = after.size
    return row / height, column / width


def _without_end(names: list[str]) -> tuple[str, ...]:
    """Return names without the empty ones at their end."""
    while names and not names[-1]:
        names = names[:-1]
    return tuple(names)
