"""Boards and their sessions: every rule of the protocol, and nothing of its transport.

Time is passed in. A message that breaks a rule raises ``Discarded`` and changes nothing.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Final, NamedTuple

from . import protocol
from .protocol import Credentials, Discarded, Join, Reason, Report

#: What of a board has changed. Plain bits: they are tested for every message.
SESSION: Final = 1
LED: Final = 2
BUTTON: Final = 4
LIGHT: Final = 8

#: Seconds for which a board that asks again is given the same assignment again. Boards
#: in the field ask every 5 s and keep the last answer they read, whichever that is.
REPEAT_ASSIGNMENT: Final = 30.0

#: Values of LED, button and light that are kept for each board.
READINGS_KEPT: Final = 10

type Reading = tuple[float, int]
"""When a value came, in seconds since the epoch, and the value. A plain tuple: there are
thirty for each board, and the garbage collector leaves plain tuples of numbers alone."""

type Listener = Callable[[int], None]
"""Told what has changed: a sum of the bits above."""


class Instant(NamedTuple):
    """A moment on two clocks, both in seconds."""

    utc: float
    """Since the epoch: to be shown and kept. May be set forward and back."""
    monotonic: float
    """From any start: for durations."""


class State(StrEnum):
    """Where a session stands."""

    ASSIGNED = "assigned"
    ONLINE = "online"
    OFFLINE = "offline"


class Session:
    """A name and an id by which a board is known until it asks for new ones."""

    __slots__ = ("heard_at", "id", "name", "sent_at", "started_at", "state")

    def __init__(self, name: str, session_id: str, state: State) -> None:
        """Open a session that nobody has been told of yet."""
        self.name = name
        self.id = session_id
        self.state = state
        self.sent_at: float | None = None
        """When the board was first told, on the monotonic clock."""
        self.heard_at = 0.0
        """On the monotonic clock; of no meaning until the board was heard."""
        self.started_at: float | None = None
        """Seconds since the epoch."""


class Board:
    """What is known of one board. Entities are windows on it."""

    __slots__ = (
        "address",
        "button",
        "button_readings",
        "directed",
        "joined_at",
        "last_seen",
        "led",
        "led_readings",
        "light",
        "light_readings",
        "listeners",
        "mac",
        "session",
    )

    def __init__(self, mac: str, session: Session, joined_at: float) -> None:
        """Make the record of a board."""
        self.mac = mac
        self.address = mac
        """The MAC as the board writes it."""
        self.directed = False
        """Whether it joined on a topic of its own."""
        self.session = session
        self.joined_at = joined_at
        self.last_seen: float | None = None
        # What the board has said in this session; None: nothing yet.
        self.led: bool | None = None
        self.button: bool | None = None
        self.light: int | None = None
        # The last values of any session, oldest first.
        self.led_readings: list[Reading] = []
        self.button_readings: list[Reading] = []
        self.light_readings: list[Reading] = []
        self.listeners: list[tuple[int, Listener]] = []

    @property
    def online(self) -> bool:
        """Whether the session was started, and the board is there."""
        return self.session.state is State.ONLINE

    @property
    def topic_suffix(self) -> str:
        """What ends the topics on which this board listens."""
        return f"/{self.address}" if self.directed else ""

    def listen(self, aspects: int, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` told when one of ``aspects`` changes; returns how to stop."""
        entry = (aspects, listener)
        self.listeners.append(entry)
        return lambda: self.listeners.remove(entry)

    def tell(self, changed: int) -> None:
        """Tell whom it concerns."""
        for aspects, listener in tuple(self.listeners):
            if aspects & changed:
                listener(changed)


