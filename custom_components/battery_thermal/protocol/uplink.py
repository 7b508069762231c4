"""The format of lines: from the bytes of one message to temperatures.

A message is pairs of 12 bit values, three bytes a pair, then one status byte.
The last message of an image carries one pair more: the image's minimum and maximum.
Source: the firmware of published nodes.

Each value is checked by itself. Only a message of another length is refused: a value
that no sensor measures does not invalidate the others, nor the status byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..model.value_range import HIGHEST, unwrapped
from .layout import LINE_VALUES

AMBIENT_MAXIMUM = 50
"""°C: what a DHT11 measures at most (data sheet); its minimum is 0."""

_RESET = b"\x00"


class UplinkErrorReason(StrEnum):
    """Reasons why a message, or a part of it, is refused; each is a counter."""

    LENGTH = "length"
    LAYOUT = "layout"
    KIND = "kind"
    """A later version of the compact format may have it."""
    CONTENT = "content"
    """Fields that contradict each other."""
    AMBIENT = "ambient"
    """A DHT11 cannot measure that; the rest of the message is used."""


class UplinkError(ValueError):
    """A message that cannot have been sent by a node of this design."""

    def __init__(self, reason: UplinkErrorReason, message: str) -> None:
        """Store the reason for its counter."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reset:
    """The node has joined, and begins its first image with the next message."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an image.

    `values`, `minimum` and `maximum` are tenths of a °C; the latter two are those of
    the whole image as the node measured it, in its last line only. Values above
    `value_range.HIGHEST` are above the node's range. `fan` is whether the fan runs;
    `ambient` is in whole °C, 0..127 as in the status byte.
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

    @property
    def known_ambient(self) -> int | None:
        """The ambient temperature in °C, None if a DHT11 cannot have measured it."""
        return self.ambient if self.ambient <= AMBIENT_MAXIMUM else None

    @property
    def is_plausible(self) -> bool:
        """Whether an unknown device that sends this may be a node of this design.

        The uplinks of a device that is set up are used whatever they are.
        """
        return self.known_ambient is not None and max(self.values) <= HIGHEST


def decode_line_message(payload: bytes) -> Reset | Line:
    """Return the content of a message.

    Raises UplinkError if no message of a node of this design has that length.
    """
    if payload == _RESET:
        return Reset()
    values = tuple(unwrapped(value) for value in _unpack(payload[:-1]))
    is_last = len(values) - 2 in LINE_VALUES
    if len(payload) % 3 != 1 or not (is_last or len(values) in LINE_VALUES):
        raise UplinkError(UplinkErrorReason.LENGTH, f"{len(payload)} bytes")
    minimum, maximum = values[-2:] if is_last else (None, None)
    status = payload[-1]
    return Line(
        values=values[:-2] if is_last else values,
        minimum=minimum,
        maximum=maximum,
        fan=bool(status & 0x80),
        ambient=status & 0x7F,
    )


def sign_12_bits(value: int) -> int:
    """Return the number of 12 bits by the node's own sign rule.

    Numbers from 0xC00 on are negative, so the range is -1024..3071 and not that of
    two's complement: the sensor reaches 300 °C, but not below -40 °C.
    """
    return value - 0x1000 if value >= 0xC00 else value


def _unpack(data: bytes) -> Iterator[int]:
    for low_1, highs, low_2 in zip(data[::3], data[1::3], data[2::3], strict=False):
        yield sign_12_bits((highs & 0xF0) << 4 | low_1)
        yield sign_12_bits((highs & 0x0F) << 8 | low_2)
