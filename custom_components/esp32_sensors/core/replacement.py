"""Replacement of a board by another one, which takes over its place in the network.

The record of the replaced board stays, with its name, its times and its readings, and gets
the MAC and the session of the other board. So whoever listens to the record, as entities
do, goes on. The replaced board is retired.
"""

from .board_registry import BoardRegistry
from .boards import SESSION, Board, Session, State
from .clock import Instant
from .readings import KINDS, newest
from .retired import Retired
from .session_server import SessionServer


class ReplacementRefused(ValueError):
    """Raised when a board cannot be replaced by another one.

    ``reason`` is ``replaced_by_itself``, ``not_waiting`` or ``replaced_by_older``.
    """

    def __init__(self, reason: str) -> None:
        """Initialize with the reason."""
        super().__init__(reason)
        self.reason = reason


def candidates(registry: BoardRegistry, board: Board) -> list[str]:
    """Return the MACs of the boards that can replace a board.

    First those that wait to join, then those that joined after it, the last one first.
    """
    later = [
        other
        for other in registry.boards.values()
        if other is not board and other.joined_at >= board.joined_at
    ]
    later.sort(key=lambda other: other.joined_at, reverse=True)
    return [*registry.admission.waiting, *(other.mac for other in later)]


def replace(
    server: SessionServer, board: Board, mac: str, now: Instant
) -> Board | None:
    """Let the board with a MAC take the place of ``board``.

    A board that waits gets a session with the name of ``board``, and is to be answered.
    A board that has joined keeps its session and its present name; it has the name of
    ``board`` from its next session on. Its own record is removed and returned.

    Raises ``ReplacementRefused``. A board can be replaced only by one that waits or that
    has joined later: what the other one had is lost.
    """
    registry = server.registry
    other = registry.boards.get(mac)
    if other is board:
        raise ReplacementRefused("replaced_by_itself")
    if other is None and mac not in registry.admission.waiting:
        raise ReplacementRefused("not_waiting")
    if other is not None and other.joined_at < board.joined_at:
        raise ReplacementRefused("replaced_by_older")
    server.problems.forget(board.mac)
    session = board.session
    registry.retired.retire(
        Retired(board.address, board.directed, session.name, session.id, mac)
    )
    if other is None:
        applicant = registry.admission.accept(mac)
        registry.move(board, mac)
        board.address, board.directed = applicant.address, applicant.directed
        registry.open_session(board, now.utc)
    else:
        server.problems.forget(mac)
        registry.continue_session(board, other)
        registry.move(board, mac)
        _take_over(board, other)
    # Those of the retired board are no evidence about this one.
    board.past_sessions = () if other is None else other.past_sessions
    registry.unrepeated_changed = True
    board.notify_listeners(SESSION)
    return other


def _take_over(board: Board, other: Board) -> None:
    """Take over what is known of a board that has joined, and end its own record."""
    board.address, board.directed = other.address, other.directed
    seen = [time for time in (board.last_seen, other.last_seen) if time is not None]
    board.last_seen = max(seen, default=None)
    for kind in KINDS:
        mine, its = board.readings[kind.index], other.readings[kind.index]
        mine.replace(newest([*mine, *its]))
        mine.value = its.value
    board.led_unconfirmed = other.led_unconfirmed
    board.led_target = other.led_target
    board.led_reports_changes_only = other.led_reports_changes_only
    board.unconfirmed_since = other.unconfirmed_since
    # Commands that wait for a confirmation of this record end now.
    other.session = Session(other.session.name, other.session.id, State.OFFLINE)
    other.notify_listeners(SESSION)
