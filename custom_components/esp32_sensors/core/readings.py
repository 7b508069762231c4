"""Kinds of readings that boards report, one row each, and the last readings of a board.

``KINDS`` drives subscriptions, payload limits, records, stored files, WebSocket
messages, action responses and diagnostics. CONTRIBUTING.md lists what else a further
kind needs.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

#: Readings kept for each board and kind.
READINGS_KEPT: Final = 10

type Reading = tuple[float, int]
"""Time of arrival in seconds since the epoch, and value."""

type Listener = Callable[[int], None]
"""Called with the aspects of a board that changed, as a sum of bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingKind:
    """One kind of reading that boards report."""

    index: int
    """Position in ``KINDS``, and in what a board has for each kind."""
    key: str
    """Name in stored files, WebSocket messages, action responses and diagnostics."""
    topic: str
    """Topic without prefix and MAC."""
    qos: int
    """QoS with which boards publish it."""
    largest: int = 1
    """The largest value; the smallest is 0."""
    is_periodic: bool = False
    """Whether boards repeat the value every few seconds.

    A lost value is replaced soon then: values are written to the disk after a minute and
    not after 10 s.
    """
    is_commanded: bool = False
    """Whether boards change it on command, so that a report confirms a command."""
    is_of_session: bool = True
    """Whether the value is unknown in a new session until the board reports it."""
    initial: int | None = None
    """Value to assume when a board comes online; None keeps the last one."""
    aspect: int = field(init=False)
    """Bit of this kind among the aspects of a board (``boards.SESSION`` is bit 0)."""
    is_binary: bool = field(init=False)
    """Whether the value is shown and stored as true or false."""

    def __post_init__(self) -> None:
        """Compute what every message needs."""
        object.__setattr__(self, "aspect", 2 << self.index)
        object.__setattr__(self, "is_binary", self.largest == 1)

    @property
    def readings_key(self) -> str:
        """Return the name of the last readings in stored files."""
        return f"{self.key}_readings"


LED: Final = ReadingKind(
    index=0, key="led", topic="led/status", qos=1, is_commanded=True
)
BUTTON: Final = ReadingKind(
    index=1,
    key="button",
    topic="button/status",
    qos=0,
    # Boards report changes of the button and not its state. A release while a board is
    # offline is not reported, and a push is shorter than the time to come back.
    is_of_session=False,
    initial=False,
)
LIGHT: Final = ReadingKind(
    index=2,
    key="light",
    topic="photoresistor/status",
    qos=0,
    largest=100,
    is_periodic=True,
)

KINDS: Final = (LED, BUTTON, LIGHT)


class Readings:
    """The last readings of one kind and one board, of any session, oldest first.

    Times and values alternate in one array of floats, 0.3 kB for ten readings. A list of
    tuples took three times as much, and each message left a tuple to the garbage
    collector.
    """

    __slots__ = ("_numbers", "listeners", "value")

    def __init__(self, readings: Iterable[Reading] = ()) -> None:
        """Initialize with stored readings."""
        self.value: int | None = None
        """Value of the current session; None when it is unknown. Binary kinds: bool."""
        self.listeners: tuple[Listener, ...] = ()
        """The listeners of a periodic kind, which are not searched for each message."""
        self.replace(readings)

    def replace(self, readings: Iterable[Reading]) -> None:
        """Replace all readings; the current value stays as it is."""
        self._numbers = array(
            "d", (number for reading in readings for number in reading)
        )

    def append(self, time: float, value: int) -> None:
        """Append a reading as the current value; drop the oldest of more than ten."""
        self.value = value
        numbers = self._numbers
        numbers.append(time)
        numbers.append(value)
        if len(numbers) > 2 * READINGS_KEPT:
            del numbers[:2]

    def __iter__(self) -> Iterator[Reading]:
        """Iterate over the readings, oldest first."""
        numbers = iter(self._numbers)
        for time in numbers:
            yield time, int(next(numbers))

    @property
    def last(self) -> Reading:
        """Return the newest reading; raise ``IndexError`` when there is none."""
        return self._numbers[-2], int(self._numbers[-1])


def newest(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Return the newest readings, oldest first, each once."""
    return tuple(sorted(set(readings))[-READINGS_KEPT:])
