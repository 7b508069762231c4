"""The session protocol: every rule of it, and nothing of its transport.

Time is passed in. A message that breaks a rule raises ``Discarded`` and changes nothing.
"""

from typing import Final, NamedTuple

from . import protocol
from .admission import Admission, Applicant
from .boards import (
    BUTTON,
    LED,
    LIGHT,
    SEEN,
    SEEN_INTERVAL,
    SESSION,
    Board,
    Session,
    State,
)
from .protocol import Credentials, Discarded, Join, Reason, Report

#: Seconds for which a board that asks again is given the same assignment again. Boards
#: in the field ask every 5 s and keep the last answer they read, whichever that is.
REPEAT_ASSIGNMENT: Final = 30.0

#: A board that asks for a session while its last one is alive has restarted in a hurry.
#: Three times within ten minutes, it is rather two boards, or one that cannot stay up.
TAKEOVERS: Final = 3
TAKEOVER_WINDOW: Final = 600.0

#: Two boards with one client id disconnect each other, and the broker sends the last will
#: of the one before it lets the other in: none is alive when the next one asks. So four
#: new sessions within a minute are taken as the same.
REOPENINGS: Final = 4
REOPENING_WINDOW: Final = 60.0

#: Two boards with client ids of their own, and one MAC: the one goes on in the session
#: that the other's has replaced. What the broker or a board still had of an old session
#: comes within seconds.
OLD_SESSION_TIMES: Final = 3
OLD_SESSION_AFTER: Final = 30.0

#: Seconds for which it is shown that a board of its own topics asked on shared ones.
#: Boards in the field ask every 5 s.
ASTRAY: Final = 600.0

#: Seconds after which the LED of a board that is online, but did not say how it is, is
#: asked for, and how often at the most; each time after twice as long.
ASK_LED: Final = 5.0
ASK_LED_TIMES: Final = 3


class Instant(NamedTuple):
    """A moment on two clocks, both in seconds."""

    utc: float
    """Since the epoch: to be shown and kept. May be set forward and back."""
    monotonic: float
    """From any start: for durations."""


class NameRefused(ValueError):
    """A board cannot have this name; ``reason`` is ``invalid`` or ``taken``."""

    def __init__(self, reason: str) -> None:
        """Remember why."""
        super().__init__(reason)
        self.reason = reason


