"""Which line of which image: what the numbers of a message leave possible.

Nodes number their lines in three ways (`Numbering`) and cut slow images in two
(`Layout`), one of which has lines as long as those of fast images. A receiver has seen
neither what was lost nor how the node does it. So every explanation of what has arrived
is kept as a hypothesis, each message strikes out those that contradict it, and a line
is located once all that are left agree on it. Nothing is guessed: a line whose place
is not certain is held back until it is.

What an explanation may assume:
- The node is of class A: it hears of another mode only in answer to a message that
  the network heard, and begins a new image with its next message.
- Within a session a frame counter that runs on counts every message sent.
- The longest last line may be too long for the data rate: then it is not sent, nor
  counted. So that a last line was not there does not tell where an image begins.
- A node sends all messages on one FPort, unless the FPort tells the line.
- A node keeps its layout for a session: to change it takes another firmware, which
  joins anew.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from .layout import Layout, Mode, Numbering, Position
from .uplink import Line, Reset

OVERTAKEN = timedelta(minutes=1)
"""How much older than the newest message one may be that was overtaken on its way.
One still older tells that the network server's clock was set back."""

_NUMBERINGS = (Numbering.COUNTER, Numbering.PORT, Numbering.RUNNING)
_BEFORE_FIRST = -1
"""The line before line 0: what a reset is, and where a change of mode begins."""
_HELD_LIMIT = 64
"""Lines held back at most: two of the longest images."""


@dataclass(frozen=True, slots=True)
class Message:
    """An uplink of the node, decoded, with what the network says of it.

    `session` is the id of the session key, `received_at` when the network heard it.
    """

    session: str
    f_cnt: int
    f_port: int
    received_at: datetime
    content: Line | Reset


class Located(NamedTuple):
    """A line whose place is certain; `late`: newer messages came before it."""

    message: Message
    line: Line
    position: Position
    late: bool = False


@dataclass(frozen=True, slots=True)
class _Hypothesis:
    """One explanation of what has arrived.

    `port`: the FPort of line 0 if the FPort tells the line, else of all lines; None
    until a line has arrived. `last`: what the newest message was, None if it could
    be anything. `held`: what the lines held back are, oldest first.
    """

    layout: Layout
    numbering: Numbering
    port: int | None = None
    last: Position | None = None
    held: tuple[Position, ...] = ()

    def lines_after(
        self, steps: int, mode: Mode, switches: Container[Mode]
    ) -> Iterable[int]:
        """Return which lines of a mode can follow, `steps` frame counts later.

        `switches`: the modes that the node can have changed to in between.
        """
        lines = self.layout.grid(mode).lines
        if self.last is None:
            return range(lines)
        if mode is self.last.mode:
            start = self.last.line
        elif mode in switches:
            start = _BEFORE_FIRST
        else:
            return ()
        if self.numbering is Numbering.COUNTER:
            return range(lines)
        if steps > 0:
            line = start + steps
            if self.numbering is Numbering.PORT and (
                (self.layout, mode) == (Layout.SLOW_24, Mode.SLOW)
            ):
                # Where the last line was not sent, the FPort shows it.
                return {line % lines, line % (lines - 1)}
            return (line % lines,)
        return range(lines) if self.numbering is Numbering.PORT else ()

    def fits(self, line: Line, position: Position) -> bool:
        """Whether a line can be the one at a position, by its length."""
        grid = self.layout.grid(position.mode)
        if not 0 <= position.line < grid.lines or len(line.values) != grid.values:
            return False
        return line.is_last == (position.line == grid.lines - 1)

    def port_for(self, line: int, message: Message) -> int | None:
        """Return the port that goes with a message being this line, or None."""
        if self.numbering is Numbering.COUNTER and message.f_cnt != line:
            return None
        port = message.f_port
        if self.numbering is Numbering.PORT:
            port -= line
        return port if port > 0 and self.port in (None, port) else None


