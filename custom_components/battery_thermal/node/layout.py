"""How an image is cut into messages: modes, layouts and the place of each line.

Sources: the owner's document (32 messages an image in slow mode, 2 in fast mode)
and the firmware that published nodes of this design run (24 messages of one image
column each in slow mode).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

# The MLX90640 has 32 x 24 pixels (data sheet, section 1). The node holds it upright.
WIDTH = 24
HEIGHT = 32


class Mode(StrEnum):
    """What the node sends: every pixel, or the maxima of blocks of 4 x 4 pixels."""

    SLOW = "slow"
    FAST = "fast"


class Layout(StrEnum):
    """How a slow image is cut: 24 lines of 32 values, or 32 lines of 24 values."""

    AUTO = "auto"
    """Not said: found out from what arrives."""
    SLOW_24 = "slow_24"
    SLOW_32 = "slow_32"

    @property
    def candidates(self) -> tuple[Layout, ...]:
        """The layouts that a node can have of which this is said."""
        if self is Layout.AUTO:
            return Layout.SLOW_24, Layout.SLOW_32
        return (self,)

    def grid(self, mode: Mode) -> Grid:
        """Return how an image of this mode is cut; AUTO has only fast ones."""
        return _FAST if mode is Mode.FAST else _SLOW[self]


class Numbering(StrEnum):
    """Where the number of a line is found."""

    AUTO = "auto"
    """Not said: found out from what arrives."""
    COUNTER = "counter"
    """The frame counter is the line and starts again at 0 with each image."""
    PORT = "port"
    """The FPort is a fixed base plus the line."""
    RUNNING = "running"
    """Nowhere: the frame counter runs on, only its differences count."""


class Position(NamedTuple):
    """Which line of an image of which mode a message carries."""

    mode: Mode
    line: int


@dataclass(frozen=True, slots=True)
class Grid:
    """How the images of one mode are cut into lines.

    A line is `rows` x `columns` pixels at a time, sent column by column, each
    column from top to bottom.
    """

    height: int
    width: int
    lines: int

    @property
    def values(self) -> int:
        """The number of values in one line."""
        return self.height * self.width // self.lines

    @property
    def _by_row(self) -> bool:
        return self.lines == self.height

    def area(self, line: int) -> tuple[slice, slice]:
        """Return where a line lies in the (height, width) matrix."""
        if self._by_row:
            return slice(line, line + 1), slice(None)
        columns = self.width // self.lines
        return slice(None), slice(line * columns, (line + 1) * columns)

    def block(self, values: tuple[int, ...]) -> np.ndarray:
        """Return the values of a line in the shape of its `area`."""
        block = np.array(values, np.int16)
        if self._by_row:
            return block.reshape(1, self.width)
        return block.reshape(-1, self.height).T


def grid_of(mode: Mode, values: int) -> Grid:
    """Return how an image is cut that has lines of so many values.

    The layouts differ in that, so a line tells it together with its mode.
    """
    grids = (layout.grid(mode) for layout in Layout.AUTO.candidates)
    return next(grid for grid in grids if grid.values == values)


_SLOW = {
    Layout.SLOW_24: Grid(HEIGHT, WIDTH, lines=24),
    Layout.SLOW_32: Grid(HEIGHT, WIDTH, lines=32),
}
_FAST = Grid(HEIGHT // 4, WIDTH // 4, lines=2)
