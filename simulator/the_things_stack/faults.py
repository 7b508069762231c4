"""Faults of the stand-in."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from simulator.raw import Raw, Where


@dataclass(frozen=True, slots=True)
class HttpFault:
    """An answer that replaces the regular one."""

    status: int
    """401, 403, 404, 429, 500, ...; 0 closes the connection without an answer."""
    retry_after: int = 0
    """Seconds for ``X-Rate-Limit-Retry``; 0 leaves the header out."""
    body: bytes | None = None
    """None: an error in The Things Stack's format."""
    delay: float = 0.0
    """Seconds before the answer."""


class StreamFault(StrEnum):
    """Faults of a stream of stored uplinks after its status, 200, was sent."""

    ERROR = "error"
    """After half of the lines there is one with ``{"error": ...}``, and the stream ends."""
    CUT = "cut"
    """The last line is truncated."""


@dataclass(slots=True)
class Faults:
    """Active faults; none by default."""

    connack: int | None = None
    """Refuse every MQTT connection with this code (3: rate limited, 5: wrong key)."""
    suback_failure: bool = False
    """Answer every subscription with 0x80."""
    silent: bool = False
    """Accept connections and subscriptions, but deliver nothing and answer no PINGREQ."""
    cut_publish_after: int | None = None
    """Cut every connection after so many bytes of the next message, once."""
    broken_json: int = 0
    """Number of following messages that lose their second half."""
    http: deque[HttpFault] = field(default_factory=deque)
    """Answers to the next requests, one for each."""
    raw: dict[Where, Raw] = field(default_factory=dict)
    """Bytes to send instead of regular answers, by the place where."""
    streams: deque[StreamFault] = field(default_factory=deque)
    """Faults of the next streams of stored uplinks, one for each."""