class Locator:
    """Finds the position of each line, at once or as soon as it can be known."""

    def __init__(
        self, layout: Layout = Layout.AUTO, numbering: Numbering = Numbering.AUTO
    ) -> None:
        """Start with no more knowledge than what the owner has said."""
        self._layouts = layout.candidates
        self._origin = tuple(
            _Hypothesis(layout, candidate)
            for layout in self._layouts
            for candidate in _NUMBERINGS
            if numbering in (Numbering.AUTO, candidate)
        )
        self._hypotheses = self._origin
        self._held: list[tuple[Message, Line]] = []
        self._anchored = False
        """Whether a reset or a last line has told where an image begins or ends."""
        self._told: tuple[Mode, ...] = ()
        self._session = ""
        self._f_cnt = 0
        self._received_at: datetime | None = None

    @property
    def numbering(self) -> Numbering:
        """How the node numbers its lines; AUTO while that is open."""
        numberings = {hypothesis.numbering for hypothesis in self._hypotheses}
        return numberings.pop() if len(numberings) == 1 else Numbering.AUTO

    @property
    def layout(self) -> Layout:
        """How the node cuts slow images; AUTO while that is open."""
        layouts = {hypothesis.layout for hypothesis in self._hypotheses}
        return layouts.pop() if len(layouts) == 1 else Layout.AUTO

    @property
    def port_is_known(self) -> bool:
        """Whether the FPort of line 0, or of all lines, is certain."""
        ports = {hypothesis.port for hypothesis in self._hypotheses}
        return len(ports) == 1 and None not in ports

    @property
    def position(self) -> Position | None:
        """What the newest message was, if that is certain."""
        if self._is_adrift:
            return None
        positions = {hypothesis.last for hypothesis in self._hypotheses}
        return positions.pop() if len(positions) == 1 else None

    @property
    def _is_adrift(self) -> bool:
        """Whether lines are only counted, and no last line has told from where."""
        return not self._anchored and any(
            (h.layout, h.numbering) == (Layout.SLOW_24, Numbering.RUNNING)
            and h.last is not None
            and h.last.mode is Mode.SLOW
            for h in self._hypotheses
        )

    @property
    def mode(self) -> Mode | None:
        """The mode that the newest message was sent in, if that is certain."""
        modes = {h.last.mode if h.last else None for h in self._hypotheses}
        return modes.pop() if len(modes) == 1 else None

    def told(self, mode: Mode) -> None:
        """Take note that the node may from now on hear that it shall use this mode.

        Where lines of both modes are of one length, this keeps a line of the new
        mode from being taken for one of the old.
        """
        # The one told before may have left in answer to the newest message.
        self._told = (*(other for other in self._told if other is not mode), mode)

    def interrupted(self) -> None:
        """Take note that messages may be missing that the network server heard.

        A change of mode may then lie anywhere among them.
        """
        if self._told:
            self._forget_positions()

    def locate(self, message: Message) -> list[Located]:
        """Return all lines whose place this message makes certain, oldest first.

        A line must be one that the layout can have.
        """
        if self._is_late(message):
            return self._locate_late(message)
        if message.session != self._session:
            self._forget_positions()
        located: list[Located] = []
        if isinstance(message.content, Reset):
            self._reset()
        else:
            self._held.append((message, message.content))
            self._hypotheses = self._explain(message, message.content)
            self._anchored = self._anchored or message.content.is_last
            self._told = self._told[-1:]
            located = self._release()
        self._session = message.session
        self._f_cnt = message.f_cnt
        self._received_at = message.received_at
        return located

    def _is_late(self, message: Message) -> bool:
        """Whether newer messages came before this one."""
        if self._received_at is None or message.received_at >= self._received_at:
            return False
        runs_on = all(h.numbering is not Numbering.COUNTER for h in self._hypotheses)
        if runs_on and message.session == self._session:
            return message.f_cnt <= self._f_cnt
        return self._received_at - message.received_at <= OVERTAKEN

    def _locate_late(self, message: Message) -> list[Located]:
        """Locate a line of the image under way by what is known without it."""
        last, line = self.position, message.content
        if message.session != self._session or last is None or isinstance(line, Reset):
            return []
        number = message.f_cnt
        if self.numbering is not Numbering.COUNTER:
            number += last.line - self._f_cnt
        position = Position(last.mode, number)
        if all(hypothesis.fits(line, position) for hypothesis in self._hypotheses):
            return [Located(message, line, position, late=True)]
        if number >= 0:
            # The change of mode came after this line, not before it.
            self._forget_positions()
        return []

    def _forget_positions(self) -> None:
        """Keep how the node numbers, but not where in an image it is.

        Nor its layout, unless that was said: short lines of a new firmware would pass
        for fast ones of the old.
        """
        kept = {
            _Hypothesis(layout, h.numbering, h.port): None
            for h in self._hypotheses
            for layout in self._layouts
        }
        self._hypotheses = tuple(kept)
        self._anchored = False
        self._held.clear()

    def _reset(self) -> None:
        """Expect line 0 of an image of either mode in the next message."""
        self._forget_positions()
        self._anchored = True
        self._hypotheses = tuple(
            replace(hypothesis, last=Position(mode, _BEFORE_FIRST))
            for hypothesis in self._hypotheses
            for mode in Mode
        )

    def _explain(self, message: Message, line: Line) -> tuple[_Hypothesis, ...]:
        """Return the hypotheses that a line leaves.

        If none is left, someone else may have changed the mode of the node; else it
        is not the node that it was, and everything is open again.
        """
        for switches in (self._told, tuple(Mode)):
            if left := tuple(self._continue(self._hypotheses, message, line, switches)):
                return left
        self._anchored = False
        del self._held[:-1]
        left = tuple(self._continue(self._origin, message, line, ()))
        if not left:
            self._held.clear()
        return left or self._origin

    def _continue(
        self,
        hypotheses: Iterable[_Hypothesis],
        message: Message,
        line: Line,
        switches: Container[Mode],
    ) -> Iterator[_Hypothesis]:
        """Continue each hypothesis in every way that a line allows."""
        steps = message.f_cnt - self._f_cnt
        for hypothesis in hypotheses:
            for mode in Mode:
                for number in hypothesis.lines_after(steps, mode, switches):
                    port = hypothesis.port_for(number, message)
                    position = Position(mode, number)
                    if port is not None and hypothesis.fits(line, position):
                        held = (*hypothesis.held, position)
                        yield replace(hypothesis, port=port, last=position, held=held)

    def _release(self) -> list[Located]:
        """Let go the lines that all hypotheses agree on.

        Once they agree on the newest, nothing to come can tell more about the older.
        """
        located: list[Located] = []
        open_: list[int] = []
        positions = list(zip(*(h.held for h in self._hypotheses), strict=True))
        for index, candidates in enumerate(positions):
            if len(set(candidates)) == 1 and not self._is_adrift:
                located.append(Located(*self._held[index], candidates[0]))
            else:
                open_.append(index)
        if self.position is not None:
            open_.clear()
            if self.position.mode in self._told:
                self._told = ()
        open_ = open_[-_HELD_LIMIT:]
        self._held = [self._held[index] for index in open_]
        left = {
            replace(h, held=tuple(h.held[index] for index in open_)): None
            for h in self._hypotheses
        }
        self._hypotheses = tuple(left)
        return located

    def as_dict(self) -> dict[str, Any]:
        """Return what is known, for JSON; lines held back are left out."""
        return {
            "hypotheses": [
                [h.layout, h.numbering, h.port, h.last and list(h.last)]
                for h in self._hypotheses
            ],
            "anchored": self._anchored,
            "told": list(self._told),
            "session": self._session,
            "f_cnt": self._f_cnt,
            "received_at": self._received_at and self._received_at.isoformat(),
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Know again what `as_dict` returned, for the same layout and numbering."""
        self._hypotheses = tuple(
            _Hypothesis(
                Layout(layout), Numbering(numbering), port, last and _position(*last)
            )
            for layout, numbering, port, last in data["hypotheses"]
        )
        # Earlier releases wrote down nothing of that.
        self._anchored = data.get("anchored", True)
        self._told = tuple(Mode(mode) for mode in data["told"])
        self._session = data["session"]
        self._f_cnt = data["f_cnt"]
        received_at = data["received_at"]
        self._received_at = received_at and datetime.fromisoformat(received_at)


def _position(mode: str, line: int) -> Position:
    return Position(Mode(mode), line)