class Registry:
    """All boards of a network, by MAC."""

    def __init__(self) -> None:
        """Start with no boards."""
        self.boards: dict[str, Board] = {}
        self._by_name: dict[str, Board] = {}
        self._last_session = 0
        self._next_number = 1
        self.sessions_changed = False
        """Something that must be on the disk before it may be told to anyone."""
        self.values_changed = False
        """Something that may be lost when the power goes."""
        self.switched = False
        """Among it a session's start, a LED or a button: said only once."""

    def join(self, join: Join, topic_mac: str | None, now: Instant) -> Board:
        """Give a board that asks for it a session; returns whom to answer.

        ``topic_mac`` is the MAC in the topic of the message, None on a shared topic.
        """
        if topic_mac not in (None, join.address):
            raise Discarded(Reason.OTHER_TOPIC)
        board = self.boards.get(join.mac)
        if board is None:
            board = self._create(join.mac, now)
        elif not _may_repeat(board.session, now.monotonic):
            self._open_session(board, now.utc)
        directed = topic_mac is not None
        if (board.address, board.directed) != (join.address, directed):
            board.address = join.address
            board.directed = directed
            self.sessions_changed = True
        return board

    def start(self, who: Credentials, topic_mac: str | None, now: Instant) -> None:
        """Start a session, or take note that it goes on."""
        board = self._current(who.name, who.session_id, topic_mac)
        board.tell(self._heard(board, now))

    def leave(self, who: Credentials, topic_mac: str | None, now: Instant) -> None:
        """End a session, by the board's own word or by its last will."""
        board = self._current(who.name, who.session_id, topic_mac)
        if board.online:
            board.last_seen = now.utc
            self.values_changed = True
        self._set_offline(board)

    def led(self, report: Report, topic_mac: str | None, now: Instant) -> None:
        """Take note of the LED's state."""
        board = self._current(report.name, report.session_id, topic_mac)
        changed = self._heard(board, now)
        board.led = report.value == 1
        _keep(board.led_readings, now.utc, report.value)
        self.switched = True
        board.tell(changed | LED)

    def button(self, report: Report, topic_mac: str | None, now: Instant) -> None:
        """Take note of a push (1) or a release (0)."""
        board = self._current(report.name, report.session_id, topic_mac)
        changed = self._heard(board, now)
        board.button = report.value == 1
        _keep(board.button_readings, now.utc, report.value)
        self.switched = True
        board.tell(changed | BUTTON)

    def light(self, report: Report, topic_mac: str | None, now: Instant) -> None:
        """Take note of the light, in percent."""
        board = self._current(report.name, report.session_id, topic_mac)
        changed = self._heard(board, now)
        board.light = report.value
        _keep(board.light_readings, now.utc, report.value)
        board.tell(changed | LIGHT)

    def set_silent_offline(self, limit: float, monotonic: float) -> None:
        """Set offline every board that was not heard for ``limit`` seconds."""
        for board in self.boards.values():
            if board.online and monotonic - board.session.heard_at > limit:
                self._set_offline(board)

    def set_all_offline(self) -> None:
        """Believe nothing of what was known: nobody was heard for a time.

        Boards whose connection lasted go on with their sessions, and are back as soon
        as one is heard; of the others no will may have come through.
        """
        for board in self.boards.values():
            if board.online:
                self._set_offline(board)

    def _create(self, mac: str, now: Instant) -> Board:
        """Make the record of a board that was never seen before."""
        while (name := protocol.default_name(self._next_number)) in self._by_name:
            self._next_number += 1
        self._next_number += 1
        board = Board(mac, self._new_session(name, now.utc), now.utc)
        self.boards[mac] = self._by_name[name] = board
        return board

    def _open_session(self, board: Board, utc: float) -> None:
        """Replace a board's session by a new one; the old one is worth nothing now."""
        board.session = self._new_session(board.session.name, utc)
        board.tell(SESSION)

    def _new_session(self, name: str, utc: float) -> Session:
        self._last_session = protocol.next_session(self._last_session, utc)
        self.sessions_changed = True
        session_id = protocol.session_id(self._last_session)
        return Session(name, session_id, State.ASSIGNED)

    def _current(self, name: str, session_id: str, topic_mac: str | None) -> Board:
        """Find the board whose current session this is."""
        board = self._by_name.get(name)
        if board is None:
            raise Discarded(Reason.UNKNOWN_NAME)
        if board.session.id != session_id:
            raise Discarded(Reason.OTHER_SESSION)
        if topic_mac not in (None, board.address):
            raise Discarded(Reason.OTHER_TOPIC)
        return board

    def _heard(self, board: Board, now: Instant) -> int:
        """Take note of a sign of life; returns what it changes.

        Whatever matches the current session proves that the board has it and is there:
        also when its start was lost, or it seemed to have left.
        """
        session = board.session
        session.heard_at = now.monotonic
        board.last_seen = now.utc
        self.values_changed = True
        if session.state is State.ONLINE:
            return 0
        if session.started_at is None:
            session.started_at = now.utc
            self.switched = True
            board.led = board.light = None
            # Boards say when their button moves, not how it was found.
            board.button = False
        session.state = State.ONLINE
        return SESSION

    def _set_offline(self, board: Board) -> None:
        if board.session.state is not State.OFFLINE:
            board.session.state = State.OFFLINE
            board.tell(SESSION)

    def sessions_as_dict(self) -> dict[str, Any]:
        """Write down what must never be lost: names, and ids that were given out."""
        return {
            "last_session": self._last_session,
            "next_number": self._next_number,
            "boards": [
                {
                    "mac": board.mac,
                    "address": board.address,
                    "directed": board.directed,
                    "joined_at": board.joined_at,
                    "name": board.session.name,
                    "session_id": board.session.id,
                }
                for board in self.boards.values()
            ],
        }

    def values_as_dict(self) -> dict[str, Any]:
        """Write down what the boards have said."""
        return {
            board.mac: {
                "session_id": board.session.id,
                "started_at": board.session.started_at,
                "last_seen": board.last_seen,
                "led": board.led,
                "button": board.button,
                "light": board.light,
                "led_readings": list(board.led_readings),
                "button_readings": list(board.button_readings),
                "light_readings": list(board.light_readings),
            }
            for board in self.boards.values()
        }

    def restore(self, sessions: dict[str, Any], values: dict[str, Any]) -> None:
        """Take up what was written down. No board is online until it is heard.

        Nor is a session taken as still to be started: one that was must never be given
        out again.
        """
        self._last_session = sessions["last_session"]
        self._next_number = sessions["next_number"]
        for stored in sessions["boards"]:
            name, session_id = stored["name"], stored["session_id"]
            session = Session(name, session_id, State.OFFLINE)
            board = Board(stored["mac"], session, stored["joined_at"])
            board.address = stored["address"]
            board.directed = stored["directed"]
            self.boards[board.mac] = self._by_name[name] = board
            if (said := values.get(board.mac)) is not None:
                _restore_values(board, said)


def _may_repeat(session: Session, monotonic: float) -> bool:
    """Tell whether a board that asks once more gets the same session once more."""
    return session.state is State.ASSIGNED and (
        session.sent_at is None or monotonic - session.sent_at < REPEAT_ASSIGNMENT
    )


def _keep(readings: list[Reading], time: float, value: int) -> None:
    """Add a value to the last ones."""
    readings.append((time, value))
    if len(readings) > READINGS_KEPT:
        del readings[0]


def _restore_values(board: Board, said: dict[str, Any]) -> None:
    """Give a board back what it had said."""
    board.last_seen = said["last_seen"]
    board.led_readings = _readings(said["led_readings"])
    board.button_readings = _readings(said["button_readings"])
    board.light_readings = _readings(said["light_readings"])
    # Both files are written at their own times: these may be of an older session.
    if said["session_id"] == board.session.id:
        board.session.started_at = said["started_at"]
        board.led = said["led"]
        board.button = said["button"]
        board.light = said["light"]


def _readings(stored: Iterable[tuple[float, int]]) -> list[Reading]:
    return [(time, value) for time, value in stored]
