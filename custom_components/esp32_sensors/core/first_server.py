"""Records of the first server of this protocol, as its database has them.

Its schema (SQLAlchemy classes of the owner's first server): ``sensor`` has ``id``,
``name``, ``mac_address``, ``joined_at``, ``last_seen`` and ``session_id``; ``led_status``,
``button_status`` and ``pres_status`` have ``sensor_id``, ``date`` and ``status``. Times are
UTC, as text. A board without a name is called by its ``id`` on the topics.

The content comes from a file that anybody may have made: every cell is checked as a
message from the network is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
import re
from typing import Final

from . import protocol
from .board_names import clean, name_fits
from .protocol import Discarded, Join
from .readings import BUTTON, LED, LIGHT, Reading, ReadingKind

type Cell = bytes | int | float | None
"""A value as it is stored; text is not decoded."""

BOARDS_TABLE: Final = "sensor"
BOARD_COLUMNS: Final = (
    "id",
    "name",
    "mac_address",
    "joined_at",
    "last_seen",
    "session_id",
)
VALUES_TABLES: Final[dict[str, ReadingKind]] = {
    "led_status": LED,
    "button_status": BUTTON,
    "pres_status": LIGHT,
}
STORED_KINDS: Final = tuple(VALUES_TABLES.values())
"""The kinds of readings that the first server has stored."""
VALUE_COLUMNS: Final = ("sensor_id", "date", "status")

#: The longest text of a time: date, time, six decimals.
_TIME_BYTES: Final = 26

#: No ESP32 is older.
_EARLIEST: Final = datetime(2015, 1, 1, tzinfo=UTC).timestamp()

#: Seconds that a time may be ahead of this machine's clock: the old server's clock may
#: have been wrong by a time zone.
_AHEAD: Final = 86_400.0

#: A session id of the first server: Python's ``str(time.time())``, with up to seven
#: decimals.
_SESSION_ID: Final = re.compile(r"\d{10}(?:\.(\d{1,7}))?")


@dataclass(frozen=True, slots=True)
class OldBoard:
    """A board of the first server."""

    address: str
    """The MAC in the case in which the board writes it."""
    name: str | None
    """None when a board cannot have the stored name."""
    session_id: str | None
    """None when it is not one of the first server, or of the future."""
    joined_at: float
    last_seen: float | None
    readings: tuple[tuple[Reading, ...], ...]
    """The newest readings of each of ``STORED_KINDS``, oldest first."""

    @property
    def mac(self) -> str:
        """Return the MAC in upper case: the identity of the board."""
        return self.address.upper()


def parse_board(
    row: tuple[Cell, ...], readings: tuple[tuple[Reading, ...], ...], utc: float
) -> OldBoard | None:
    """Return the board of a row of ``BOARD_COLUMNS``; None without a valid MAC.

    ``utc`` is the current time, in seconds since the epoch.
    """
    number, name, mac, joined_at, last_seen, session_id = row
    try:
        join = protocol.parse_join(mac if isinstance(mac, bytes) else b"")
    except Discarded:
        return None
    if not isinstance(join, Join):
        return None
    joined, seen = parse_time(joined_at, utc), parse_time(last_seen, utc)
    return OldBoard(
        address=join.address,
        name=_name(name, number),
        session_id=_session_id(session_id, utc),
        joined_at=next((time for time in (joined, seen) if time is not None), utc),
        last_seen=seen,
        readings=readings,
    )


def parse_time(cell: Cell, utc: float) -> float | None:
    """Return a stored time in seconds since the epoch; None when it is impossible."""
    try:
        moment = datetime.fromisoformat(_text(cell, _TIME_BYTES))
    except ValueError:
        return None
    if moment.tzinfo is not None:
        return None
    time = moment.replace(tzinfo=UTC).timestamp()
    return time if _EARLIEST <= time <= utc + _AHEAD else None


def parse_reading(
    kind: ReadingKind, date: Cell, status: Cell, utc: float
) -> Reading | None:
    """Return a reading of a kind; None when its time or its value is impossible."""
    time = parse_time(date, utc)
    if time is None or not isinstance(status, int) or not 0 <= status <= kind.largest:
        return None
    return time, status


def session_microsecond(session_id: str) -> int:
    """Return the microsecond since the epoch of a session id, rounded up."""
    seconds, _, decimals = session_id.partition(".")
    return int(seconds) * 10**6 + -(-int(decimals.ljust(7, "0")) // 10)


def session_values(board: OldBoard) -> tuple[int | None, ...]:
    """Return the values of ``STORED_KINDS`` in a board's last session, None if unknown.

    Times of values are stored in whole seconds.
    """
    if board.session_id is None:
        return (None,) * len(STORED_KINDS)
    since = int(board.session_id.partition(".")[0])
    return tuple(
        readings[-1][1] if readings and readings[-1][0] >= since else None
        for readings in board.readings
    )


def _name(name: Cell, number: Cell) -> str | None:
    """Return the name that the board has on the topics; None if it cannot be one."""
    if name is None and isinstance(number, int):
        text = str(number)
    else:
        text = clean(_text(name, protocol.NAME_BYTES))
    return text if name_fits(text) else None


def _session_id(cell: Cell, utc: float) -> str | None:
    text = _text(cell, len("1743946777.6033714"))
    if not _SESSION_ID.fullmatch(text) or float(text) > utc + _AHEAD:
        return None
    return text


def _text(cell: Cell, longest: int) -> str:
    """Return a text; an empty one for anything else, and for one that is too long."""
    if not isinstance(cell, bytes) or len(cell) > longest:
        return ""
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return ""
