"""Who may join a network: every board, those the owner accepts, or none.

Any client of the broker can claim any MAC. Whoever is let in is let in by its claim.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from .protocol import Discarded, Reason

#: Boards that may wait to be accepted. Each one is shown to the owner: a flood of made-up
#: addresses must not bury the true ones.
WAITING_AT_MOST: Final = 20

#: Seconds after which a board that has not asked again makes room for another one.
#: Boards in the field ask every 5 s.
PATIENCE: Final = 60.0


class Mode(StrEnum):
    """What happens to a board that was never seen before."""

    OPEN = "open"
    APPROVAL = "approval"
    CLOSED = "closed"


class Applicant(NamedTuple):
    """A board that is not in the network."""

    address: str
    """The MAC as the board writes it."""
    directed: bool
    """Whether it asked on a topic of its own."""
    asked_at: float = 0.0
    """When it last asked, in seconds on the monotonic clock."""


class Admission:
    """The door of a network. MACs are in upper case."""

    def __init__(self) -> None:
        """Leave the door open."""
        self.mode = Mode.OPEN
        self.open_until = 0.0
        """Open until then whatever the mode, in seconds on the monotonic clock."""
        self.waiting: dict[str, Applicant] = {}
        """Those who asked last come last. In memory only: a board that waits asks again."""
        self.refused: dict[str, Applicant] = {}
        """To be kept."""

    def ask(self, mac: str, applicant: Applicant) -> None:
        """Let a board in, by returning; raise ``Discarded`` when it may not."""
        if mac in self.refused:
            raise Discarded(Reason.REFUSED)
        known = self.waiting.pop(mac, None) is not None
        if self.mode is Mode.OPEN or applicant.asked_at < self.open_until:
            return
        if self.mode is Mode.APPROVAL and (known or self._has_room(applicant.asked_at)):
            self.waiting[mac] = applicant
        raise Discarded(Reason.NOT_ADMITTED)

    def _has_room(self, monotonic: float) -> bool:
        """Make room for a board that is to wait; tell whether there is any."""
        if len(self.waiting) == WAITING_AT_MOST:
            first = next(iter(self.waiting))
            if monotonic - self.waiting[first].asked_at < PATIENCE:
                return False
            del self.waiting[first]
        return True

    def accept(self, mac: str) -> Applicant | None:
        """Let in a board that waits, or was refused; None when there is no such."""
        return self.waiting.pop(mac, None) or self.refused.pop(mac, None)

    def refuse(self, mac: str) -> None:
        """Send a board that waits away, for good."""
        if applicant := self.waiting.pop(mac, None):
            self.refused[mac] = applicant
