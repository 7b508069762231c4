"""What is known of a board: its session, and what it has said."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Final

#: What of a board has changed. Plain bits, of one byte: they are tested for every message.
SESSION: Final = 1
LED: Final = 2
BUTTON: Final = 4
LIGHT: Final = 8
SEEN: Final = 16

#: Seconds that pass at least until it is told again that a board was seen.
SEEN_INTERVAL: Final = 60.0

#: Values of LED, button and light that are kept for each board.
READINGS_KEPT: Final = 10

type Reading = tuple[float, int]
"""When a value came, in seconds since the epoch, and the value."""

type Listener = Callable[[int], None]
"""Told what has changed: a sum of the bits above."""


class State(StrEnum):
    """Where a session stands."""

    ASSIGNED = "assigned"
    ONLINE = "online"
    OFFLINE = "offline"


class Session:
    """A name and an id by which a board is known until it asks for new ones."""

    __slots__ = (
        "ask_led_at",
        "heard_at",
        "id",
        "led_asked",
        "name",
        "sent_at",
        "started_at",
        "state",
    )

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
        self.ask_led_at = 0.0
        """When the LED is to be asked for if it is uncertain, on the monotonic clock."""
        self.led_asked = 0
        """How often it was, since the board came online."""


class Readings:
    """The last values of a kind, of any session, oldest first.

    Numbers side by side: as a list of pairs they were the larger part of a board's
    record, and each message left a pair to the garbage collector.
    """

    __slots__ = ("_numbers",)

    def __init__(self, readings: Iterable[Reading] = ()) -> None:
        """Start with these."""
        self._numbers = array(
            "d", (number for reading in readings for number in reading)
        )

    def keep(self, time: float, value: int) -> None:
        """Add a value, and drop the oldest if there are too many."""
        numbers = self._numbers
        numbers.append(time)
        numbers.append(value)
        if len(numbers) > 2 * READINGS_KEPT:
            del numbers[:2]

    def __iter__(self) -> Iterator[Reading]:
        """Go through them."""
        numbers = iter(self._numbers)
        for time in numbers:
            yield time, int(next(numbers))

    @property
    def last(self) -> Reading:
        """The newest; ``IndexError`` when there is none."""
        return self._numbers[-2], int(self._numbers[-1])


class Board:
    """What is known of one board. Entities are windows on it."""

    __slots__ = (
        "_aspects",
        "_light_listeners",
        "_listeners",
        "address",
        "button",
        "button_readings",
        "directed",
        "joined_at",
        "last_seen",
        "led",
        "led_commands",
        "led_doubt",
        "led_readings",
        "led_told",
        "light",
        "light_readings",
        "mac",
        "next_name",
        "seen",
        "seen_told_at",
        "session",
        "takeovers",
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
        self.seen = False
        """Whether it was seen since ``SEEN`` was last told."""
        self.seen_told_at = -SEEN_INTERVAL
        """When ``SEEN`` was last told, on the monotonic clock."""
        self.next_name: str | None = None
        """The name it is to have from its next session on."""
        self.takeovers: tuple[float, ...] = ()
        """When its session was last replaced alive, on the monotonic clock."""
        # What the board has said in this session; None: nothing yet.
        self.led: bool | None = None
        self.led_doubt = False
        """Whether the LED may have changed unheard since: a command went unconfirmed."""
        self.led_told: bool | None = None
        """What the LED was last told to be, as long as only memory knows what it is."""
        self.led_commands = 0
        """How many commands wait for a confirmation."""
        self.button: bool | None = None
        self.light: int | None = None
        self.led_readings = Readings()
        self.button_readings = Readings()
        self.light_readings = Readings()
        self._listeners: tuple[Listener, ...] = ()
        """Who listens; never changed but replaced, as who is told may stop."""
        self._aspects = b""
        """What each of them listens to, a byte each."""
        self._light_listeners: tuple[Listener, ...] = ()
        """Those of the light, of which nearly every message is."""

    @property
    def online(self) -> bool:
        """Whether the session was started, and the board is there."""
        return self.session.state is State.ONLINE

    @property
    def led_uncertain(self) -> bool:
        """Whether the LED may be other than what is known of it."""
        return self.led is None or self.led_doubt

    @property
    def led_should_be(self) -> bool:
        """What an uncertain LED is to be: as told or as it was; off where it starts."""
        return bool(self.led if self.led_told is None else self.led_told)

    @property
    def topic_suffix(self) -> str:
        """What ends the topics on which this board listens."""
        return f"/{self.address}" if self.directed else ""

    def listen(self, aspects: int, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` told when one of ``aspects`` changes; returns how to stop."""
        self._set_listeners([*self._listening(), (listener, aspects)])
        return lambda: self.unlisten(listener)

    def unlisten(self, listener: Listener) -> None:
        """Tell ``listener`` nothing any more."""
        self._set_listeners(
            [
                (other, aspects)
                for other, aspects in self._listening()
                if other != listener
            ]
        )

    def tell(self, changed: int) -> None:
        """Tell whom it concerns."""
        if changed == LIGHT:
            listeners = self._light_listeners
        else:
            listeners = self._concerned(changed)
        for listener in listeners:
            listener(changed)

    def _set_listeners(self, listening: list[tuple[Listener, int]]) -> None:
        self._listeners = tuple(listener for listener, _ in listening)
        self._aspects = bytes(aspects for _, aspects in listening)
        self._light_listeners = self._concerned(LIGHT)

    def _listening(self) -> Iterator[tuple[Listener, int]]:
        return zip(self._listeners, self._aspects, strict=True)

    def _concerned(self, changed: int) -> tuple[Listener, ...]:
        return tuple(
            listener for listener, aspects in self._listening() if aspects & changed
        )
