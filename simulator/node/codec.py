"""What a node writes into its uplinks and reads from its downlinks.

Frames are numpy arrays of 32 rows and 24 columns, in tenths of a °C.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

type Matrix = npt.NDArray[np.int16]
"""Tenths of a °C, by row and column."""

MINIMUM, MAXIMUM = -400, 3000
"""Tenths of a °C: what an MLX90640 can measure (data sheet, chapter 1)."""

AMBIENT_MAXIMUM = 50
"""°C: what a DHT11 can measure; its minimum is 0."""

RESET = b"\x00"
"""Sent once after a join."""

_LOWEST, _HIGHEST = -0x400, 0xBFF
"""What 12 bits hold when a high nibble of 0xC..0xF means negative."""

_BLOCK = 4
"""Pixels of a side of a fast image's blocks."""


class Mode(StrEnum):
    """What the node makes of a frame."""

    SLOW = "slow"
    FAST = "fast"


class Layout(StrEnum):
    """How a node in slow mode cuts a frame into messages."""

    SLOW_24 = "slow_24"
    """24 messages, a column each: published nodes."""
    SLOW_32 = "slow_32"
    """32 messages, a row each: the owner's document."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a downlink carries."""

    threshold: int
    """°C."""
    mode: Mode
    fan: bool


def picture(frame: npt.NDArray[np.floating], mode: Mode) -> Matrix:
    """Return a frame in °C as the node sends it: 32 x 24, or the 8 x 6 of fast mode."""
    tenths: Matrix = np.clip(np.rint(frame * 10), MINIMUM, MAXIMUM).astype(np.int16)
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
    behind them. ``ambient`` in whole °C, 0..50. Raises ValueError for what the format
    cannot hold.
    """
    if len(values) % 2:
        raise ValueError("values go in pairs")
    if not all(_LOWEST <= value <= _HIGHEST for value in values):
        raise ValueError("a value does not fit 12 bits")
    if not 0 <= ambient <= AMBIENT_MAXIMUM:
        raise ValueError("no DHT11 measures that ambient temperature")
    message = bytearray()
    for first, second in zip(values[::2], values[1::2], strict=True):
        high = (first >> 8 & 0xF) << 4 | (second >> 8 & 0xF)
        message += bytes((first & 0xFF, high, second & 0xFF))
    message.append(fan << 7 | ambient)
    return bytes(message)


def decode_downlink(payload: bytes) -> Settings | None:
    """Read a downlink; None for what a node makes nothing of."""
    if len(payload) != 2 or payload[0] >> 6 != 0b11:
        return None
    threshold = (payload[0] & 0xF) << 8 | payload[1]
    if threshold >> 10 == 0b11:
        threshold -= 0x1000
    mode = Mode.FAST if payload[0] & 0x10 else Mode.SLOW
    return Settings(threshold, mode, bool(payload[0] & 0x20))
