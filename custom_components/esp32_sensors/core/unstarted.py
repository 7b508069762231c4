"""Detection of boards that are answered repeatedly and never start their session.

Possible causes: the access list of the broker silently drops the answer, another server
answers as well, or the firmware does not understand the answer.
"""

from typing import Final, NamedTuple

#: Smallest number of joins after the first answer, and seconds since that answer, for a
#: board to be reported. Boards join every 5 s and need about 10 s from answer to start.
TIMES: Final = 3
DURATION: Final = 40.0

#: Seconds for which such a board is reported after its last join.
REPORTED: Final = 600.0


class _Joins(NamedTuple):
    """The joins of a board after the first answer without a start."""

    answered_at: float
    joined_at: float
    times: int


class Unstarted:
    """Boards that have not started; times are in seconds on the monotonic clock."""

    def __init__(self) -> None:
        """Initialize without boards."""
        self._joins: dict[str, _Joins] = {}

    def joined(self, mac: str, answered_at: float, monotonic: float) -> None:
        """Note a join of a board that was first answered at ``answered_at``."""
        known = self._joins.get(mac)
        first, times = (
            (known.answered_at, known.times + 1) if known else (answered_at, 1)
        )
        self._joins[mac] = _Joins(first, monotonic, times)

    def drop(self, mac: str) -> None:
        """Drop a board that has started its session or was removed."""
        self._joins.pop(mac, None)

    @property
    def stuck(self) -> list[str]:
        """Return the MACs of the boards that join repeatedly and do not start."""
        return [
            mac
            for mac, joins in self._joins.items()
            if joins.times >= TIMES and joins.joined_at - joins.answered_at >= DURATION
        ]

    def pass_time(self, monotonic: float) -> None:
        """Drop boards that no longer join."""
        for mac, joins in tuple(self._joins.items()):
            if monotonic - joins.joined_at >= REPORTED:
                del self._joins[mac]
