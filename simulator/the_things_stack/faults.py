"""What the stand-in is told to do wrong."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HttpFault:
    """An answer to give instead of the right one."""

    status: int
    """401, 403, 404, 429, 500, ...; 0 closes the connection without an answer."""
    retry_after: int = 0
    """Seconds for ``X-Rate-Limit-Retry``; 0 leaves the header out."""
    body: bytes | None = None
    """None: an error as The Things Stack words it."""
    delay: float = 0.0
    """Seconds to wait before it."""


@dataclass(slots=True)
class Faults:
    """Faults in force. Nothing is wrong with a fresh one."""

    connack: int | None = None
    """Refuse every MQTT connection with this code (3: rate limited, 5: wrong key)."""
    suback_failure: bool = False
    """Answer every subscription with 0x80."""
    silent: bool = False
    """Accept and subscribe, deliver nothing, answer no ping."""
    cut_publish_after: int | None = None
    """Cut every connection after so many bytes of the next message; then None again."""
    broken_json: int = 0
    """So many of the next messages lose their second half."""
    http: deque[HttpFault] = field(default_factory=deque)
    """Answers to the next requests, one each."""
