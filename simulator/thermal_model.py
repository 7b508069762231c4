"""A thermal model of a battery bank, seen by an MLX90640 and a DHT11.

Cells warm with the losses of a load that swings, each a little differently; heat lags
behind the load as a first-order system does. Everything is a function of time, the
seed, and what was heated on purpose: the same calls give the same pictures.
"""

from dataclasses import dataclass
from math import atan, cos, exp, hypot, pi

import numpy as np
import numpy.typing as npt

ROWS, COLUMNS = 32, 24
"""The sensor's pixels in the node's mounting: upright."""

type Field = npt.NDArray[np.float64]

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class _Excess:
    """Extra warmth of a cell, approaching ``target``."""

    start: float
    target: float
    since: float

    def at(self, t: float, time_constant: float) -> float:
        if not time_constant:
            return self.target
        share = exp(-max(t - self.since, 0.0) / time_constant)
        return self.target + (self.start - self.target) * share


class ThermalModel:
    """A bank of ``rows`` x ``columns`` cells. Temperatures in °C, times in seconds."""

    def __init__(
        self,
        seed: int = 0,
        *,
        rows: int = 4,
        columns: int = 3,
        room: float = 21.0,
        warming: float = 12.0,
        load_period: float = 3 * 3600.0,
        time_constant: float = 1800.0,
        heating_time: float = 0.0,
        noise: float = 0.1,
        start: float = 0.0,
        pace: float = 1.0,
    ) -> None:
        """Build a bank.

        ``room``: mean ambient, which swings by 3 K over a day. ``warming``: K a cell is
        over ambient under full load for long. ``load_period``: from one full load to
        the next. ``time_constant``: of the cells. ``heating_time``: time constant of
        ``heat``, 0 for at once. ``noise``: K, standard deviation of a pixel; 0.1 is
        what an MLX90640 has at 1 Hz (data sheet, figure 12). ``start``: the bank's own
        time at time 0; at 0 the load has just begun. ``pace``: seconds of the bank for
        one of who looks, less than 1 for a clock that runs fast. ValueError for more
        cells than there are pixels to see them.
        """
        if not (1 <= rows <= ROWS // 3 and 1 <= columns <= COLUMNS // 3):
            raise ValueError("a cell needs three pixels each way to be seen")
        self.rows = rows
        self.columns = columns
        self.room = room
        self.warming = warming
        self.noise = noise
        self._seed = seed
        self._start = start
        self._pace = pace
        self._heating_time = heating_time
        self._pulsation = 2 * pi / load_period
        self._lag = self._pulsation * time_constant
        self._time = start
        self._excess: dict[int, _Excess] = {}
        self._spots: dict[tuple[int, int], float] = {}
        random = np.random.default_rng(seed)
        # Cells age differently, and those in the middle of the bank cool less.
        self._resistance = random.normal(1.0, 0.06, rows * columns) * (
            1 + 0.15 * _centrality(rows, columns)
        )
        self._cell_of, self._profile = _geometry(rows, columns)

    def heat(self, cell: tuple[int, int], kelvin: float) -> None:
        """Heat a cell (row, column, from 0 at the top left); 0 ends the heating.

        The heating begins at the time of the last frame. Raises IndexError for an
        unknown cell.
        """
        row, column = cell
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            raise IndexError(f"no cell {cell} in {self.rows} x {self.columns}")
        index = row * self.columns + column
        now = self._excess_of(index, self._time)
        self._excess[index] = _Excess(now, kelvin, self._time)

    def heat_pixel(self, pixel: tuple[int, int], celsius: float | None) -> None:
        """Fix the temperature in °C of a pixel (row, column); None: that of its cell.

        Its neighbours show a part of the difference: see ``blur``.
        """
        if celsius is None:
            self._spots.pop(pixel, None)
        else:
            self._spots[pixel] = celsius

    def load(self, t: float) -> float:
        """Return the losses at a time, 0..1 of those of full load."""
        return (1 - cos(self._pulsation * self._own(t))) / 2

    def frame(self, t: float) -> Field:
        """Return a frame of the camera: 32 rows of 24 pixels."""
        seed = self._seed, round(t * 1000)
        self._time = t = self._own(t)
        # Response of a first-order system to the load: attenuated and delayed.
        lagging = cos(self._pulsation * t - atan(self._lag)) / hypot(1, self._lag)
        cells = self.warming * (1 - lagging) / 2 * self._resistance
        for index in self._excess:
            cells[index] += self._excess_of(index, t)
        seen: Field = self._ambient(t) + self._profile * cells[self._cell_of]
        if self.noise:
            random = np.random.default_rng(seed)
            seen += random.normal(0.0, self.noise, seen.shape)
        for pixel, celsius in self._spots.items():
            spot = np.zeros_like(seen)
            spot[pixel] = 1.0
            spread = blur(spot)
            seen += spread / spread[pixel] * (celsius - seen[pixel])
        return seen

    def ambient(self, t: float) -> int:
        """Return the reading of the DHT11: whole °C, 0..50."""
        return min(max(round(self._ambient(self._own(t))), 0), 50)

    def _own(self, t: float) -> float:
        return self._start + self._pace * t

    def _ambient(self, t: float) -> float:
        return self.room - 3 * cos(2 * pi * t / _DAY)

    def _excess_of(self, index: int, t: float) -> float:
        excess = self._excess.get(index)
        return 0.0 if excess is None else excess.at(t, self._heating_time)


def blur(field: Field) -> Field:
    """Return a field blurred by the lens.

    A pixel gets a tenth of each neighbour, and a hundredth of each diagonal one, so that
    a spot smaller than a pixel shows in nine pixels.
    """
    for axis in (0, 1):
        edges = [(1, 1) if axis == other else (0, 0) for other in (0, 1)]
        wide = np.pad(field, edges, mode="edge")
        size = field.shape[axis]
        before, after = (wide.take(range(at, at + size), axis) for at in (0, 2))
        field = 0.8 * field + 0.1 * (before + after)
    return field


def _centrality(rows: int, columns: int) -> Field:
    """Return 0 for the cells at the bank's corners, up to 1 in its middle, row by row."""
    row, column = np.mgrid[0:rows, 0:columns]
    middle_row, middle_column = (rows - 1) / 2, (columns - 1) / 2
    off_row = np.abs(row - middle_row) / max(middle_row, 1)
    off_column = np.abs(column - middle_column) / max(middle_column, 1)
    return np.asarray(1 - (off_row + off_column) / 2, float).ravel()


def _geometry(rows: int, columns: int) -> tuple[npt.NDArray[np.intp], Field]:
    """Return each pixel's cell, and the share of its cell's warmth that it shows.

    The share is 1 in the middle of a cell, and a third in the gaps.
    """
    # Positions of pixel centres, in cells.
    down = (np.arange(ROWS) + 0.5) / ROWS * rows
    across = (np.arange(COLUMNS) + 0.5) / COLUMNS * columns
    cell_of = (down.astype(int)[:, None] * columns + across.astype(int)).astype(np.intp)
    off_down = 2 * np.abs(down % 1 - 0.5)[:, None]
    off_across = 2 * np.abs(across % 1 - 0.5)
    rim = np.maximum(off_down, off_across)
    profile = np.where(rim < 0.85, 1 - 0.3 * rim**2, 1 / 3)
    return cell_of, profile
