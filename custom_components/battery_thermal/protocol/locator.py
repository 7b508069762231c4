"""Which line of which image a message is.

Nodes number their lines in three ways (`Numbering`) and cut slow images in two
(`Layout`), one of which has lines as long as those of fast images. A receiver sees
neither what was lost nor how the node does it. So every explanation of what has arrived
is kept as a hypothesis, each message removes those that contradict it, and a line
is located once all that are left agree on it. Nothing is guessed: a line whose position
is not certain is held back until it is.

What an explanation may assume:
- The node is of class A: it receives a request for another mode only in answer to a
  message that the network received, and begins a new image with its next message.
- Within a session a frame counter that runs on counts every message sent.
- The longest last line may be too long for the data rate: then it is neither sent nor
  counted. So a missing last line does not show where an image begins.
- A node sends all messages on one FPort, unless the FPort shows the line.
- A node keeps its layout for a session: to change it takes another firmware, which
  joins again.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from ..model.mode import Mode
from .explanations import Explanations
from .layout import Layout, Numbering, Position
from .node_message import Located, NodeMessage
from .session import (
    UNKNOWN_SESSION,
    is_same_session,
    may_be_same_session,
    newest_session,
)
from .uplink import Line, Reset

OVERTAKEN: Final = timedelta(minutes=1)
"""How much older than the newest message an overtaken one can be.

An older one shows that the network server's clock was set back."""

_MOST_HELD: Final = 64
"""Lines held back at most: two of the longest images."""


