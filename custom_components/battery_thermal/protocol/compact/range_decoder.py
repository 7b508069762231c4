"""Decoder of the binary range coder, with adaptive probabilities.

The decoder keeps the width of the coder's interval as `range`, and the position of the
stream's value in it as `code`. After its end, a stream continues with zeros.
"""

from typing import Final

from ..uplink import UplinkError, UplinkErrorReason

CONTEXTS: Final = 4
"""Number of sets of probabilities. The size of the neighbours' residuals selects one."""

_FLAGS: Final = 12
"""Flags of a residual that have a probability: one for "not zero", 11 for its size."""

_TOP: Final = 1 << 24
"""A range below this is too narrow to be divided, so another byte is read."""

_HALF: Final = 1 << 15
_LEAST: Final = 512
_MOST: Final = 65024
"""Probabilities of a 0, in 1/65536: initial value, lower and upper bound."""

_LONGEST_MEMORY: Final = 24
"""Number of flags after which the rate of adaptation no longer decreases."""

_ORDER: Final = 2
"""Order of the Exp-Golomb code for the rest of a large residual."""

_LARGEST_ORDER: Final = 12
"""Largest order that a residual of 12-bit values needs."""


class RangeDecoder:
    """Reader of bits and residuals of a stream."""

    def __init__(self, stream: bytes) -> None:
        """Start at the first byte, with all probabilities even."""
        self._stream = stream
        self._at = 4
        self._range = 0xFFFFFFFF
        self._code = int.from_bytes(stream[:4].ljust(4, b"\0"))
        self._probabilities = [_HALF] * (CONTEXTS * _FLAGS)
        self._counts = [0] * (CONTEXTS * _FLAGS)

    def bits(self, count: int) -> int:
        """Return a number of `count` bits without probabilities, high bit first."""
        value = 0
        for _ in range(count):
            self._range >>= 1
            value <<= 1
            if self._code >= self._range:
                self._code -= self._range
                value |= 1
            if self._range < _TOP:
                self._read_byte()
        return value

    def residual(self, context: int) -> int:
        """Return the next residual in steps.

        Raises UplinkError if it is larger than 12-bit values allow.
        """
        first = context * _FLAGS
        if not self._flag(first):
            return 0
        negative = self.bits(1)
        size = 1
        for flag in range(first + 1, first + _FLAGS):
            if not self._flag(flag):
                break
            size += 1
        else:
            size += self._rest()
        return -size if negative else size

    def _rest(self) -> int:
        """Return the part of a residual's size that exceeds the sizes with flags."""
        rest, order = 0, _ORDER
        while self.bits(1):
            rest += 1 << order
            order += 1
            if order > _LARGEST_ORDER:
                raise UplinkError(UplinkErrorReason.CONTENT, "a residual out of range")
        return rest + self.bits(order)

    def _flag(self, index: int) -> bool:
        """Return the next flag, and adapt its probability."""
        probability = self._probabilities[index]
        count = self._counts[index]
        bound = (self._range >> 16) * probability
        if self._code < bound:
            self._range = bound
            probability += 2 * (65535 - probability) // (2 * count + 3)
            self._probabilities[index] = min(probability, _MOST)
            flag = False
        else:
            self._code -= bound
            self._range -= bound
            probability -= 2 * probability // (2 * count + 3)
            self._probabilities[index] = max(probability, _LEAST)
            flag = True
        if count < _LONGEST_MEMORY:
            self._counts[index] = count + 1
        while self._range < _TOP:
            self._read_byte()
        return flag

    def _read_byte(self) -> None:
        byte = self._stream[self._at] if self._at < len(self._stream) else 0
        self._at += 1
        self._range <<= 8
        self._code = self._code << 8 | byte
