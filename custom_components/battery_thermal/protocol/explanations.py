"""All hypotheses about a node that nothing that has arrived contradicts."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from ..model.mode import Mode
from .hypothesis import BEFORE_FIRST, Hypothesis
from .layout import Layout, Numbering, Position
from .node_message import NodeMessage
from .uplink import Line

_NUMBERINGS: Final = (Numbering.COUNTER, Numbering.PORT, Numbering.RUNNING)


class Explanations:
    """A set of hypotheses that each message reduces. It is never empty."""

    def __init__(self, layout: Layout, numbering: Numbering) -> None:
        """Initialize with all that fit what the owner has set."""
        self._layouts = layout.candidates
        self._origin = tuple(
            Hypothesis(layout, candidate)
            for layout in self._layouts
            for candidate in _NUMBERINGS
            if numbering in (Numbering.AUTO, candidate)
        )
        self._hypotheses = self._origin

    @property
    def numbering(self) -> Numbering:
        """How the node numbers its lines; AUTO while that is unknown."""
        numberings = {hypothesis.numbering for hypothesis in self._hypotheses}
        return numberings.pop() if len(numberings) == 1 else Numbering.AUTO

    @property
    def layout(self) -> Layout:
        """How the node cuts slow images; AUTO while that is unknown."""
        layouts = {hypothesis.layout for hypothesis in self._hypotheses}
        return layouts.pop() if len(layouts) == 1 else Layout.AUTO

    @property
    def port_is_known(self) -> bool:
        """Whether the FPort of line 0, or of all lines, is certain."""
        ports = {hypothesis.port for hypothesis in self._hypotheses}
        return len(ports) == 1 and None not in ports

    @property
    def position(self) -> Position | None:
        """The position of the newest message, if all hypotheses agree on it."""
        positions = {hypothesis.last for hypothesis in self._hypotheses}
        return positions.pop() if len(positions) == 1 else None

    @property
    def mode(self) -> Mode | None:
        """The mode of the newest message, if all hypotheses agree on it."""
        modes = {h.last.mode if h.last else None for h in self._hypotheses}
        return modes.pop() if len(modes) == 1 else None

    @property
    def counter_runs_on(self) -> bool:
        """Whether the frame counter is known to count all messages of a session."""
        return all(h.numbering is not Numbering.COUNTER for h in self._hypotheses)

    @property
    def may_lose_count(self) -> bool:
        """Whether lines may only be counted, while a last line may not have been sent."""
        return any(
            h.numbering is Numbering.RUNNING and h.may_miss_last_lines
            for h in self._hypotheses
        )

    @property
    def held(self) -> list[tuple[Position, ...]]:
        """The possible positions of each line that is held back, oldest first."""
        return list(zip(*(h.held for h in self._hypotheses), strict=True))

    def allow(self, line: Line, position: Position) -> bool:
        """Return whether by all hypotheses a line can be the one at a position."""
        return all(hypothesis.fits(line, position) for hypothesis in self._hypotheses)

    def forget_positions(self) -> None:
        """Keep how the node numbers, but not the position in an image.

        Nor the layout, unless the owner has set it: short lines of a new firmware would
        be taken for fast ones of the old.
        """
        kept = {
            Hypothesis(layout, h.numbering, h.port): None
            for h in self._hypotheses
            for layout in self._layouts
        }
        self._hypotheses = tuple(kept)

    def expect_first_line(self) -> None:
        """Expect line 0 of an image of either mode in the next message."""
        self._hypotheses = tuple(
            replace(hypothesis, last=Position(mode, BEFORE_FIRST))
            for hypothesis in self._hypotheses
            for mode in Mode
        )

    def reduce(
        self,
        message: NodeMessage,
        line: Line,
        steps: int | None,
        switches: Container[Mode],
    ) -> bool:
        """Keep the hypotheses that a line fits; False, and no change, if none does.

        `steps`: frame counts since the message before, None if the node may have joined
        again since. `switches`: the modes that the node can have changed to since.
        """
        left = tuple(_continue(self._hypotheses, message, line, steps, switches))
        self._hypotheses = left or self._hypotheses
        return bool(left)

    def start_over(self, message: NodeMessage, line: Line, steps: int | None) -> bool:
        """Keep of all hypotheses those that a line fits; False if none does."""
        left = tuple(_continue(self._origin, message, line, steps, ()))
        self._hypotheses = left or self._origin
        return bool(left)

    def keep_held(self, indices: Sequence[int]) -> None:
        """Forget the positions of all lines held back but those at some indices."""
        left = {
            replace(h, held=tuple(h.held[index] for index in indices)): None
            for h in self._hypotheses
        }
        self._hypotheses = tuple(left)

    def as_list(self) -> list[list[Any]]:
        """Return the hypotheses for JSON; lines held back are left out."""
        return [
            [h.layout, h.numbering, h.port, h.last and list(h.last)]
            for h in self._hypotheses
        ]

    def restore(self, data: list[list[Any]]) -> None:
        """Use what `as_list` returned, for the same layout and numbering."""
        self._hypotheses = tuple(
            Hypothesis(
                Layout(layout), Numbering(numbering), port, last and _position(*last)
            )
            for layout, numbering, port, last in data
        )


def _continue(
    hypotheses: Iterable[Hypothesis],
    message: NodeMessage,
    line: Line,
    steps: int | None,
    switches: Container[Mode],
) -> Iterator[Hypothesis]:
    """Continue each hypothesis in every way that a line allows."""
    for hypothesis in hypotheses:
        for mode in Mode:
            for number in hypothesis.lines_after(steps, mode, switches):
                port = hypothesis.port_for(number, message)
                position = Position(mode, number)
                if port is not None and hypothesis.fits(line, position):
                    held = (*hypothesis.held, position)
                    yield replace(hypothesis, port=port, last=position, held=held)


def _position(mode: str, line: int) -> Position:
    return Position(Mode(mode), line)
