"""Topics and payloads of the session protocol: parse and format.

The topics of readings are in ``readings``. All functions are pure. For bytes that are no
valid payload they raise ``Discarded`` with the reason, and never another exception.

Sources are the owner's document ("MQTT communications specification", which fixes
topics, payloads and lengths) and what boards in the field send.
"""

from enum import StrEnum
import re
from typing import Final, NamedTuple

JOIN: Final = "state/join"
NAME_ASSIGN: Final = "state/nameAssign"
LEAVE: Final = "state/leave"
LED_COMMAND: Final = "led/command"

#: The text before the number in default names, as in the owner's document.
NAME_PREFIX: Final = "capteur"

#: The longest name: 30 bytes on the board, with its trailing zero.
NAME_BYTES: Final = 29
#: The longest session id.
SESSION_ID_BYTES: Final = 17
#: The longest payload a board may send: ``<name>;<session_id>;100``.
PAYLOAD_BYTES: Final = NAME_BYTES + 1 + SESSION_ID_BYTES + 1 + 3
#: The longest payload of all: ``<MAC>;<name>;<session_id>``.
ASSIGNMENT_BYTES: Final = 17 + 1 + NAME_BYTES + 1 + SESSION_ID_BYTES

_MAC = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}")
#: A MAC anywhere in a text, to hide it.
MAC_IN_TEXT: Final = re.compile(_MAC.pattern)
#: 17 characters hold ten digits of seconds: until the year 2286.
_LAST_MICROSECOND = 10**16 - 1


class Reason(StrEnum):
    """Why a message was discarded."""

    RETAINED = "retained"
    TOO_LONG = "too_long"
    NOT_UTF8 = "not_utf8"
    MALFORMED = "malformed"
    BAD_VALUE = "bad_value"
    UNKNOWN_NAME = "unknown_name"
    OTHER_SESSION = "other_session"
    OTHER_TOPIC = "other_topic"
    SHARED_TOPIC = "shared_topic"
    NOT_ADMITTED = "not_admitted"
    REFUSED = "refused"
    RETIRED = "retired"
    TOO_MANY_BOARDS = "too_many_boards"


class Discarded(Exception):
    """Raised for a message that breaks a rule and changes nothing."""

    def __init__(self, reason: Reason) -> None:
        """Initialize with the reason."""
        super().__init__(reason)
        self.reason = reason


class Join(NamedTuple):
    """``<MAC>``: a board asks for a new session."""

    address: str
    """The MAC in the case in which the board writes it, which it compares exactly."""

    @property
    def mac(self) -> str:
        """Return the MAC in upper case: the identity of the board."""
        return self.address.upper()


class Credentials(NamedTuple):
    """``<name>;<session_id>``: a board starts its session, or leaves."""

    name: str
    session_id: str


class Assignment(NamedTuple):
    """``<MAC>;<name>;<session_id>``: a server gives a board a session."""

    address: str
    """The MAC in the case in which the board writes it."""
    name: str
    session_id: str


class Firmware(NamedTuple):
    """The firmware that a board reports."""

    name: str
    version: str


type Report = tuple[str, str, int]
"""``<name>;<session_id>;<value>``: one reading of a board.

A plain tuple: nearly every message is one, and a named tuple takes longer to create.
"""


def parse_join(payload: bytes) -> Join | Credentials:
    """Parse a message on ``state/join``: a join or the start of a session."""
    text = decode(payload)
    if ";" in text:
        return _credentials(text)
    if not _MAC.fullmatch(text):
        raise Discarded(Reason.MALFORMED)
    return Join(text)


def parse_leave(payload: bytes) -> Credentials:
    """Parse a message on ``state/leave``."""
    return _credentials(decode(payload))


def parse_report(largest: int, payload: bytes) -> Report:
    """Parse ``<name>;<session_id>;<value>``; the value is 0 to ``largest``."""
    parts = decode(payload).split(";")
    if len(parts) != 3:
        raise Discarded(Reason.MALFORMED)
    name, session_id, digits = parts
    # isascii: int() would also read digits beyond ASCII.
    if not (
        digits.isascii() and digits.isdigit() and (value := int(digits)) <= largest
    ):
        raise Discarded(Reason.BAD_VALUE)
    return name, session_id, value


def parse_assignment(payload: bytes) -> Assignment:
    """Parse a message on ``state/nameAssign``, which a server publishes."""
    parts = decode(payload, ASSIGNMENT_BYTES).split(";")
    if len(parts) != 3 or not _MAC.fullmatch(parts[0]):
        raise Discarded(Reason.MALFORMED)
    return Assignment(*parts)


def decode(payload: bytes, longest: int = PAYLOAD_BYTES) -> str:
    """Check the length of a payload and decode it."""
    if len(payload) > longest:
        raise Discarded(Reason.TOO_LONG)
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise Discarded(Reason.NOT_UTF8) from None


def _credentials(text: str) -> Credentials:
    """Split ``<name>;<session_id>``."""
    parts = text.split(";")
    if len(parts) != 2:
        raise Discarded(Reason.MALFORMED)
    return Credentials(*parts)


def default_name(number: int, prefix: str = NAME_PREFIX) -> str:
    """Return the default name with a number."""
    return f"{prefix}{number:02}"


def session_id(microsecond: int) -> str:
    """Format a session id: seconds since the epoch with six decimals.

    The seconds always have ten digits, so that later ids are greater as text too.
    """
    seconds, decimals = divmod(microsecond, 10**6)
    return f"{seconds:010}.{decimals:06}"


def next_session(last: int, now: float) -> int:
    """Return the microsecond since the epoch that identifies a new session.

    It is larger than ``last``, also when the clock was set back or is beyond what an id
    can hold. ``now`` is in seconds since the epoch.
    """
    microsecond = int(now * 10**6)
    return max(last + 1, microsecond if microsecond <= _LAST_MICROSECOND else 0)


def format_assignment(address: str, name: str, session: str) -> str:
    """Format the payload of ``state/nameAssign``."""
    return f"{address};{name};{session}"


def format_led_command(name: str, session: str, on: bool) -> str:
    """Format the payload of ``led/command``."""
    return f"{name};{session};{on:d}"
