"""The payload formats of nodes, and the decoding of an uplink in any of them.

Another format is a module of its own and one line in `FORMATS`. Its content has the
attributes of `uplink.Line` that the record reads: the fan, the ambient temperature, and
the minimum and maximum of the whole image where a message states them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from .compact import CompactMessage, decode_message, is_compact
from .uplink import Line, Reset, decode_line_message

type Report = Line | CompactMessage
"""The content of a message that has pixels or their extremes, the fan and the ambient."""

type Content = Report | Reset
"""The content of a message of any format."""


@dataclass(frozen=True, slots=True)
class PayloadFormat:
    """A payload format: which payloads are of it, and how one is decoded.

    `decode` raises UplinkError if no node can have sent a payload.
    """

    name: str
    recognizes: Callable[[bytes], bool]
    decode: Callable[[bytes], Content]


# The first one that recognizes a payload decodes it. The format of lines comes last: it
# has no mark of its own, and refuses by their length what is of no format.
FORMATS: Final = (
    PayloadFormat("compact", recognizes=is_compact, decode=decode_message),
    PayloadFormat("lines", recognizes=lambda payload: True, decode=decode_line_message),
)


def decode_uplink(payload: bytes) -> Content:
    """Return the content of an uplink.

    Raises UplinkError if no node of a known format can have sent it.
    """
    payload_format = next(one for one in FORMATS if one.recognizes(payload))
    return payload_format.decode(payload)
