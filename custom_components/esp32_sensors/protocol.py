"""Topics and payloads of the session protocol: parse and format.

Everything here is a pure function of its arguments. What cannot be understood raises
``Discarded`` with the reason, whatever the bytes; nothing else is ever raised.

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
LED_STATUS: Final = "led/status"
BUTTON_STATUS: Final = "button/status"
LIGHT_STATUS: Final = "photoresistor/status"

#: The longest name: 30 bytes on the board, with its trailing zero.
NAME_BYTES: Final = 29
#: The longest session id.
SESSION_ID_BYTES: Final = 17
#: The longest payload a board may send: ``<name>;<session_id>;100``.
PAYLOAD_BYTES: Final = NAME_BYTES + 1 + SESSION_ID_BYTES + 1 + 3

_MAC = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}")
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
    TOO_MANY_BOARDS = "too_many_boards"


class Discarded(Exception):
    """A message that changes nothing."""

    def __init__(self, reason: Reason) -> None:
        """Remember why."""
        super().__init__(reason)
        self.reason = reason


class Join(NamedTuple):
    """``<MAC>``: a board asks for a new session."""

    address: str
    """The MAC as the board writes it: it looks for these very characters."""

    @property
    def mac(self) -> str:
        """The MAC in upper case: the board's identity."""
        return self.address.upper()


class Credentials(NamedTuple):
    """``<name>;<session_id>``: a board starts its session, or leaves."""

    name: str
    session_id: str


type Report = tuple[str, str, int]
"""``<name>;<session_id>;<value>``: what a board has measured.

The value is 1 or 0 of LED and button, percent of light. A plain tuple: nearly every
message is one, and a named one takes longer to make.
"""


def parse_join(payload: bytes) -> Join | Credentials:
    """Read a message on ``state/join``, which is one of two."""
    text = _text(payload)
    if ";" in text:
        return _credentials(text)
    if not _MAC.fullmatch(text):
        raise Discarded(Reason.MALFORMED)
    return Join(text)


def parse_leave(payload: bytes) -> Credentials:
    """Read a message on ``state/leave``."""
    return _credentials(_text(payload))


def parse_switched(payload: bytes) -> Report:
    """Read a message on ``led/status`` or ``button/status``: 1 or 0."""
    return _report(payload, 1)


def parse_light(payload: bytes) -> Report:
    """Read a message on ``photoresistor/status``: 0 to 100 percent."""
    return _report(payload, 100)


def _text(payload: bytes) -> str:
    """Decode a payload, after its length has been looked at and before anything else."""
    if len(payload) > PAYLOAD_BYTES:
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


def _report(payload: bytes, largest: int) -> Report:
    """Split ``<name>;<session_id>;<value>``; the value is 0 to ``largest``."""
    parts = _text(payload).split(";")
    if len(parts) != 3:
        raise Discarded(Reason.MALFORMED)
    name, session_id, digits = parts
    # isascii: there are digits beyond ASCII, and int() would read them.
    if not (
        digits.isascii() and digits.isdigit() and (value := int(digits)) <= largest
    ):
        raise Discarded(Reason.BAD_VALUE)
    return name, session_id, value


def name_fits(name: str) -> bool:
    """Tell whether boards can carry this name: 1 to 29 bytes of UTF-8, no ``;``.

    Characters that cannot be seen are refused as well: in C, a NUL ends the name, and
    nobody could tell two names apart that differ in a space at their end.
    """
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        return False
    return (
        0 < length <= NAME_BYTES
        and ";" not in name
        and name.isprintable()
        and name == name.strip()
    )


def default_name(number: int) -> str:
    """Name a board the owner has not named."""
    return f"capteur{number:02}"


def session_id(microsecond: int) -> str:
    """Write a session id: seconds since the epoch with six decimals.

    The seconds have ten digits, always: so ids grow as texts, too.
    """
    seconds, decimals = divmod(microsecond, 10**6)
    return f"{seconds:010}.{decimals:06}"


def next_session(last: int, now: float) -> int:
    """Choose the microsecond that names a new session; it is larger than ``last``.

    ``now`` is in seconds since the epoch. It need not be right: when the clock was set
    back, or stands beyond what an id can hold, ids go on from the last one.
    """
    microsecond = int(now * 10**6)
    return max(last + 1, microsecond if microsecond <= _LAST_MICROSECOND else 0)


def format_assignment(address: str, name: str, session: str) -> str:
    """Write the payload of ``state/nameAssign``."""
    return f"{address};{name};{session}"


def format_led_command(name: str, session: str, on: bool) -> str:
    """Write the payload of ``led/command``."""
    return f"{name};{session};{on:d}"
