"""How an image is cut into messages: layouts and the place of each line.

Another layout is one member of `Layout` and one line in `_SLOW`: decoding, location and
assembly follow from its grid.
Sources: the owner's document (32 messages an image in slow mode, 2 in fast mode)
and the firmware of published nodes (24 messages of one image column each in slow mode).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from ..model.mode import HEIGHT, WIDTH, Mode


class Layout(StrEnum):
    """How a slow image is cut: 24 lines of 32 values, or 32 lines of 24 values."""

    AUTO = "auto"
    """Not set: detected from what arrives."""
    SLOW_24 = "slow_24"
    SLOW_32 = "slow_32"
    COMPACT = "compact"
    """Not in lines: see the package `compact`."""

    @property
    def candidates(self) -> tuple[Layout, ...]:
        """The layouts of lines that a node can have for which this is set."""
        return tuple(_SLOW) if self is Layout.AUTO else (self,)

    def grid(self, mode: Mode) -> Grid:
        """Return how an image of this mode is cut; AUTO has a fast one only."""
        return _FAST if mode is Mode.FAST else _SLOW[self]


class Numbering(StrEnum):
    """Where the number of a line is found."""

    AUTO = "auto"
    """Not set: detected from what arrives."""
    COUNTER = "counter"
    """The frame counter is the line, and restarts at 0 with each image."""
    PORT = "port"
    """The FPort is a fixed base plus the line."""
    RUNNING = "running"
    """Nowhere: the frame counter runs on, and only its differences show the line."""


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
    def last_line_may_be_missing(self) -> bool:
        """Whether a data rate allows all messages of an image but the last, longest one.

        The node does not send that one then.
        """
        line, last = message_length(self.values), message_length(self.values + 2)
        return line <= _SHORTEST_LIMIT < last

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


def message_length(values: int) -> int:
    """Return the bytes of a message: three a pair of values, and the status byte."""
    return values * 3 // 2 + 1


def grid_with_lines_of(mode: Mode, values: int) -> Grid:
    """Return how an image is cut that has lines of so many values.

    The layouts differ in that, so the length of a line shows it, and its mode.
    """
    grids = (layout.grid(mode) for layout in Layout.AUTO.candidates)
    return next(grid for grid in grids if grid.values == values)


# Bytes of payload at the slowest data rates (LoRaWAN Regional Parameters, EU868, DR0-DR2).
_SHORTEST_LIMIT = 51

_SLOW = {
    Layout.SLOW_24: Grid(HEIGHT, WIDTH, lines=24),
    Layout.SLOW_32: Grid(HEIGHT, WIDTH, lines=32),
}
_FAST = Grid(HEIGHT // 4, WIDTH // 4, lines=2)

LINE_VALUES = frozenset(
    layout.grid(mode).values for layout in Layout.AUTO.candidates for mode in Mode
)
"""The numbers of values that a line can have."""

LINE_LENGTHS = frozenset(
    message_length(values + more) for values in LINE_VALUES for more in (0, 2)
)
"""The numbers of bytes of a message with a line; the last one of an image is longer."""
