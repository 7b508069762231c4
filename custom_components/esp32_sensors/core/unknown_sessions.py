"""Detection of boards that send messages in sessions unknown to this network.

This happens after a restored backup, after a config entry was deleted and added again,
after a board was deleted while it was connected, and when another server assigned the
session. Such boards do not join by themselves, so their owner has to restart them.
"""

from typing import Final

from .board_names import name_fits, same_name_key
from .protocol import SESSION_ID_BYTES

#: Smallest number of messages, and seconds between the first and the last, for a board in
#: an unknown session: more than the late messages of a session that has just ended.
TIMES: Final = 3
DURATION: Final = 10.0

#: Seconds without a message after which a board is dropped. Boards report light every
#: 2 s.
SILENCE: Final = 60.0


class UnknownSessions:
    """Names in unknown sessions; times are in seconds on the monotonic clock."""

    def __init__(self, limit: int) -> None:
        """Initialize without names; at most ``limit`` names are kept."""
        self._limit = limit
        self._messages: dict[str, tuple[float, float, int]] = {}
        """Times of the first and last message and their number, by name; the name with the
        newest message is last."""

    def message_received(self, name: str, session_id: str, monotonic: float) -> None:
        """Note a message in an unknown session.

        Names and session ids that no server can have assigned are ignored.
        """
        if not (name_fits(name) and 0 < len(session_id) <= SESSION_ID_BYTES):
            return
        first, _, times = self._messages.pop(name, (monotonic, monotonic, 0))
        if len(self._messages) < self._limit:
            self._messages[name] = (first, monotonic, times + 1)

    def is_used(self, name: str) -> bool:
        """Return whether a board recently used a name that counts as the same."""
        key = same_name_key(name)
        return any(same_name_key(used) == key for used in self._messages)

    @property
    def active(self) -> list[str]:
        """Return the names of the boards that continue in unknown sessions."""
        return [
            name
            for name, (first, last, times) in self._messages.items()
            if times >= TIMES and last - first >= DURATION
        ]

    def drop(self, name: str) -> None:
        """Drop a name whose session has become known."""
        self._messages.pop(name, None)

    def pass_time(self, monotonic: float) -> None:
        """Drop names without a recent message."""
        while self._messages:
            name, (_, last, _) = next(iter(self._messages.items()))
            if monotonic - last < SILENCE:
                return
            del self._messages[name]