class Registry:
    """All boards of a network, by MAC in upper case."""

    def __init__(self, limit: int = 1000) -> None:
        """Start with no boards; there may be ``limit`` of them."""
        self.boards: dict[str, Board] = {}
        self.admission = Admission()
        self.contested: dict[str, float] = {}
        """MACs that seem to be two boards, and until when: on the monotonic clock."""
        self._opened: dict[str, tuple[float, ...]] = {}
        """When sessions of a MAC were last replaced, on the monotonic clock."""
        self._old_sessions: dict[str, int] = {}
        """MACs that also speak in an older session than the one that is alive, and how
        often they did."""
        self.astray: dict[str, float] = {}
        """MACs of boards of their own topics that ask on shared ones, and until when it
        is worth showing: on the monotonic clock."""
        self.last_session = 0
        """The microsecond that names the last session."""
        self.next_number = 1
        """The number in the next default name."""
        self._limit = limit
        self._by_name: dict[str, Board] = {}
        self._by_next_name: dict[str, Board] = {}
        self.sessions_changed = False
        """Something that must be on the disk before it may be told to anyone."""
        self.values_changed = False
        """Something that may be lost when the power goes."""
        self.switched = False
        """Among it a session's start, a LED or a button: said only once."""

    @property
    def is_full(self) -> bool:
        """Whether there are as many boards as there may be."""
        return len(self.boards) >= self._limit

    def join(self, join: Join, topic_mac: str | None, now: Instant) -> Board:
        """Give a board that asks for it a session; returns whom to answer.

        ``topic_mac`` is the MAC in the topic of the message, None on a shared topic.
        """
        if topic_mac not in (None, join.address):
            raise Discarded(Reason.OTHER_TOPIC)
        board = self.boards.get(join.mac)
        directed = topic_mac is not None
        if board is None:
            board = self._admit(join, directed, now)
        elif board.directed and not directed:
            # Whoever may write on shared topics could take over any board.
            self.astray[board.mac] = now.monotonic + ASTRAY
            raise Discarded(Reason.SHARED_TOPIC)
        elif not _may_repeat(board.session, now.monotonic):
            self._note_takeover(board, now.monotonic)
            self._open_session(board, now.utc)
        if (board.address, board.directed) != (join.address, directed):
            board.address = join.address
            board.directed = directed
            self.sessions_changed = True
        return board

    def start(self, who: Credentials, topic_mac: str | None, now: Instant) -> None:
        """Start a session, or take note that it goes on."""
        board = self._current(who.name, who.session_id, topic_mac, now)
        board.tell(self._heard(board, now))

    def leave(self, who: Credentials, topic_mac: str | None, now: Instant) -> None:
        """End a session, by the board's own word or by its last will."""
        board = self._current(who.name, who.session_id, topic_mac, now)
        if board.online:
            board.last_seen = now.utc
            board.seen = True
            self.values_changed = True
        self._set_offline(board)

    def led(self, report: Report, topic_mac: str | None, now: Instant) -> None:
        """Take note of the LED's state."""
        name, session_id, value = report
        board = self._current(name, session_id, topic_mac, now)
        changed = self._heard(board, now)
        board.led = value == 1
        board.led_doubt = False
        board.led_readings.keep(now.utc, value)
        self.switched = True
        board.tell(changed | LED)

    def button(self, report: Report, topic_mac: str | None, now: Instant) -> None:
        """Take note of a push (1) or a release (0)."""
        name, session_id, value = report
        board = self._current(name, session_id, topic_mac, now)
        if changed := self._heard(board, now):
            # By itself, and before: what a board that was away says first is a push like
            # any other, and not how its button was found.
            board.tell(changed)
        board.button = value == 1
        board.button_readings.keep(now.utc, value)
        self.switched = True
        board.tell(BUTTON)

    def light(self, report: Report, topic_mac: str | None, now: Instant) -> None:
        """Take note of the light, in percent."""
        name, session_id, value = report
        board = self._current(name, session_id, topic_mac, now)
        changed = self._heard(board, now)
        board.light = value
        board.light_readings.keep(now.utc, value)
        board.tell(changed | LIGHT)

    def pass_time(self, silence_limit: float, now: Instant) -> None:
        """Do what is due. A board not heard for ``silence_limit`` seconds is offline.

        A limit of 0 stands for none. To be called about once a second.
        """
        for board in self.boards.values():
            silence = now.monotonic - board.session.heard_at
            if board.online and 0 < silence_limit < silence:
                self._set_offline(board)
            if board.seen and now.monotonic - board.seen_told_at >= SEEN_INTERVAL:
                board.seen = False
                board.seen_told_at = now.monotonic
                board.tell(SEEN)
        for shown in (self.contested, self.astray):
            for mac, until in tuple(shown.items()):
                if now.monotonic >= until:
                    del shown[mac]

    def leds_to_ask_for(self, monotonic: float) -> list[Board]:
        """Return the boards whose LED is to be asked for now.

        A LED is uncertain when its status got lost: it is said once, and nobody can ask
        for it but by switching.
        """
        due = [
            board
            for board in self.boards.values()
            if board.online
            and board.led_uncertain
            and board.session.led_asked < ASK_LED_TIMES
            and monotonic >= board.session.ask_led_at
        ]
        for board in due:
            board.session.led_asked += 1
            board.session.ask_led_at = monotonic + ASK_LED * 2**board.session.led_asked
        return due

    def set_all_offline(self) -> None:
        """Believe nothing of what was known: nobody was heard for a time.

        Boards whose connection lasted go on with their sessions, and are back as soon
        as one is heard; of the others no will may have come through.
        """
        for board in self.boards.values():
            if board.online:
                self._set_offline(board)

    def accept(self, mac: str, now: Instant) -> Board | None:
        """Let in a board that waits or was refused; returns whom to answer.

        Returns None when there is no such board. Raises ``Discarded`` when there are as
        many boards as there may be.
        """
        self._check_limit()
        if (applicant := self.admission.accept(mac)) is None:
            return None
        return self._create(mac, applicant, now)

    def refuse(self, mac: str) -> None:
        """Turn away a board that waits, for good."""
        self.admission.refuse(mac)
        self.sessions_changed = True

    def allow_shared(self, mac: str) -> None:
        """Let a board of its own topics back to the shared ones."""
        if self.astray.pop(mac, None) is not None:
            self.boards[mac].directed = False
            self.sessions_changed = True

    def rename(self, board: Board, name: str) -> None:
        """Give a board another name, from its next session on.

        Until then its old name stays valid. Raises ``NameRefused``.
        """
        if not protocol.name_fits(name):
            raise NameRefused("invalid")
        if self._holder(name) not in (None, board):
            raise NameRefused("taken")
        self._drop_next_name(board)
        if name != board.session.name:
            board.next_name = name
            self._by_next_name[name] = board
        self.sessions_changed = True
        board.tell(SESSION)

    def forget(self, board: Board) -> None:
        """Remove a board; should it come again, it is new."""
        self._drop_next_name(board)
        del self.boards[board.mac], self._by_name[board.session.name]
        for watched in (
            self.contested,
            self.astray,
            self._opened,
            self._old_sessions,
        ):
            watched.pop(board.mac, None)
        self.sessions_changed = self.values_changed = True

    def add(self, board: Board) -> None:
        """Take in a board as it was known before."""
        self.boards[board.mac] = self._by_name[board.session.name] = board
        if board.next_name is not None:
            self._by_next_name[board.next_name] = board

    def _admit(self, join: Join, directed: bool, now: Instant) -> Board:
        """Let in a board that was never seen before, or raise ``Discarded``."""
        self._check_limit()
        applicant = Applicant(join.address, directed, now.monotonic)
        self.admission.ask(join.mac, applicant)
        return self._create(join.mac, applicant, now)

    def _check_limit(self) -> None:
        if self.is_full:
            raise Discarded(Reason.TOO_MANY_BOARDS)

    def _create(self, mac: str, applicant: Applicant, now: Instant) -> Board:
        """Make the record of a board, with a name that nobody has."""
        while self._holder(name := protocol.default_name(self.next_number)):
            self.next_number += 1
        self.next_number += 1
        board = Board(mac, self._new_session(name, now.utc), now.utc)
        board.address, board.directed = applicant.address, applicant.directed
        self.add(board)
        return board

    def _holder(self, name: str) -> Board | None:
        """Return who has a name, or is to have it."""
        return self._by_name.get(name) or self._by_next_name.get(name)

    def _drop_next_name(self, board: Board) -> None:
        if board.next_name is not None:
            del self._by_next_name[board.next_name]
            board.next_name = None

    def _note_takeover(self, board: Board, monotonic: float) -> None:
        """Watch for a MAC that opens sessions while its last one is alive, or in a row."""
        self._old_sessions.pop(board.mac, None)
        opened = (*self._opened.get(board.mac, ()), monotonic)[-REOPENINGS:]
        self._opened[board.mac] = opened
        if len(opened) == REOPENINGS and monotonic - opened[0] < REOPENING_WINDOW:
            self.contested[board.mac] = monotonic + TAKEOVER_WINDOW
        if not board.online:
            return
        board.takeovers = (*board.takeovers, monotonic)[-TAKEOVERS:]
        if (
            len(board.takeovers) == TAKEOVERS
            and monotonic - board.takeovers[0] < TAKEOVER_WINDOW
        ):
            self.contested[board.mac] = monotonic + TAKEOVER_WINDOW

    def _note_old_session(self, board: Board, session_id: str, now: Instant) -> None:
        """Watch for a MAC that speaks in two sessions at a time.

        Ids grow as texts. Those of another length are no ids of ours.
        """
        session = board.session
        if (
            board.online
            and len(session_id) == len(session.id)
            and session_id < session.id
            and (
                session.sent_at is None
                or now.monotonic - session.sent_at >= OLD_SESSION_AFTER
            )
        ):
            times = self._old_sessions.get(board.mac, 0) + 1
            self._old_sessions[board.mac] = times
            if times >= OLD_SESSION_TIMES:
                self.contested[board.mac] = now.monotonic + TAKEOVER_WINDOW

    def _open_session(self, board: Board, utc: float) -> None:
        """Replace a board's session by a new one; the old one is worth nothing now."""
        name = board.next_name or board.session.name
        self._drop_next_name(board)
        del self._by_name[board.session.name]
        self._by_name[name] = board
        board.session = self._new_session(name, utc)
        board.led = board.led_told = board.light = None
        board.led_doubt = False
        board.tell(SESSION)

    def _new_session(self, name: str, utc: float) -> Session:
        self.last_session = protocol.next_session(self.last_session, utc)
        self.sessions_changed = True
        session_id = protocol.session_id(self.last_session)
        return Session(name, session_id, State.ASSIGNED)

    def _current(
        self, name: str, session_id: str, topic_mac: str | None, now: Instant
    ) -> Board:
        """Find the board whose current session this is."""
        board = self._by_name.get(name)
        if board is None:
            raise Discarded(Reason.UNKNOWN_NAME)
        if board.session.id != session_id:
            self._note_old_session(board, session_id, now)
            raise Discarded(Reason.OTHER_SESSION)
        if topic_mac is None:
            if board.directed:
                raise Discarded(Reason.SHARED_TOPIC)
        elif topic_mac != board.address:
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
        board.seen = True
        self.values_changed = True
        if session.state is State.ONLINE:
            return 0
        if session.started_at is None:
            session.started_at = now.utc
            self.switched = True
        # Boards say when their button moves, not how it is: what it did meanwhile was
        # said to nobody, and hands let go sooner than boards come back.
        board.button = False
        session.state = State.ONLINE
        session.ask_led_at = now.monotonic + ASK_LED
        session.led_asked = 0
        return SESSION

    def _set_offline(self, board: Board) -> None:
        if board.session.state is not State.OFFLINE:
            board.session.state = State.OFFLINE
            board.tell(SESSION)


def _may_repeat(session: Session, monotonic: float) -> bool:
    """Tell whether a board that asks once more gets the same session once more."""
    return session.state is State.ASSIGNED and (
        session.sent_at is None or monotonic - session.sent_at < REPEAT_ASSIGNMENT
    )
