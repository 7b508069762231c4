"""Records of boards: session, readings, and listeners to their changes."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final

from .protocol import Firmware
from .readings import KINDS, LED, Listener, ReadingKind, Readings

#: Aspect of a board: its session, its name, whether it is online, whether it is being
#: identified, or its firmware. The other aspects are those of ``KINDS``. They are bits of one byte since every message tests them.
SESSION: Final = 1

#: Aspect of a board: its time of joining and its last readings, changed as a whole. The
#: last bit of the byte, so that kinds may be added.
RECORD: Final = 128


class State(StrEnum):
    """State of a session."""

    ASSIGNED = "assigned"
    ONLINE = "online"
    OFFLINE = "offline"


class Session:
    """A name and a session id, valid until the next join of the board."""

    __slots__ = (
        "ask_led_at",
        "firmware_reported",
        "id",
        "led_asked",
        "name",
        "received_at",
        "sent_at",
        "started_at",
        "state",
    )

    def __init__(self, name: str, session_id: str, state: State) -> None:
        """Initialize a session whose assignment was not sent yet."""
        self.name = name
        self.id = session_id
        self.state = state
        self.sent_at: float | None = None
        """When the assignment was first sent, on the monotonic clock."""
        self.received_at = 0.0
        """When the last message was received, on the monotonic clock; without meaning
        before the first message."""
        self.started_at: float | None = None
        """Seconds since the epoch."""
        self.ask_led_at = 0.0
        """When to ask for the LED if it is uncertain, on the monotonic clock."""
        self.led_asked = 0
        """How often the LED was asked for since the board came online."""
        self.firmware_reported = False
        """Whether the board has reported its firmware in this session."""


class Board:
    """The record of one board. Entities, dashboards and diagnostics read it."""

    __slots__ = (
        "_aspects",
        "_listeners",
        "address",
        "directed",
        "firmware",
        "identifying",
        "joined_at",
        "last_seen",
        "led_before",
        "led_commands",
        "led_reports_changes_only",
        "led_target",
        "led_unconfirmed",
        "mac",
        "next_name",
        "own_name",
        "past_sessions",
        "readings",
        "session",
        "unconfirmed_since",
    )

    def __init__(self, mac: str, session: Session, joined_at: float) -> None:
        """Initialize the record; ``joined_at`` is in seconds since the epoch."""
        self.mac = mac
        self.address = mac
        """The MAC in the case in which the board writes it."""
        self.directed = False
        """Whether it joined on a topic of its own."""
        self.session = session
        self.firmware: Firmware | None = None
        """The firmware as last reported; None when it is unknown."""
        self.joined_at = joined_at
        self.last_seen: float | None = None
        """When the last message was received, in seconds since the epoch."""
        self.next_name: str | None = None
        """The name from the next session on; None when it stays the same."""
        self.own_name: str | None = None
        """The name before the board was named as its device; None if it was not."""
        self.past_sessions: tuple[str, ...] = ()
        """The ids of the sessions before this one, oldest first."""
        self.readings = tuple(Readings() for _ in KINDS)
        """The last readings of each kind, in the order of ``KINDS``."""
        self.unconfirmed_since: float | None = None
        """When an LED command was sent that was not confirmed, on the monotonic clock;
        None when the board has reported its LED since."""
        self.led_unconfirmed = False
        """Whether the LED may have changed without a report: a command was not
        confirmed."""
        self.led_target: bool | None = None
        """The state that the LED was last commanded to have, until the confirmed state is
        on the disk."""
        self.led_reports_changes_only = False
        """Whether the board did not answer, in this session, a command that changed
        nothing."""
        self.led_commands = 0
        """How many commands wait for a confirmation."""
        self.led_before: bool | None = None
        """The state that the LED gets back after it blinked to identify the board; None
        when there is nothing to give back."""
        self.identifying = False
        """Whether the LED blinks to identify the board."""
        self._listeners: tuple[Listener, ...] = ()
        """Replaced and never changed: a listener may unsubscribe while it is called."""
        self._aspects = b""
        """The aspects of each listener, one byte each."""

    @property
    def online(self) -> bool:
        """Return whether the session was started and the board is online."""
        return self.session.state is State.ONLINE

    @property
    def name_to_come(self) -> str:
        """Return the name of the next session."""
        return self.next_name or self.session.name

    def value(self, kind: ReadingKind) -> int | None:
        """Return the value of a kind in this session; None when it is unknown."""
        return self.readings[kind.index].value

    @property
    def led(self) -> bool | None:
        """Return the state of the LED as reported; None when it is unknown."""
        value = self.readings[LED.index].value
        return None if value is None else value == 1

    @property
    def led_uncertain(self) -> bool:
        """Return whether the LED may differ from its last report."""
        return self.led_unconfirmed or self.readings[LED.index].value is None

    @property
    def led_expected(self) -> bool:
        """Return the state that an uncertain LED should have.

        That is the one before it blinked, else the commanded one, else the reported one,
        else off, as after power-on.
        """
        if self.led_before is not None:
            return self.led_before
        return bool(self.led if self.led_target is None else self.led_target)

    @property
    def topic_suffix(self) -> str:
        """Return the end of the topics to which this board subscribes."""
        return f"/{self.address}" if self.directed else ""

    def listen(self, aspects: int, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` when one of ``aspects`` changes; return the unsubscriber."""
        self._set_listeners([*self._listeners_and_aspects(), (listener, aspects)])
        return lambda: self.unlisten(listener)

    def unlisten(self, listener: Listener) -> None:
        """Unsubscribe a listener."""
        self._set_listeners(
            [
                (other, aspects)
                for other, aspects in self._listeners_and_aspects()
                if other != listener
            ]
        )

    def notify_listeners(self, changed: int) -> None:
        """Call the listeners of at least one of the aspects in ``changed``."""
        for listener in self._listeners_of(changed):
            listener(changed)

    def _set_listeners(self, listening: list[tuple[Listener, int]]) -> None:
        self._listeners = tuple(listener for listener, _ in listening)
        self._aspects = bytes(aspects for _, aspects in listening)
        for kind, readings in zip(KINDS, self.readings, strict=True):
            if kind.is_periodic:
                readings.listeners = self._listeners_of(kind.aspect)

    def _listeners_and_aspects(self) -> Iterator[tuple[Listener, int]]:
        return zip(self._listeners, self._aspects, strict=True)

    def _listeners_of(self, changed: int) -> tuple[Listener, ...]:
        return tuple(
            listener
            for listener, aspects in self._listeners_and_aspects()
            if aspects & changed
        )
