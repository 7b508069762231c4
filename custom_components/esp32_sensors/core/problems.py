"""Problems of a network that its owner should know, beyond single discarded messages."""

from collections.abc import Iterable, Mapping
from typing import Final

from .boards import Board
from .conflicts import Conflicts
from .protocol import Assignment
from .unknown_sessions import UnknownSessions
from .unstarted import Unstarted

#: Seconds for which another server is reported after its last assignment. Boards join
#: rarely.
OTHER_SERVER: Final = 3600.0

#: Seconds without a report of the LED after an unconfirmed command, after which this is
#: reported. The command was repeated at least once by then.
UNCONFIRMED: Final = 20.0

#: Seconds for which a join on a shared topic is reported for a board that has topics of
#: its own. Boards in the field join every 5 s.
SHARED_TOPIC_JOIN: Final = 600.0


class Problems:
    """The problems of one network; times are in seconds on the monotonic clock."""

    def __init__(self, limit: int) -> None:
        """Initialize without problems; ``limit`` is the largest number of boards."""
        self.conflicts = Conflicts()
        self.unknown_sessions = UnknownSessions(limit)
        self.unstarted = Unstarted()
        self.other_server_until: float | None = None
        """Until when another server is reported; None when there is none."""
        self.shared_topic_joins: dict[str, float] = {}
        """MACs of boards with topics of their own that joined on a shared topic, and until
        when this is reported."""

    def joined_on_shared_topic(self, mac: str, monotonic: float) -> None:
        """Note a join on a shared topic of a board that has topics of its own."""
        self.shared_topic_joins[mac] = monotonic + SHARED_TOPIC_JOIN

    def assignment_received(
        self, assignment: Assignment, boards: Mapping[str, Board], monotonic: float
    ) -> None:
        """Note an assignment on the shared topic, which may be one of this server.

        ``boards``: the boards of the network, by MAC in upper case.
        """
        board = boards.get(assignment.address.upper())
        if board is None or not (
            assignment.session_id == board.session.id
            or assignment.session_id in board.past_sessions
        ):
            self.other_server_until = monotonic + OTHER_SERVER

    def other_session_received(
        self, board: Board | None, name: str, session_id: str, monotonic: float
    ) -> None:
        """Note a message in a session that is not current.

        ``board``: the board that has this name now, if there is one.
        """
        if (
            board is not None
            and session_id in board.past_sessions
            and board.session.started_at is not None
        ):
            self.conflicts.old_session_received(board, monotonic)
        else:
            self.unknown_sessions.message_received(name, session_id, monotonic)

    @staticmethod
    def unconfirmed(boards: Iterable[Board], monotonic: float) -> list[Board]:
        """Return the boards that send messages but confirm no LED command."""
        return [
            board
            for board in boards
            if board.online
            and board.unconfirmed_since is not None
            and monotonic - board.unconfirmed_since >= UNCONFIRMED
            and board.session.received_at > board.unconfirmed_since
        ]

    def forget(self, mac: str) -> None:
        """Drop all problems of a board."""
        self.shared_topic_joins.pop(mac, None)
        self.conflicts.forget(mac)
        self.unstarted.drop(mac)

    def pass_time(self, monotonic: float) -> None:
        """Drop expired problems; to be called about once a second."""
        for mac, until in tuple(self.shared_topic_joins.items()):
            if monotonic >= until:
                del self.shared_topic_joins[mac]
        other_server_until = self.other_server_until
        if other_server_until is not None and monotonic >= other_server_until:
            self.other_server_until = None
        self.conflicts.pass_time(monotonic)
        self.unknown_sessions.pass_time(monotonic)
        self.unstarted.pass_time(monotonic)
