"""Uplinks: from the bytes of one LoRaWAN message to temperatures.

A message is pairs of 12 bit values, three bytes a pair, then one status byte.
The last message of an image carries one pair more: the image's minimum and maximum.
Source: the firmware that published nodes of this design run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# What the sensor measures (MLX90640 data sheet, -40..300 °C), in tenths of a °C, and
# how far a reading may lie beyond before it is taken for garbage.
SENSOR_RANGE = (-400, 3000)
SENSOR_TOLERANCE = 50

_VALUES_OF_A_LINE = (24, 32)
_RESET = b"\x00"


class UplinkErrorReason(StrEnum):
    """Why a message says nothing, to be counted by."""

    LENGTH = "length"
    RANGE = "range"
    LAYOUT = "layout"


class UplinkError(ValueError):
    """A message that cannot have been sent by a node of this design."""

    def __init__(self, reason: UplinkErrorReason, message: str) -> None:
        """Keep the reason for the statistics."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reset:
    """The node has joined and begins its first image with the next message."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an image.

    `values`, `minimum` and `maximum` are tenths of a °C; the latter two are those of
    the whole image as the node measured it, and there in its last line only.
    `fan` tells whether the fan really runs; `ambient` is in whole °C.
    """

    values: tuple[int, ...]
    minimum: int | None
    maximum: int | None
    fan: bool
    ambient: int

    @property
    def is_last(self) -> bool:
        """Whether this line ends its image."""
        return self.maximum is not None


def decode_uplink(payload: bytes) -> Reset | Line:
    """Return what a message says.

    Raises UplinkError if no node of this design can have sent it.
    """
    if payload == _RESET:
        return Reset()
    values = tuple(_unpack(payload[:-1]))
    count = len(values)
    if len(payload) % 3 != 1 or count & ~2 not in _VALUES_OF_A_LINE:
        raise UplinkError(UplinkErrorReason.LENGTH, f"{len(payload)} bytes")
    low, high = SENSOR_RANGE
    for value in values:
        if not low - SENSOR_TOLERANCE <= value <= high + SENSOR_TOLERANCE:
            raise UplinkError(UplinkErrorReason.RANGE, f"{value / 10} °C")
    minimum, maximum = values[-2:] if count & 2 else (None, None)
    status = payload[-1]
    return Line(
        values=values[: count & ~2],
        minimum=minimum,
        maximum=maximum,
        fan=bool(status & 0x80),
        ambient=status & 0x7F,
    )


def sign_12_bits(value: int) -> int:
    """Return the number that 12 bits stand for by the node's own sign rule.

    Numbers from 0xC00 on are negative, so the range is -1024..3071 and not that of
    two's complement: the sensor reaches 300 °C, but not below -40 °C.
    """
    return value - 0x1000 if value >= 0xC00 else value


def _unpack(data: bytes) -> Iterator[int]:
    for low_1, highs, low_2 in zip(data[::3], data[1::3], data[2::3], strict=False):
        yield sign_12_bits((highs & 0xF0) << 4 | low_1)
        yield sign_12_bits((highs & 0x0F) << 8 | low_2)
