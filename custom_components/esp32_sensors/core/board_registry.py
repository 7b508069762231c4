"""The boards of a network by MAC and by name, with their names and sessions.

It holds everything about a network that is written to the disk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2s
from secrets import token_hex
from typing import Final

from . import protocol
from .admission import Admission, Applicant
from .board_names import NameRefused, NameTable, check_name, clean, name_fits
from .boards import SESSION, Board, Session, State
from .readings import KINDS
from .retired import RetiredBoards

#: Ids of past sessions kept for each board.
PAST_SESSIONS: Final = 4


@dataclass(frozen=True, eq=False)
class LostBoard:
    """A board whose name is known, and nothing else."""

    name: str


class BoardRegistry:
    """All boards of a network, by MAC in upper case."""

    def __init__(
        self, limit: int, is_reserved: Callable[[str], bool] | None = None
    ) -> None:
        """Initialize without boards.

        ``limit``: the largest number of boards. ``is_reserved`` returns whether a board
        uses a name in a session unknown to this network: no other board may get it.
        """
        self.boards: dict[str, Board] = {}
        self.admission = Admission()
        self.retired = RetiredBoards()
        self.last_session = 0
        """The last session id, as microsecond since the epoch."""
        self.next_number = 1
        """The number in the next default name."""
        self.name_prefix = protocol.NAME_PREFIX
        """The text before the number in default names."""
        self.salt = token_hex(8)
        """Key for ids of MACs that do not reveal the MAC; stored with the sessions."""
        self.sessions_changed = False
        """Whether there are changes that must be on the disk before they are sent."""
        self.values_changed = False
        """Whether there are changes that may be lost in a power failure."""
        self.unrepeated_changed = False
        """Whether they include some that boards do not repeat: a session start, or a
        reading of a kind that is not periodic."""
        self.limit = limit
        self._is_reserved = is_reserved or (lambda _name: False)
        self._by_name: dict[str, Board] = {}
        """Boards by the exact name in their messages."""
        self.find = self._by_name.get
        """Return the board whose current session has exactly this name, or None.

        The method of the dictionary itself: a function around it is 5 % of the time that
        the rules take for a message.
        """
        self._names: NameTable[Board | LostBoard] = NameTable()
        """Names of all current and next sessions, and of lost boards."""
        self._lost: dict[str, LostBoard] = {}
        """Boards that are not known any more, by MAC in upper case."""

    @property
    def is_full(self) -> bool:
        """Return whether the number of boards has reached the limit."""
        return len(self.boards) >= self.limit

    def is_free(self, name: str, mac: str) -> bool:
        """Return whether no board but that with a MAC has or will have a name.

        Names in sessions that are not known here are not considered.
        """
        return self._names.is_free(name, self.boards.get(mac) or self._lost.get(mac))

    def hidden_id(self, mac: str) -> str:
        """Return a short id of a MAC that does not reveal it and never changes.

        Without the salt the id could be reversed: the second half of a MAC has few
        enough values to try them all.
        """
        return blake2s(mac.encode(), key=self.salt.encode(), digest_size=8).hexdigest()

    # Boards

    def create(
        self, mac: str, applicant: Applicant, utc: float, name: str | None = None
    ) -> Board:
        """Create and return a new board with a session.

        ``name``: what `usable_name` returned, or another free one; None for the name
        that the board had when it was lost, else the next default name.
        """
        if (lost := self._lost.get(mac)) is not None and name is None:
            # A session unknown here that uses the name is most likely its own.
            name = lost.name if self._names.is_free(lost.name, lost) else None
        name = name or self._new_default_name()
        board = Board(mac, self._new_session(name, utc), utc)
        board.address, board.directed = applicant.address, applicant.directed
        self.restore(board)
        return board

    def expect(self, lost: Mapping[str, str]) -> None:
        """Keep the names of boards that are not known any more, by MAC, for these boards.

        Names that a board cannot have are left out.
        """
        for mac, name in lost.items():
            if mac not in self.boards and name_fits(name):
                self._lost[mac] = LostBoard(name)
                self._names.take(name, self._lost[mac])

    def forget_lost(self, mac: str) -> None:
        """Release the name of a board that is not known any more, if there is such one."""
        if (lost := self._lost.pop(mac, None)) is not None:
            self._names.release(lost.name, lost)

    def restore(self, board: Board) -> None:
        """Add a board that was stored."""
        self.forget_lost(board.mac)
        self.boards[board.mac] = self._by_name[board.session.name] = board
        self._names.take(board.session.name, board)
        if board.next_name is not None:
            self._names.take(board.next_name, board)

    def remove(self, board: Board) -> None:
        """Remove a board and release its names."""
        self._release_next_name(board)
        self._names.release(board.session.name, board)
        del self.boards[board.mac], self._by_name[board.session.name]
        self.sessions_changed = self.values_changed = True

    def move(self, board: Board, mac: str) -> None:
        """Give a board another MAC, which no board has."""
        self.forget_lost(mac)
        del self.boards[board.mac]
        board.mac = mac
        self.boards[mac] = board
        self.sessions_changed = self.values_changed = True

    # Sessions

    def open_session(self, board: Board, utc: float) -> None:
        """Replace the session of a board; messages of the old one are discarded now."""
        name = board.name_to_come
        board.past_sessions = (*board.past_sessions, board.session.id)[-PAST_SESSIONS:]
        self._release_next_name(board)
        del self._by_name[board.session.name]
        self._names.release(board.session.name, board)
        self._by_name[name] = board
        self._names.take(name, board)
        board.session = self._new_session(name, utc)
        for kind in KINDS:
            if kind.is_of_session:
                board.readings[kind.index].value = None
        board.led_target = None
        board.led_unconfirmed = board.led_reports_changes_only = False
        board.unconfirmed_since = None
        board.notify_listeners(SESSION)

    def continue_session(self, board: Board, other: Board) -> None:
        """Let a board continue the session of another one, which is removed.

        It has its own name again from its next session on.
        """
        name = board.name_to_come
        self.remove(other)
        self._release_next_name(board)
        del self._by_name[board.session.name]
        self._names.release(board.session.name, board)
        board.session = other.session
        self._by_name[board.session.name] = board
        self._names.take(board.session.name, board)
        board.next_name = name
        self._names.take(name, board)

    def _new_session(self, name: str, utc: float) -> Session:
        self.last_session = protocol.next_session(self.last_session, utc)
        self.sessions_changed = True
        session_id = protocol.session_id(self.last_session)
        return Session(name, session_id, State.ASSIGNED)

    # Names

    def usable_name(self, name: str, mac: str) -> str:
        """Return a name as a new board with a MAC gets it; raise ``NameRefused``."""
        name = clean(name)
        check_name(name)
        if self._is_taken(name, self._lost.get(mac)):
            raise NameRefused("taken")
        return name

    def rename(self, board: Board, name: str) -> None:
        """Give a board a name that the owner chose, from its next session on.

        The old name stays valid until then. Raises ``NameRefused``.
        """
        self._rename(board, name)
        board.own_name = None

    def name_as_device(self, board: Board, name: str) -> None:
        """Give a board the name of its device, and remember its name before.

        Raises ``NameRefused``.
        """
        before = board.name_to_come
        self._rename(board, name)
        after = board.name_to_come
        if board.own_name is None and after != before:
            board.own_name = before

    def name_as_before(self, board: Board) -> None:
        """Give a board the name that it had before it was named as its device.

        A board whose name before is unknown gets the next default name. Raises
        ``NameRefused``.
        """
        if board.own_name is None:
            self._rename(board, self._new_default_name())
        else:
            self._rename(board, board.own_name)
            board.own_name = None

    def _rename(self, board: Board, name: str) -> None:
        name = clean(name)
        check_name(name)
        if self._is_taken(name, board):
            raise NameRefused("taken")
        self._release_next_name(board)
        if name != board.session.name:
            board.next_name = name
            self._names.take(name, board)
        self.sessions_changed = True
        board.notify_listeners(SESSION)

    def _is_taken(self, name: str, board: Board | LostBoard | None) -> bool:
        """Return whether another board than ``board`` has or will have a name."""
        if self._names.is_free(name):
            return self._is_reserved(name)
        return not self._names.is_free(name, board)

    def _new_default_name(self) -> str:
        """Return the next default name that is free."""
        while self._is_taken(
            name := protocol.default_name(self.next_number, self.name_prefix), None
        ):
            self.next_number += 1
        self.next_number += 1
        return name

    def _release_next_name(self, board: Board) -> None:
        if board.next_name is not None:
            self._names.release(board.next_name, board)
            board.next_name = None
