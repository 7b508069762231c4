"""Values in the JSON of a network server, checked against what LoRaWAN allows.

Each function returns the value, or raises one of `UNKNOWN_SHAPE`. Servers leave out
whatever is zero, empty or false: the caller gives that as a default.
"""

import binascii
from binascii import a2b_base64
from datetime import datetime
from math import isfinite
from typing import Any, Final

UNKNOWN_SHAPE: Final = (AttributeError, KeyError, TypeError, ValueError)
"""What reading a document of another shape than expected raises."""

# A LoRaWAN frame counter has 32 bits, an FPort eight (LoRaWAN 1.0.4, 4.3).
F_CNTS: Final = range(2**32)
F_PORTS: Final = range(256)
SPREADING_FACTORS: Final = range(5, 13)
# Hz: LoRa's narrowest, and its widest at 2.4 GHz.
BANDWIDTHS: Final = range(7_800, 1_625_001)

# Receptions of an uplink, characters of a text, and bytes of a payload (LoRaWAN 1.0.4,
# 4.1: a frame has 255 at most). More would be work and memory without use.
MOST_RECEPTIONS: Final = 1000
LONGEST_TEXT: Final = 512
_LONGEST_PAYLOAD: Final = 255

# Seconds. LoRaWAN's longest frame takes ten.
_MAX_AIRTIME: Final = 60.0
# Digits of a second in protobuf's JSON.
_NANOSECONDS: Final = 9
# A server's clock may be wrong. Years near the ends of `datetime` would overflow when a
# duration is added.
_YEARS: Final = range(1970, 2200)


def text(value: object) -> str:
    """Return a text."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise TypeError("no text, or one that is too long")
    return value


def items(value: object, most: int) -> list[Any]:
    """Return a list of at most so many items."""
    if not isinstance(value, list) or len(value) > most:
        raise TypeError("no list, or one that is too long")
    return value


def count(value: object, possible: range) -> int:
    """Return a whole number in a range."""
    if type(value) is not int or value not in possible:
        raise ValueError(value)
    return value


def optional_count(value: object, possible: range) -> int | None:
    """Return a whole number in a range, or None."""
    return None if value is None else count(value, possible)


def number(value: Any) -> float:
    """Return a finite number; "nan" and "inf" are numbers to Python."""
    if not isfinite(checked := float(value)):
        raise ValueError(value)
    return checked


def optional_airtime(value: Any) -> float | None:
    """Return seconds of protobuf's JSON ("0.118016s"), or None."""
    if value is None:
        return None
    seconds = round(number(value.removesuffix("s")), _NANOSECONDS)
    if not 0 <= seconds <= _MAX_AIRTIME:
        raise ValueError(value)
    return seconds


def payload(value: object) -> bytes:
    """Return the payload of a LoRaWAN frame, given in base64."""
    try:
        data = a2b_base64(text(value), strict_mode=True)
    except binascii.Error as error:
        raise ValueError(value) from error
    if len(data) > _LONGEST_PAYLOAD:
        raise ValueError("a payload that is too long for LoRaWAN")
    return data


def time(value: object) -> datetime:
    """Return a time with its time zone."""
    checked = datetime.fromisoformat(text(value))
    if checked.tzinfo is None or checked.year not in _YEARS:
        raise ValueError(value)
    return checked
