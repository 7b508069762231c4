"""Pace of LED commands for several boards on shared topics."""

from typing import Final

#: Seconds from one command on shared topics to the next one. The broker delivers each to
#: every board. mosquitto sends a client 20 unacknowledged messages at most
#: (max_inflight_messages), and published boards do not read for about a second.
INTERVAL: Final = 0.1


class Pace:
    """Times at which commands may be sent, on the monotonic clock."""

    def __init__(self) -> None:
        """Initialize; the first command may be sent at once."""
        self._next_at = 0.0

    def reserve(self, monotonic: float) -> float:
        """Reserve the next free time; return the seconds until then."""
        at = max(self._next_at, monotonic)
        self._next_at = at + INTERVAL
        return at - monotonic
