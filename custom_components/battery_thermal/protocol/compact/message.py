"""Decoder of one message in the compact format: from bytes to temperatures."""

from dataclasses import dataclass, field

import numpy as np

from ...model.value_range import HIGHEST
from ..uplink import AMBIENT_MAXIMUM, UplinkError, UplinkErrorReason
from .header import HEADER_LENGTH, Header, decode_header
from .pixels import decode_pixels

CLAMPED = HIGHEST + 1
"""Tenths of a °C. Stands for a pixel of 307.1 °C, because nodes clamp higher values to it."""


@dataclass(frozen=True, slots=True)
class CompactMessage:
    """One message: its header, and the pixels of its part of the picture.

    `values` are tenths of a °C, int16, in the shape of the header. Each is within
    `header.bound` of the node's own value; the one at the header's position equals the
    maximum. None in a message without pixels.
    """

    header: Header
    values: np.ndarray | None = field(compare=False)

    @property
    def minimum(self) -> int:
        """The minimum of the whole picture in tenths of a °C, exact."""
        return self.header.minimum

    @property
    def maximum(self) -> int:
        """The maximum of the whole picture in tenths of a °C, exact.

        Above `value_range.HIGHEST` if it is above the node's range.
        """
        return CLAMPED if self.header.maximum == HIGHEST else self.header.maximum

    @property
    def is_last(self) -> bool:
        """Whether the message states the extremes of its picture, like a last line."""
        return True

    @property
    def fan(self) -> bool:
        """Whether the fan runs."""
        return self.header.fan

    @property
    def ambient(self) -> int:
        """The ambient temperature in whole °C, 0..127."""
        return self.header.ambient

    @property
    def known_ambient(self) -> int | None:
        """The ambient temperature in °C, None if a DHT11 cannot have measured it."""
        return self.ambient if self.ambient <= AMBIENT_MAXIMUM else None

    @property
    def is_plausible(self) -> bool:
        """Whether an unknown device that sends this message may be a node."""
        return self.known_ambient is not None


def decode_message(payload: bytes) -> CompactMessage:
    """Return the decoded message of up to 255 bytes.

    Raises UplinkError if no encoder of the format makes such a message. This is no
    checksum: about one in seven random messages with a valid header is accepted.
    """
    header = decode_header(payload)
    if not header.step:
        return CompactMessage(header, None)
    rows = decode_pixels(
        payload[HEADER_LENGTH:],
        header.shape,
        span=header.span,
        step=header.step,
        gradient=header.gradient,
    )
    scanned = np.array(rows, np.int16)
    values = (
        header.minimum
        + scanned[
            :: -1 if header.rows_reversed else 1,
            :: -1 if header.columns_reversed else 1,
        ]
    )
    return CompactMessage(header, _checked(header, values))


def _checked(header: Header, values: np.ndarray) -> np.ndarray:
    """Return the pixels with the exact maximum in its place.

    Raises UplinkError if the pixels contradict the minimum or maximum of the header.
    """
    if header.quarter is None and values.min() > header.minimum + header.bound:
        raise UplinkError(UplinkErrorReason.CONTENT, "no pixel has the minimum")
    if (place := _place_of_maximum(header)) is not None:
        if header.maximum - values[place] > header.bound:
            raise UplinkError(UplinkErrorReason.CONTENT, "no pixel has the maximum")
        values[place] = header.maximum
    return values


def _place_of_maximum(header: Header) -> tuple[int, int] | None:
    """Return row and column of the maximum in this message's pixels, None if not there."""
    row, column = header.position
    if header.quarter is None:
        return row, column
    if ((row & 1) << 1 | (column & 1)) != header.quarter:
        return None
    return row >> 1, column >> 1
