"""Encoding of a node's uplinks and decoding of its downlinks.

Frames are numpy arrays of 32 rows and 24 columns, in tenths of a °C.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

type Matrix = npt.NDArray[np.int16]
"""Tenths of a °C, by row and column."""

AMBIENT_MAXIMUM = 50
"""°C: what a DHT11 can measure; its minimum is 0."""

RESET = b"\x00"
"""Sent once after a join."""

_VALUE_BITS = 0xFFF
"""The transmitted bits of a value. Published nodes do not clamp: 307.2 °C becomes -102.4."""

_BLOCK = 4
"""Side of a fast image's blocks in pixels."""


class Mode(StrEnum):
    """Resolution of an image."""

    SLOW = "slow"
    FAST = "fast"


class Layout(StrEnum):
    """Division of a slow image into messages."""

    SLOW_24 = "slow_24"
    """24 messages, one for each column: published nodes."""
    SLOW_32 = "slow_32"
    """32 messages, one for each row: the owner's document."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Content of a downlink."""

    threshold: int
    """°C."""
    mode: Mode
    fan: bool


def picture(frame: npt.NDArray[np.floating], mode: Mode) -> Matrix:
    """Return a frame in °C as the node sends it: 32 x 24, or the 8 x 6 of fast mode.

    Before they are cut to 12 bits. Published nodes cut off what is less than a tenth.
    """
    tenths: Matrix = np.trunc(frame * 10).astype(np.int16)
    if mode is Mode.SLOW:
        return tenths
    rows, columns = tenths.shape
    blocks = tenths.reshape(rows // _BLOCK, _BLOCK, columns // _BLOCK, _BLOCK)
    maxima: Matrix = blocks.max(axis=(1, 3))
    return maxima


def lines(matrix: Matrix, mode: Mode, layout: Layout) -> list[list[int]]:
    """Return the values of a picture's messages, in the order they are sent."""
    if mode is Mode.FAST:
        # Three columns of blocks a message, each from top to bottom.
        halves: list[list[int]] = matrix.T.reshape(2, -1).tolist()
        return halves
    if layout is Layout.SLOW_24:
        by_column: list[list[int]] = matrix.T.tolist()
        return by_column
    by_row: list[list[int]] = matrix.tolist()
    return by_row


def encode_uplink(values: Sequence[int], *, fan: bool, ambient: int) -> bytes:
    """Return a message: pairs of 12-bit values, then fan and ambient.

    ``values`` in tenths of a °C; a last message has the image's minimum and maximum
    behind them. ``ambient`` in whole °C, 0..50. What does not fit 12 bits wraps, as it
    does in published nodes. Raises ValueError for values that make no pairs, and for
    another ambient temperature.
    """
    if len(values) % 2:
        raise ValueError("values go in pairs")
    if not 0 <= ambient <= AMBIENT_MAXIMUM:
        raise ValueError("no DHT11 measures that ambient temperature")
    message = bytearray()
    sent = [value & _VALUE_BITS for value in values]
    for first, second in zip(sent[::2], sent[1::2], strict=True):
        high = (first >> 8) << 4 | second >> 8
        message += bytes((first & 0xFF, high, second & 0xFF))
    message.append(fan << 7 | ambient)
    return bytes(message)


def decode_downlink(payload: bytes) -> Settings | None:
    """Decode a downlink; None for one that a node ignores."""
    if len(payload) != 2 or payload[0] >> 6 != 0b11:
        return None
    threshold = (payload[0] & 0xF) << 8 | payload[1]
    if threshold >> 10 == 0b11:
        threshold -= 0x1000
    mode = Mode.FAST if payload[0] & 0x10 else Mode.SLOW
    return Settings(threshold, mode, bool(payload[0] & 0x20))
