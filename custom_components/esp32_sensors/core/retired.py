"""Boards that were replaced by others: they get no answer, and change nothing."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from .admission import Applicant

#: Largest number of retired boards that are kept; the newest ones.
MOST: Final = 1000

#: Seconds for which a retired board is reported after its last message. Boards in the
#: field join every 5 s.
REPORTED: Final = 600.0


class Retired(NamedTuple):
    """A board that was replaced."""

    address: str
    """The MAC in the case in which the board writes it."""
    directed: bool
    """Whether it has topics of its own."""
    name: str
    session_id: str
    """Its last session."""
    replaced_by: str
    """The MAC, in upper case, of the board that has its place now."""


class RetiredBoards:
    """The retired boards of a network, by MAC in upper case."""

    def __init__(self) -> None:
        """Initialize without boards."""
        self.returned: dict[str, float] = {}
        """MACs of those that were heard again, and until when this is reported, on the
        monotonic clock. Not stored."""
        self._boards: dict[str, Retired] = {}
        self._by_session: dict[tuple[str, str], str] = {}

    def __iter__(self) -> Iterator[Retired]:
        """Iterate over the retired boards, in the order in which they were retired."""
        return iter(self._boards.values())

    def get(self, mac: str) -> Retired | None:
        """Return a retired board; None when there is none with this MAC."""
        return self._boards.get(mac)

    @property
    def heard(self) -> list[Retired]:
        """Return the retired boards that were heard again."""
        return [self._boards[mac] for mac in self.returned]

    def retire(self, retired: Retired) -> None:
        """Retire a board. Boards that it had replaced are replaced by its successor."""
        mac = retired.address.upper()
        for earlier in tuple(self):
            if earlier.replaced_by == mac:
                self._boards[earlier.address.upper()] = earlier._replace(
                    replaced_by=retired.replaced_by
                )
        if len(self._boards) == MOST:
            self.remove(next(iter(self._boards)))
        self._boards[mac] = retired
        self._by_session[retired.name, retired.session_id] = mac

    def remove(self, mac: str) -> Retired | None:
        """Remove and return a retired board; None when there is none."""
        self.returned.pop(mac, None)
        if (retired := self._boards.pop(mac, None)) is not None:
            del self._by_session[retired.name, retired.session_id]
        return retired

    def forget_replaced_by(self, mac: str) -> None:
        """Remove the boards that a board had replaced, which is removed itself."""
        for retired in tuple(self):
            if retired.replaced_by == mac:
                self.remove(retired.address.upper())

    def joined(self, mac: str, applicant: Applicant) -> bool:
        """Note a join; return whether it is one of a retired board."""
        if (retired := self._boards.get(mac)) is None:
            return False
        self._boards[mac] = retired._replace(
            address=applicant.address, directed=applicant.directed
        )
        self.returned[mac] = applicant.joined_at + REPORTED
        return True

    def session_received(self, name: str, session_id: str, monotonic: float) -> bool:
        """Note a message in a session; return whether it is one of a retired board."""
        if (mac := self._by_session.get((name, session_id))) is None:
            return False
        self.returned[mac] = monotonic + REPORTED
        return True

    def pass_time(self, monotonic: float) -> None:
        """Drop returned boards that are no longer heard."""
        for mac, until in tuple(self.returned.items()):
            if monotonic >= until:
                del self.returned[mac]
