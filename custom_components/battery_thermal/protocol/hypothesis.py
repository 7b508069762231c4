"""One explanation of the lines that have arrived, and which lines it allows next."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final

from ..model.mode import Mode
from .layout import Layout, Numbering, Position
from .node_message import NodeMessage
from .uplink import Line

BEFORE_FIRST: Final = -1
"""The line before line 0: a reset, or a change of mode."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One explanation of what has arrived.

    `port`: the FPort of line 0 if the FPort shows the line, else of all lines; None
    until a line has arrived. `last`: the position of the newest message, None if it
    can be any. `held`: positions of the lines that are held back, oldest first.
    """

    layout: Layout
    numbering: Numbering
    port: int | None = None
    last: Position | None = None
    held: tuple[Position, ...] = ()

    @property
    def may_miss_last_lines(self) -> bool:
        """Whether a last line may be missing in images like the newest message's."""
        if self.last is None:
            return False
        return self.layout.grid(self.last.mode).last_line_may_be_missing

    def lines_after(
        self, steps: int | None, mode: Mode, switches: Container[Mode]
    ) -> Iterable[int]:
        """Return which lines of a mode can follow, `steps` frame counts later.

        `steps`: None if the node may have joined again in between: it may then be
        anywhere in an image. `switches`: the modes that the node can have changed to.
        """
        grid = self.layout.grid(mode)
        lines = grid.lines
        if self.last is None or steps is None:
            return range(lines)
        if mode is self.last.mode:
            start = self.last.line
        elif mode in switches:
            start = BEFORE_FIRST
        else:
            return ()
        if self.numbering is Numbering.COUNTER:
            return range(lines)
        if steps > 0:
            line = start + steps
            if self.numbering is Numbering.PORT and grid.last_line_may_be_missing:
                # The FPort shows whether the last line was sent.
                return {line % lines, line % (lines - 1)}
            return (line % lines,)
        return range(lines) if self.numbering is Numbering.PORT else ()

    def fits(self, line: Line, position: Position) -> bool:
        """Return whether a line can be the one at a position, by its length."""
        grid = self.layout.grid(position.mode)
        if not 0 <= position.line < grid.lines or len(line.values) != grid.values:
            return False
        return line.is_last == (position.line == grid.lines - 1)

    def port_for(self, line: int, message: NodeMessage) -> int | None:
        """Return `port` if a message is this line, or None if it cannot be."""
        if self.numbering is Numbering.COUNTER and message.f_cnt != line:
            return None
        port = message.f_port
        if self.numbering is Numbering.PORT:
            port -= line
        return port if port > 0 and self.port in (None, port) else None
