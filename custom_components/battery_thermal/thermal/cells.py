"""Grid of cells: a quick way to make many areas of one bank."""

from dataclasses import dataclass
from typing import Final

from ..model.area import Area, AreaKind, Point
from ..model.mode import HEIGHT, WIDTH
from ..model.orientation import Orientation

_NUDGE: Final = 0.001
"""Pixels. So far an edge is moved that goes through the middle of pixels: on which side
they are must not depend on the orientation."""


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Grid of the cells in the picture, as it is displayed.

    The margins, to each side of the bank, are shares of the picture's height or
    width. `names` and `keys` are given row by row; cells without a name are named A1, A2,
    B1..., and those without a key have their number, from 0.
    """

    rows: int
    columns: int
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def places(self) -> list[tuple[int, int]]:
        """Row and column of each cell, row by row."""
        return [
            (row, column) for row in range(self.rows) for column in range(self.columns)
        ]

    def has(self, row: int, column: int) -> bool:
        """Return whether there is a cell."""
        return row < self.rows and column < self.columns

    def areas(self, orientation: Orientation) -> tuple[Area, ...]:
        """Return the cells of a picture that is displayed so, row by row."""
        if not self.places:
            return ()
        height, width = orientation.size
        rows = _edges(self.top, 1 - self.bottom, self.rows, height)
        columns = _edges(self.left, 1 - self.right, self.columns, width)
        return tuple(
            Area(
                key=self.key(row, column),
                name=self.name(row, column),
                kind=AreaKind.CELL,
                points=(
                    _on_sensor(orientation, rows[row], columns[column]),
                    _on_sensor(orientation, rows[row + 1], columns[column + 1]),
                ),
            )
            for row, column in self.places
        )

    def key(self, row: int, column: int) -> str:
        """Return the key of a cell."""
        number = row * self.columns + column
        return self.keys[number] if number < len(self.keys) else str(number)

    def name(self, row: int, column: int) -> str:
        """Return the name of a cell."""
        number = row * self.columns + column
        if number < len(self.names) and self.names[number]:
            return self.names[number]
        return default_name(row, column)


def default_name(row: int, column: int) -> str:
    """Return the name of a cell that was not named: A1, A2, B1..."""
    return f"{_letters(row)}{column + 1}"


def _on_sensor(orientation: Orientation, row: float, column: float) -> Point:
    row, column = orientation.to_sensor(row, column)
    return round(min(max(row, 0), HEIGHT), 4), round(min(max(column, 0), WIDTH), 4)


def _edges(start: float, end: float, count: int, size: int) -> list[float]:
    """Return the edges between cells, in pixels of a picture as it is displayed."""
    return [
        _moved((start + (end - start) * number / count) * size)
        for number in range(count + 1)
    ]


def _moved(edge: float) -> float:
    """Return an edge, moved if it is in the middle of pixels or of blocks of 4."""
    through_pixels = abs(edge % 1 - 0.5) < _NUDGE / 2
    through_blocks = abs(edge % 4 - 2) < _NUDGE / 2
    return edge - _NUDGE if through_pixels or through_blocks else edge


def _letters(row: int) -> str:
    """Return A..Z, AA, AB..."""
    higher, lowest = divmod(row, 26)
    return (_letters(higher - 1) if higher else "") + chr(ord("A") + lowest)
