"""The cells of the battery bank: where they are in the picture, and how warm."""

from dataclasses import dataclass
from itertools import pairwise
import math
from statistics import median

from .image import ThermalImage
from .orientation import Orientation


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Where the cells are, as the picture is looked at.

    The margins, to each side of the bank, are shares of the picture's height or
    width. `names` are given row by row; cells without one are called A1, A2, B1...
    """

    rows: int
    columns: int
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0
    names: tuple[str, ...] = ()

    @property
    def row_edges(self) -> list[float]:
        """The upper edges of the rows and the lower one of the last, 0..1."""
        return _edges(self.top, 1 - self.bottom, self.rows)

    @property
    def column_edges(self) -> list[float]:
        """The left edges of the columns and the right one of the last, 0..1."""
        return _edges(self.left, 1 - self.right, self.columns)

    @property
    def all_names(self) -> list[str]:
        """What the cells are called, row by row."""
        return [
            self.name(row, column)
            for row in range(self.rows)
            for column in range(self.columns)
        ]

    def name(self, row: int, column: int) -> str:
        """Return what a cell is called."""
        number = row * self.columns + column
        if number < len(self.names) and self.names[number]:
            return self.names[number]
        return f"{_letters(row)}{column + 1}"


@dataclass(frozen=True, slots=True)
class Cell:
    """How warm a cell is.

    `maximum` and `mean` are in °C over the pixels that have arrived, None without
    any; of a fast image they are those of the maxima of blocks. `deviation` is how
    far, in K, the maximum is over the median of the maxima of all cells. `complete`
    tells whether all pixels have arrived.
    """

    name: str
    maximum: float | None
    mean: float | None
    deviation: float | None
    complete: bool


def measure_cells(
    image: ThermalImage, grid: CellGrid, orientation: Orientation
) -> tuple[Cell, ...]:
    """Return how warm the cells are, row by row."""
    values = orientation.apply(image.values)
    present = orientation.apply(image.present)
    rows = _ranges(grid.row_edges, values.shape[0])
    columns = _ranges(grid.column_edges, values.shape[1])
    areas = [(row, column) for row in rows for column in columns]
    measured = [values[area][present[area]] / 10 for area in areas]
    maxima = [float(pixels.max()) if pixels.size else None for pixels in measured]
    known = [maximum for maximum in maxima if maximum is not None]
    usual = median(known) if known else None
    return tuple(
        Cell(
            name=grid.name(*divmod(number, grid.columns)),
            maximum=maximum,
            mean=float(pixels.mean()) if pixels.size else None,
            deviation=_difference(maximum, usual),
            complete=bool(present[area].all()),
        )
        for number, (area, pixels, maximum) in enumerate(
            zip(areas, measured, maxima, strict=True)
        )
    )


def hottest_cell(cells: tuple[Cell, ...]) -> Cell | None:
    """Return the cell with the highest maximum, None if none has any."""
    known = [cell for cell in cells if cell.maximum is not None]
    return max(known, key=lambda cell: cell.maximum or 0.0, default=None)


def least_imbalance(cells: tuple[Cell, ...], ceiling: float) -> float | None:
    """Return how far, in K, the hottest cell is at least over the median of all.

    Whatever the pixels are that have not arrived: `ceiling` (°C, may be infinite) is
    the highest that they can be. Where all have arrived, that is how far it is. None
    where nothing of any cell has arrived.
    """
    hottest = hottest_cell(cells)
    if hottest is None:
        return None
    highest = [
        ceiling if cell.maximum is None or not cell.complete else cell.maximum
        for cell in cells
    ]
    return _difference(hottest.maximum, median(highest))


def _difference(value: float | None, usual: float | None) -> float | None:
    if value is None or usual is None:
        return None
    return round(value - usual, 2)


def _edges(start: float, end: float, count: int) -> list[float]:
    return [start + (end - start) * number / count for number in range(count + 1)]


def _ranges(edges: list[float], size: int) -> list[slice]:
    """Return the pixels whose middle lies between two edges, at least one."""
    ranges = []
    for start, end in pairwise(edges):
        first = math.ceil(start * size - 0.5)
        last = math.ceil(end * size - 0.5)
        if first >= last:
            first = min(int((start + end) / 2 * size), size - 1)
            last = first + 1
        ranges.append(slice(first, last))
    return ranges


def _letters(row: int) -> str:
    """Return A..Z, AA, AB..."""
    higher, lowest = divmod(row, 26)
    return (_letters(higher - 1) if higher else "") + chr(ord("A") + lowest)
