"""Admission of new boards: all, those that the owner accepts, or none.

Any client of the broker can claim any MAC. Admission relies on that claim.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from .protocol import Discarded, Reason

#: Largest number of waiting boards. Each one is a repair issue: a flood of invented MACs
#: must not hide the real boards.
WAITING_AT_MOST: Final = 20

#: Seconds without a join after which a waiting board may be replaced by another one.
#: Boards in the field join every 5 s.
REPLACEABLE_AFTER: Final = 60.0


class Mode(StrEnum):
    """What happens to a board that was never seen before."""

    OPEN = "open"
    APPROVAL = "approval"
    CLOSED = "closed"


class Applicant(NamedTuple):
    """A board that is not part of the network."""

    address: str
    """The MAC in the case in which the board writes it."""
    directed: bool
    """Whether it joined on a topic of its own."""
    joined_at: float = 0.0
    """When it last joined, in seconds on the monotonic clock."""


class Admission:
    """Decides which new boards may join a network. MACs are in upper case."""

    def __init__(self) -> None:
        """Initialize as open to all boards."""
        self.mode = Mode.OPEN
        self.open_until = 0.0
        """Until when all boards are admitted in any mode, on the monotonic clock."""
        self.waiting: dict[str, Applicant] = {}
        """The last joins are last. Not stored: a board that waits joins again."""
        self.refused: dict[str, Applicant] = {}
        """Stored."""
        self.expected: set[str] = set()
        """MACs of boards that the owner waits for. They may join in any mode, also if they
        were refused."""

    def ask(self, mac: str, applicant: Applicant) -> None:
        """Return if a board may join now; raise ``Discarded`` otherwise."""
        if mac in self.expected:
            self.waiting.pop(mac, None)
            self.refused.pop(mac, None)
            return
        if mac in self.refused:
            raise Discarded(Reason.REFUSED)
        known = self.waiting.pop(mac, None) is not None
        if self.mode is Mode.OPEN or applicant.joined_at < self.open_until:
            return
        if self.mode is Mode.APPROVAL and (
            known or self._has_room(applicant.joined_at)
        ):
            self.waiting[mac] = applicant
        raise Discarded(Reason.NOT_ADMITTED)

    def _has_room(self, monotonic: float) -> bool:
        """Return whether one more board may wait; drop an outdated one if needed."""
        if len(self.waiting) == WAITING_AT_MOST:
            first = next(iter(self.waiting))
            if monotonic - self.waiting[first].joined_at < REPLACEABLE_AFTER:
                return False
            del self.waiting[first]
        return True

    def knows(self, mac: str) -> bool:
        """Return whether a board waits or was refused."""
        return mac in self.waiting or mac in self.refused

    def accept(self, mac: str) -> Applicant:
        """Remove and return a board that waits or was refused.

        Raises ``KeyError`` when there is none.
        """
        return self.waiting.pop(mac, None) or self.refused.pop(mac)

    def refuse(self, mac: str) -> bool:
        """Refuse a waiting board permanently; return whether it waited."""
        if (applicant := self.waiting.pop(mac, None)) is None:
            return False
        self.refused[mac] = applicant
        return True
