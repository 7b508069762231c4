"""The first eight bytes of a message in the compact format.

| byte | bits | content                                                              |
|------|------|----------------------------------------------------------------------|
| 0    | 7-4  | version, 1                                                           |
|      | 3-2  | kind: 0 whole, 1 quarter                                             |
|      | 1-0  | quarter: bit 1 row offset, bit 0 column offset of the 2 x 2 lattice  |
| 1    |      | step in tenths of a K; 0: no pixels follow                           |
| 2    | 7    | fan                                                                  |
|      | 6-0  | ambient temperature in whole °C                                      |
| 3-5  |      | minimum and maximum of the whole picture, a pair of 12-bit values    |
| 6    | 7-5  | number of the picture                                                |
|      | 4-3  | scan: bit 4 rows from the bottom, bit 3 columns from the right       |
|      | 2    | predictor: 0 median edge detector, 1 gradient                        |
|      | 1-0  | high bits of the position of the maximum                             |
| 7    |      | low bits of the position: row * 24 + column                          |
"""

from dataclasses import dataclass
from typing import Final

from ...model.mode import HEIGHT, WIDTH
from ...model.value_range import LOWEST
from ..layout import LINE_LENGTHS
from ..uplink import UplinkError, UplinkErrorReason, sign_12_bits

HEADER_LENGTH: Final = 8
"""Length in bytes. A message of this length has no pixels."""

QUARTERS: Final = 4
"""Number of messages of a picture that is sent in quarters."""

OTHER_LENGTHS: Final = LINE_LENGTHS | {1}
"""Lengths in bytes of the messages of a node that sends lines.

No compact message has one of these lengths.
"""

_VERSION: Final = 1
_QUARTER: Final = 1


@dataclass(frozen=True, slots=True)
class Header:
    """Statements of a message about the whole picture and about its own pixels.

    `minimum` and `maximum` are tenths of a °C, exact, of all 768 pixels; `position` is
    the row and column of the maximum. `ambient` is in whole °C, 0..127. `number` counts
    pictures, 0..7. `quarter` is None in a message about the whole picture. `step` is in
    tenths of a K, 0 in a message without pixels.
    """

    quarter: int | None
    step: int
    fan: bool
    ambient: int
    minimum: int
    maximum: int
    position: tuple[int, int]
    number: int
    rows_reversed: bool
    columns_reversed: bool
    gradient: bool

    @property
    def facts(self) -> tuple[int, int, tuple[int, int], bool, int, int]:
        """The values that are equal in all messages of a picture, with its number."""
        return (
            self.minimum,
            self.maximum,
            self.position,
            self.fan,
            self.ambient,
            self.number,
        )

    @property
    def bound(self) -> int:
        """Largest difference of a pixel from the node's own value, in tenths of a K."""
        return self.step // 2

    @property
    def span(self) -> int:
        """Difference of maximum and minimum in tenths of a K."""
        return self.maximum - self.minimum

    @property
    def lattice(self) -> tuple[slice, slice]:
        """Rows and columns of the whole picture that this message has pixels of."""
        if self.quarter is None:
            return slice(None), slice(None)
        return slice(self.quarter >> 1, None, 2), slice(self.quarter & 1, None, 2)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the part of the picture that this message is about."""
        if self.quarter is None:
            return HEIGHT, WIDTH
        return HEIGHT // 2, WIDTH // 2


def is_compact(payload: bytes) -> bool:
    """Return whether length and version are those of this format.

    They distinguish it from a line of an image and from a reset.
    """
    length = len(payload)
    return (
        length >= HEADER_LENGTH
        and length not in OTHER_LENGTHS
        and payload[0] >> 4 == _VERSION
    )


def decode_header(payload: bytes) -> Header:
    """Return the header of a message.

    Raises UplinkError if the version of the format is not known or the fields contradict
    each other.
    """
    if not is_compact(payload):
        raise UplinkError(UplinkErrorReason.LENGTH, f"{len(payload)} bytes")
    kind, part, step = payload[0] >> 2 & 3, payload[0] & 3, payload[1]
    if kind > _QUARTER or (kind != _QUARTER and part):
        raise UplinkError(UplinkErrorReason.KIND, f"kind {kind}, part {part}")
    if (step == 0) != (len(payload) == HEADER_LENGTH):
        raise UplinkError(UplinkErrorReason.LENGTH, f"{len(payload)} bytes")
    minimum = sign_12_bits((payload[4] & 0xF0) << 4 | payload[3])
    maximum = sign_12_bits((payload[4] & 0x0F) << 8 | payload[5])
    position = (payload[6] & 3) << 8 | payload[7]
    if not LOWEST <= minimum <= maximum or position >= HEIGHT * WIDTH:
        raise UplinkError(
            UplinkErrorReason.CONTENT, f"{minimum} to {maximum} at {position}"
        )
    return Header(
        quarter=part if kind == _QUARTER else None,
        step=step,
        fan=bool(payload[2] & 0x80),
        ambient=payload[2] & 0x7F,
        minimum=minimum,
        maximum=maximum,
        position=divmod(position, WIDTH),
        number=payload[6] >> 5,
        rows_reversed=bool(payload[6] & 0x10),
        columns_reversed=bool(payload[6] & 0x08),
        gradient=bool(payload[6] & 0x04),
    )