class Locator:
    """Finds the position of each line, at once or as soon as it can be known."""

    def __init__(
        self, layout: Layout = Layout.AUTO, numbering: Numbering = Numbering.AUTO
    ) -> None:
        """Initialize with what the owner has set."""
        self._explanations = Explanations(layout, numbering)
        self._held: list[tuple[NodeMessage, Line]] = []
        self._anchored = False
        """Whether a reset or a last line has shown where an image begins or ends."""
        self._expected_modes: tuple[Mode, ...] = ()
        """Modes that were requested, and to which no change has been seen yet."""
        self._seen_mode: Mode | None = None
        """The mode that was certain last, since the node started."""
        self._session = UNKNOWN_SESSION
        self._f_cnt = 0
        self._received_at: datetime | None = None

    @property
    def numbering(self) -> Numbering:
        """How the node numbers its lines; AUTO while that is unknown."""
        return self._explanations.numbering

    @property
    def layout(self) -> Layout:
        """How the node cuts slow images; AUTO while that is unknown."""
        return self._explanations.layout

    @property
    def port_is_known(self) -> bool:
        """Whether the FPort of line 0, or of all lines, is certain."""
        return self._explanations.port_is_known

    @property
    def position(self) -> Position | None:
        """The position of the newest message, if that is certain."""
        return None if self._is_adrift else self._explanations.position

    @property
    def mode(self) -> Mode | None:
        """The mode that the newest message was sent in, if that is certain."""
        return self._explanations.mode

    @property
    def _is_adrift(self) -> bool:
        """Whether lines are only counted, and no last line has shown from where."""
        return not self._anchored and self._explanations.may_lose_count

    def expect_mode(self, mode: Mode) -> None:
        """Note that the node may receive a request for this mode from now on.

        Where lines of both modes are of one length, this keeps a line of the new
        mode from being taken for one of the old. It ends when the node is seen to
        change to this mode. A node that starts in this mode has not received the
        request, which may still be queued.
        """
        # The mode that was requested before may have left in answer to the newest
        # message.
        others = (other for other in self._expected_modes if other is not mode)
        self._expected_modes = (*others, mode)

    def note_missing_uplinks(self) -> None:
        """Note that uplinks may be missing that the network server received.

        An expected change of mode may then be anywhere among them.
        """
        if self._expected_modes:
            self._forget_positions()

    def locate(self, message: NodeMessage) -> list[Located]:
        """Return all lines whose position this message makes certain, oldest first.

        A line must be one that the layout can have.
        """
        if self._is_late(message):
            return self._locate_late(message)
        if not may_be_same_session(message.session, self._session):
            self._forget_positions()
        located: list[Located] = []
        joined = self._counts_back(message)
        if isinstance(message.content, Reset):
            joined = True
            self._forget_positions()
            self._anchored = True
            self._explanations.expect_first_line()
        else:
            self._held.append((message, message.content))
            self._explain(message, message.content)
            self._anchored = self._anchored or message.content.is_last
            self._expected_modes = self._expected_modes[-1:]
            located = self._release()
        self._session = newest_session(self._session, message.session, joined=joined)
        self._f_cnt = message.f_cnt
        self._received_at = message.received_at
        return located

    def _counts_back(self, message: NodeMessage) -> bool:
        """Return whether the frame counter of a newer message shows a join before it."""
        return self._explanations.counter_runs_on and message.f_cnt <= self._f_cnt

    def _may_have_joined(self, message: NodeMessage) -> bool:
        """Return whether a frame counter that counts back may be that of a new session.

        Where sessions are not reported and the reset is lost, only this shows a join.
        That says nothing about the numbering of lines, unless it is known to restart
        with each image. A line with the number 0 restarts with its image: the first
        message of a session is a reset.
        """
        return (
            0 < message.f_cnt <= self._f_cnt
            and not is_same_session(message.session, self._session)
            and self.numbering is not Numbering.COUNTER
        )

    def _is_late(self, message: NodeMessage) -> bool:
        """Return whether newer messages came before this one."""
        if self._received_at is None or message.received_at >= self._received_at:
            return False
        if self._explanations.counter_runs_on and may_be_same_session(
            message.session, self._session
        ):
            if message.f_cnt <= self._f_cnt:
                return True
            if is_same_session(message.session, self._session):
                return False
        return self._received_at - message.received_at <= OVERTAKEN

    def _locate_late(self, message: NodeMessage) -> list[Located]:
        """Locate a line of the image under way by what is known without it."""
        last, line = self.position, message.content
        if last is None or isinstance(line, Reset):
            return []
        if not may_be_same_session(message.session, self._session):
            return []
        if self._explanations.counter_runs_on and message.f_cnt > self._f_cnt:
            # Of a session before, though its message does not say so.
            return []
        number = message.f_cnt
        if self.numbering is not Numbering.COUNTER:
            number += last.line - self._f_cnt
        position = Position(last.mode, number)
        if self._explanations.allow(line, position):
            return [Located(message, line, position, late=True)]
        if number >= 0:
            # The change of mode came after this line, not before it.
            self._forget_positions()
        return []

    def _forget_positions(self) -> None:
        """Forget the position in an image, and the lines held back."""
        self._explanations.forget_positions()
        self._seen_mode = None
        self._anchored = False
        self._held.clear()

    def _explain(self, message: NodeMessage, line: Line) -> None:
        """Keep the hypotheses that a line fits.

        If none is left, another client may have changed the mode of the node; else the
        node has changed, and every hypothesis is possible again.
        """
        steps = None if self._may_have_joined(message) else message.f_cnt - self._f_cnt
        for switches in (self._expected_modes, tuple(Mode)):
            if self._explanations.reduce(message, line, steps, switches):
                return
        self._anchored = False
        del self._held[:-1]
        if not self._explanations.start_over(message, line, steps):
            self._held.clear()

    def _release(self) -> list[Located]:
        """Return the lines that all hypotheses agree on, and hold them back no longer.

        Once they agree on the newest, no later message can show more about the older.
        """
        located: list[Located] = []
        unknown: list[int] = []
        for index, candidates in enumerate(self._explanations.held):
            if len(set(candidates)) == 1 and not self._is_adrift:
                located.append(Located(*self._held[index], candidates[0]))
            else:
                unknown.append(index)
        if self.position is not None:
            unknown.clear()
            mode = self.position.mode
            if mode in self._expected_modes and self._seen_mode not in (None, mode):
                self._expected_modes = ()
            self._seen_mode = mode
        unknown = unknown[-_MOST_HELD:]
        self._held = [self._held[index] for index in unknown]
        self._explanations.keep_held(unknown)
        return located

    def as_dict(self) -> dict[str, Any]:
        """Return what is known, for JSON; lines held back are left out."""
        return {
            "hypotheses": self._explanations.as_list(),
            "anchored": self._anchored,
            "told": list(self._expected_modes),
            "session": self._session,
            "f_cnt": self._f_cnt,
            "received_at": self._received_at and self._received_at.isoformat(),
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Use what `as_dict` returned, for the same layout and numbering."""
        self._explanations.restore(data["hypotheses"])
        self._seen_mode = self.mode
        # Earlier releases did not store it.
        self._anchored = data.get("anchored", True)
        self._expected_modes = tuple(Mode(mode) for mode in data["told"])
        self._session = data["session"]
        self._f_cnt = data["f_cnt"]
        received_at = data["received_at"]
        self._received_at = received_at and datetime.fromisoformat(received_at)
