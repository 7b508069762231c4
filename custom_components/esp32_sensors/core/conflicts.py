"""Detection of two boards that use one MAC, and of boards that restart repeatedly.

A conflict needs evidence that a single board cannot produce: messages in a session that
this server once assigned to the MAC, after a newer session of the same MAC was started.
A board forgets its session when it restarts, so it never returns to an older one.
Sessions from a restored backup or a second server were never assigned here and are no
evidence (see ``unknown_sessions``). Frequent joins are none either, unless one board
could not be that fast.
"""

from typing import Final

from .boards import Board

#: Number of messages in an older session that are evidence, and seconds after the newer
#: assignment from which they count: messages that the broker or the board still had to
#: deliver arrive within seconds.
OLD_SESSION_TIMES: Final = 3
OLD_SESSION_AFTER: Final = 30.0

#: Number of new sessions of one MAC, and the seconds within which they are evidence too:
#: one ESP32 cannot boot, connect to Wi-Fi and the broker, join and start that often.
RESTARTS: Final = 4
TAKEOVER_WINDOW: Final = 4.0

#: Seconds within which they mean that the board restarts repeatedly, or that two boards
#: with one MAC and one client id disconnect each other (a board needs about 10 s to join
#: again). Messages do not show which of the two it is.
RESTART_WINDOW: Final = 45.0

#: Seconds for which both are reported after the last evidence.
REPORTED: Final = 600.0


class Conflicts:
    """Detects conflicts of MACs; times are in seconds on the monotonic clock."""

    def __init__(self) -> None:
        """Initialize without evidence."""
        self.contested: dict[str, float] = {}
        """MACs that two boards use, and until when this is reported."""
        self.restarting: dict[str, float] = {}
        """MACs of boards that restart repeatedly, and until when this is reported."""
        self._old_sessions: dict[str, int] = {}
        """Number of messages in older sessions, by MAC."""
        self._replaced: dict[str, tuple[float, ...]] = {}
        """When the last sessions were replaced, by MAC."""

    def session_replaced(self, board: Board, monotonic: float) -> None:
        """Note that a board gets a new session."""
        self._old_sessions.pop(board.mac, None)
        replaced = (*self._replaced.get(board.mac, ()), monotonic)[-RESTARTS:]
        self._replaced[board.mac] = replaced
        if len(replaced) < RESTARTS:
            return
        if monotonic - replaced[0] < TAKEOVER_WINDOW:
            self.contested[board.mac] = monotonic + REPORTED
        elif monotonic - replaced[0] < RESTART_WINDOW:
            self.restarting[board.mac] = monotonic + REPORTED

    def old_session_received(self, board: Board, monotonic: float) -> None:
        """Note a message in an older session of a board.

        To be called only if the current session of the board was started.
        """
        sent_at = board.session.sent_at
        # None: the assignment was sent before Home Assistant started, long enough ago.
        if sent_at is not None and monotonic - sent_at < OLD_SESSION_AFTER:
            return
        times = self._old_sessions.get(board.mac, 0) + 1
        self._old_sessions[board.mac] = times
        if times >= OLD_SESSION_TIMES:
            self.contested[board.mac] = monotonic + REPORTED

    def pass_time(self, monotonic: float) -> None:
        """Drop expired conflicts."""
        for reported in (self.contested, self.restarting):
            for mac, until in tuple(reported.items()):
                if monotonic >= until:
                    del reported[mac]

    def forget(self, mac: str) -> None:
        """Drop all evidence about a MAC."""
        for evidence in (
            self.contested,
            self.restarting,
            self._old_sessions,
            self._replaced,
        ):
            evidence.pop(mac, None)
