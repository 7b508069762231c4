"""The rules of the session protocol: what each message and each moment changes.

Time is passed in. A message that breaks a rule raises ``Discarded`` and changes nothing.
"""

from typing import Final

from .admission import Applicant
from .board_registry import BoardRegistry
from .boards import SESSION, Board, Session, State
from .clock import Instant
from .firmware import Info, set_firmware
from .led_polling import start_polling
from .problems import Problems
from .protocol import Assignment, Credentials, Discarded, Join, Reason, Report
from .readings import KINDS, ReadingKind

#: Seconds for which a join is answered with the same assignment again. Boards in the
#: field join every 5 s and keep the last answer that they received.
REPEAT_ASSIGNMENT: Final = 30.0


class SessionServer:
    """The server side of the protocol for the boards of one network."""

    def __init__(self, limit: int) -> None:
        """Initialize without boards; ``limit`` is the largest number of them."""
        self.problems = Problems(limit)
        self.registry = BoardRegistry(limit, self.problems.unknown_sessions.is_used)

    # Messages

    def join(self, join: Join, topic_mac: str | None, now: Instant) -> Board:
        """Assign a session to a board that asks for one; return the board to answer.

        ``topic_mac`` is the MAC in the topic of the message, None on a shared topic.
        """
        if topic_mac not in (None, join.address):
            raise Discarded(Reason.OTHER_TOPIC)
        registry = self.registry
        board = registry.boards.get(join.mac)
        directed = topic_mac is not None
        if board is None:
            board = self._admit(join, directed, now)
        elif board.directed and not directed:
            # Anyone who may publish on shared topics could take over any board.
            self.problems.joined_on_shared_topic(board.mac, now.monotonic)
            raise Discarded(Reason.SHARED_TOPIC)
        else:
            self._renew_session(board, now)
        if (board.address, board.directed) != (join.address, directed):
            board.address = join.address
            board.directed = directed
            registry.sessions_changed = True
        return board

    def _renew_session(self, board: Board, now: Instant) -> None:
        """Open a new session, unless the current assignment may be sent again."""
        session = board.session
        if session.state is State.ASSIGNED and session.sent_at is not None:
            self.problems.unstarted.joined(board.mac, session.sent_at, now.monotonic)
        if not _may_repeat(session, now.monotonic):
            self.problems.conflicts.session_replaced(board, now.monotonic)
            self.registry.open_session(board, now.utc)

    def start(self, who: Credentials, topic_mac: str | None, now: Instant) -> None:
        """Start a session, or note that it continues."""
        board = self._find(who.name, who.session_id, topic_mac, now)
        if changed := self._mark_online(board, now):
            board.notify_listeners(changed)

    def leave(self, who: Credentials, topic_mac: str | None, now: Instant) -> None:
        """End a session: the board has left, or the broker has sent its last will.

        A will may come late, and on ``state/leave`` it may be that of a board of another
        network. So a will of an old session is no evidence of a second board.
        """
        board = self._find(who.name, who.session_id, topic_mac)
        if board.online:
            board.last_seen = now.utc
            self.registry.values_changed = True
        _set_offline(board)

    def report(
        self, kind: ReadingKind, report: Report, topic_mac: str | None, now: Instant
    ) -> None:
        """Store a reading of a board."""
        name, session_id, value = report
        board = self._find(name, session_id, topic_mac, now)
        changed = self._mark_online(board, now)
        if changed and kind.initial is not None:
            # First the initial value, then the reading: the first push of a board that
            # comes back must be a push and not the state in which its button was found.
            board.notify_listeners(changed)
            changed = 0
        readings = board.readings[kind.index]
        readings.append(now.utc, value == 1 if kind.is_binary else value)
        if not kind.is_periodic:
            self.registry.unrepeated_changed = True
            if kind.is_commanded:
                board.led_unconfirmed = False
                board.unconfirmed_since = None
        elif not changed:
            for listener in readings.listeners:
                listener(kind.aspect)
            return
        board.notify_listeners(changed | kind.aspect)

    def info(self, info: Info, topic_mac: str | None, now: Instant) -> Board | None:
        """Store the firmware of a board; return the board if anything has changed."""
        board = self._find(info.name, info.session_id, topic_mac, now)
        changed = self._mark_online(board, now) | set_firmware(board, info.firmware)
        self.registry.unrepeated_changed |= bool(changed)
        board.notify_listeners(changed)
        return board if changed else None

    def assignment(
        self, assignment: Assignment, _topic_mac: str | None, now: Instant
    ) -> None:
        """Note an assignment on the shared topic, of this server or another one."""
        self.problems.assignment_received(
            assignment, self.registry.boards, now.monotonic
        )

    def is_current(self, who: Credentials) -> bool:
        """Return whether a board on shared topics has this name and session id."""
        board = self.registry.find(who.name)
        return (
            board is not None
            and board.session.id == who.session_id
            and not board.directed
        )

    # Time and connection

    def pass_time(self, silence_limit: float, now: Instant) -> None:
        """Run the periodic checks; to be called about once a second.

        A board without a message for ``silence_limit`` seconds is offline; 0 is no limit.
        """
        for board in self.registry.boards.values():
            silence = now.monotonic - board.session.received_at
            if board.online and 0 < silence_limit < silence:
                _set_offline(board)
        self.problems.pass_time(now.monotonic)
        self.registry.retired.pass_time(now.monotonic)

    def set_all_offline(self) -> None:
        """Mark all boards offline, since the connection with the broker was lost.

        Last wills may have been missed. A board whose own connection lasted continues its
        session and is online with its next message.
        """
        for board in self.registry.boards.values():
            if board.online:
                _set_offline(board)

    # Decisions of the owner

    def accept(self, mac: str, now: Instant, name: str = "") -> Board | None:
        """Admit a board that waits, was refused or is retired; return the board to answer.

        ``name``: what the owner calls it; without one it gets a default name. Returns None
        when there is no such board. Raises ``Discarded`` when the network is full, and
        ``NameRefused``.
        """
        registry = self.registry
        retired = registry.retired.get(mac)
        if retired is None and not registry.admission.knows(mac):
            return None
        self._check_limit()
        usable = registry.usable_name(name, mac) if name.strip() else None
        if retired is not None:
            registry.retired.remove(mac)
            applicant = Applicant(retired.address, retired.directed)
        else:
            applicant = registry.admission.accept(mac)
        return registry.create(mac, applicant, now.utc, usable)

    def refuse(self, mac: str) -> bool:
        """Refuse a board that waits, permanently; return whether it waited."""
        refused = self.registry.admission.refuse(mac)
        self.registry.sessions_changed |= refused
        return refused

    def allow_shared(self, mac: str) -> bool:
        """Let a board with topics of its own use the shared topics again.

        Return whether it has recently joined on a shared topic.
        """
        if self.problems.shared_topic_joins.pop(mac, None) is None:
            return False
        self.registry.boards[mac].directed = False
        self.registry.sessions_changed = True
        return True

    def forget(self, board: Board) -> None:
        """Remove a board; if it joins again, it is a new one."""
        self.registry.remove(board)
        self.registry.retired.forget_replaced_by(board.mac)
        self.problems.forget(board.mac)

    def _admit(self, join: Join, directed: bool, now: Instant) -> Board:
        """Create a board that was never seen before, or raise ``Discarded``."""
        applicant = Applicant(join.address, directed, now.monotonic)
        registry = self.registry
        if join.mac in registry.admission.expected:
            registry.retired.remove(join.mac)
        elif registry.retired.joined(join.mac, applicant):
            raise Discarded(Reason.RETIRED)
        self._check_limit()
        registry.admission.ask(join.mac, applicant)
        return registry.create(join.mac, applicant, now.utc)

    def _check_limit(self) -> None:
        if self.registry.is_full:
            raise Discarded(Reason.TOO_MANY_BOARDS)

    def _find(
        self,
        name: str,
        session_id: str,
        topic_mac: str | None,
        now: Instant | None = None,
    ) -> Board:
        """Return the board of a current session, or raise ``Discarded``.

        With ``now``, a message of another session is noted as evidence that a board is
        in it.
        """
        board = self.registry.find(name)
        if board is None or board.session.id != session_id:
            if now is not None:
                if self.registry.retired.session_received(
                    name, session_id, now.monotonic
                ):
                    raise Discarded(Reason.RETIRED)
                self.problems.other_session_received(
                    board, name, session_id, now.monotonic
                )
            raise Discarded(
                Reason.UNKNOWN_NAME if board is None else Reason.OTHER_SESSION
            )
        if topic_mac is None:
            if board.directed:
                raise Discarded(Reason.SHARED_TOPIC)
        elif topic_mac != board.address:
            raise Discarded(Reason.OTHER_TOPIC)
        return board

    def _mark_online(self, board: Board, now: Instant) -> int:
        """Note a message in the current session; return the aspects that it changes.

        Any message of the current session proves that the board is online, also when its
        start was lost or it had left.
        """
        session = board.session
        session.received_at = now.monotonic
        board.last_seen = now.utc
        self.registry.values_changed = True
        if session.state is State.ONLINE:
            return 0
        self.problems.unstarted.drop(board.mac)
        if session.started_at is None:
            session.started_at = now.utc
            self.registry.unrepeated_changed = True
        for kind in KINDS:
            if kind.initial is not None:
                board.readings[kind.index].value = kind.initial
        session.state = State.ONLINE
        start_polling(session, now.monotonic)
        return SESSION


def _set_offline(board: Board) -> None:
    if board.session.state is not State.OFFLINE:
        board.session.state = State.OFFLINE
        board.notify_listeners(SESSION)


def _may_repeat(session: Session, monotonic: float) -> bool:
    """Return whether a join is answered with the current session again."""
    return session.state is State.ASSIGNED and (
        session.sent_at is None or monotonic - session.sent_at < REPEAT_ASSIGNMENT
    )
