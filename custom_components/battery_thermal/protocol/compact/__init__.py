"""The compact format: a whole thermal picture in one message, or in four quarters.

Pixels are quantised with a step that the message states, predicted from their
neighbours, and entropy-coded. Each message states the picture's exact minimum, its exact
maximum with its position, the state of the fan and the ambient temperature. docs/node.md
describes the format.
"""

from .header import HEADER_LENGTH, QUARTERS, Header, is_compact
from .message import CompactMessage, decode_message

__all__ = [
    "HEADER_LENGTH",
    "QUARTERS",
    "CompactMessage",
    "Header",
    "decode_message",
    "is_compact",
]
