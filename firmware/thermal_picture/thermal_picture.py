"""Encoder of the compact format: a thermal picture in one LoRaWAN message, or in four.

For nodes that run Python 3.10 or later, or MicroPython; imports nothing. README.md has an
example, docs/node.md specifies the format. `thermal_picture.c` is the same in C.
"""

ROWS = 32
COLUMNS = 24
LOWEST = -400
HIGHEST = 3071
"""Tenths of a °C: what can be sent."""

WHOLE = 4
"""The part that is the whole picture; 0 to 3 are its quarters."""

FACTS = 8
"""Bytes of the header, and of a message that states the facts alone."""

FINEST = 5
COARSEST = 31
"""Steps in tenths of a K: each pixel within 0.2 K, and within 1.5 K."""

LARGEST_STEP = 255
LARGEST_MESSAGE = 255

_OTHER_LENGTHS = (37, 40, 49, 52)
"""Lengths of the messages of a node that sends lines."""

_QUARTERS = (0, 3, 1, 2)
"""The order of quarters: the first two are a checkerboard."""

_FLAGS = 12
_CONTEXTS = 4
_TOP = 1 << 24
_ROWS_REVERSED, _COLUMNS_REVERSED, _GRADIENT = 2, 1, 4

_VARIANTS = tuple(
    (scan, first)
    for first in (0, 1, -1)
    for scan in range(_ROWS_REVERSED + _COLUMNS_REVERSED + _GRADIENT + 1)
)
"""The corner to start from and the predictor, and in thirds of a step by how much the
first pixel is moved."""

_WORTH_A_SEARCH = 1.25
"""The other variants make a stream at most so many times shorter than the first."""


class Picture:
    """A picture that is to be sent.

    `minimum` and `maximum` are tenths of a °C, `position` is row * 24 + column of the
    first pixel that has the maximum.
    """

    def __init__(self, pixels: list[int], fan: bool, ambient: int, number: int) -> None:
        """Take 768 pixels, row by row, in tenths of a °C.

        Those that cannot be sent become the lowest or highest value that can. `ambient`
        is in whole °C, 0..127. `number` counts pictures.
        """
        if len(pixels) != ROWS * COLUMNS:
            raise ValueError("a picture has 768 pixels")
        if not 0 <= ambient <= 127:
            raise ValueError("the ambient temperature is one of 0 to 127 °C")
        self.pixels: list[int] = [
            min(max(int(pixel), LOWEST), HIGHEST) for pixel in pixels
        ]
        self.minimum: int = min(self.pixels)
        self.maximum: int = max(self.pixels)
        self.position: int = self.pixels.index(self.maximum)
        self.status: int = (0x80 if fan else 0) | ambient
        self.number: int = number & 7

    def rows(self, part: int, scan: int) -> list[list[int]]:
        """Return the pixels of a part above the minimum, in the order of a scan."""
        stride = 1 if part == WHOLE else 2
        rows = range(part >> 1 & 1, ROWS, stride)
        columns = range(part & 1, COLUMNS, stride)
        if scan & _ROWS_REVERSED:
            rows = rows[::-1]
        if scan & _COLUMNS_REVERSED:
            columns = columns[::-1]
        return [
            [self.pixels[row * COLUMNS + column] - self.minimum for column in columns]
            for row in rows
        ]

    def header(self, part: int, step: int, scan: int) -> bytes:
        """Return the first eight bytes of a message."""
        kind = 0x10 if part == WHOLE else 0x14 | part
        low, high = self.minimum & 0xFFF, self.maximum & 0xFFF
        scan_bits = (scan & 3) << 3 | scan & _GRADIENT
        return bytes(
            (
                kind,
                step,
                self.status,
                low & 0xFF,
                low >> 8 << 4 | high >> 8,
                high & 0xFF,
                self.number << 5 | scan_bits | self.position >> 8,
                self.position & 0xFF,
            )
        )


def facts(picture: Picture) -> bytes:
    """Return the message that states the facts alone."""
    return picture.header(WHOLE, 0, 0)


def encode(
    picture: Picture,
    part: int,
    step: int,
    capacity: int = LARGEST_MESSAGE,
    *,
    thorough: bool = True,
) -> bytes | None:
    """Return the message for one part, None if it would be longer than `capacity` bytes.

    `step` is in tenths of a K, 1 to 255: the receiver then knows each pixel within
    `step // 2`. `thorough`: try all 24 variants, which makes it some percent shorter and
    takes 24 times as long.
    """
    best = None
    room = capacity - FACTS
    for variant in _VARIANTS if thorough else _VARIANTS[:1]:
        if room < 0:
            break
        stream = encode_stream(picture, part, step, variant, room)
        if stream is not None:
            best = padded(picture.header(part, step, variant[0]) + stream)
            room = len(stream) - 1
    return None if best is None or len(best) > capacity else best


def fit(
    picture: Picture,
    part: int,
    finest: int = FINEST,
    coarsest: int = LARGEST_STEP,
    capacity: int = LARGEST_MESSAGE,
    *,
    thorough: bool = True,
) -> bytes | None:
    """Return the message with the finest step that fits, None if none does."""
    step = finest
    while step <= coarsest:
        message = encode(picture, part, step, capacity, thorough=False)
        if thorough:
            within = int(_WORTH_A_SEARCH * capacity)
            if message or encode(picture, part, step, within, thorough=False):
                message = encode(picture, part, step, capacity)
        if message:
            return message
        step += 1 + step // 16
    return None


def messages(
    picture: Picture,
    capacity: int,
    finest: int = FINEST,
    coarsest: int = COARSEST,
    *,
    thorough: bool = True,
) -> list[bytes]:
    """Return the messages to send a picture with, in the order to send them in.

    One, if that says each pixel with a step of at most `coarsest`, else four quarters.
    If a quarter does not fit at all, the facts alone.
    """
    whole = fit(picture, WHOLE, finest, coarsest, capacity, thorough=thorough)
    if whole:
        return [whole]
    quarters = []
    for part in _QUARTERS:
        quarter = fit(picture, part, finest, LARGEST_STEP, capacity, thorough=thorough)
        if not quarter:
            return [facts(picture)]
        quarters.append(quarter)
    return quarters


def padded(message: bytes) -> bytes:
    """Return a message of a length by which receivers know the format."""
    while len(message) == FACTS or len(message) in _OTHER_LENGTHS:
        message += b"\0"
    return message


def encode_stream(
    picture: Picture, part: int, step: int, variant: tuple[int, int], room: int
) -> bytes | None:
    """Return the stream of a part, None if it would be longer than `room` bytes."""
    scan, first = variant
    offset = first * (step // 3)
    span = picture.maximum - picture.minimum
    rows = picture.rows(part, scan)
    coder = _Coder()
    west = min(max(rows[0][0] + offset, 0), span)
    coder.bits(west, 12)
    decoded, sizes = [west], [0]
    for pixel in rows[0][1:]:
        residual = _divide(pixel - west, step)
        coder.residual(_context(6 * sizes[-1]), residual)
        west = min(max(west + residual * step, 0), span)
        decoded.append(west)
        sizes.append(abs(residual))
    for row in rows[1:]:
        if coder.shifted > room + _CONTEXTS:
            return None
        above = [decoded[0], *decoded, decoded[-1]]
        sizes_above = [sizes[0], *sizes, sizes[-1]]
        west, size = decoded[0], sizes[0]
        decoded, sizes = [], []
        for column, pixel in enumerate(row):
            north_west, north, north_east = above[column : column + 3]
            if scan & _GRADIENT:
                predicted = 2 * (west + north) + north_east - north_west + 2 >> 2
            elif north_west >= west and north_west >= north:
                predicted = min(west, north)
            elif north_west <= west and north_west <= north:
                predicted = max(west, north)
            else:
                predicted = west + north - north_west
            predicted = min(max(predicted, 0), span)
            residual = _divide(pixel - predicted, step)
            around = sizes_above[column] + sizes_above[column + 2]
            around += 2 * (size + sizes_above[column + 1])
            coder.residual(_context(around), residual)
            west = min(max(predicted + residual * step, 0), span)
            size = abs(residual)
            decoded.append(west)
            sizes.append(size)
    stream = coder.finish()
    return stream if len(stream) <= room else None


def _divide(difference: int, step: int) -> int:
    """Return a difference in steps, rounded; halves away from zero."""
    if difference < 0:
        return -((-difference + step // 2) // step)
    return (difference + step // 2) // step


def _context(sizes: int) -> int:
    """Return which probabilities to use, given the weighted sizes of the neighbours."""
    return 0 if sizes <= 1 else 1 if sizes <= 6 else 2 if sizes <= 20 else 3


class _Coder:
    """Range coder. `low` keeps all that has been written, so a carry needs no care."""

    def __init__(self) -> None:
        """Start with an empty stream and even probabilities."""
        self.low = 0
        self.range = 0xFFFFFFFF
        self.shifted = 0
        self.probabilities = [32768] * (_CONTEXTS * _FLAGS)
        self.counts = [0] * (_CONTEXTS * _FLAGS)

    def _normalise(self) -> None:
        while self.range < _TOP:
            self.low <<= 8
            self.range <<= 8
            self.shifted += 1

    def bits(self, value: int, count: int) -> None:
        """Write bits that have no probability, high bit first."""
        for index in range(count - 1, -1, -1):
            self.range >>= 1
            if value >> index & 1:
                self.low += self.range
            self._normalise()

    def flag(self, index: int, flag: bool) -> None:
        """Write a flag and adapt its probability."""
        probability, count = self.probabilities[index], self.counts[index]
        bound = (self.range >> 16) * probability
        if flag:
            self.low += bound
            self.range -= bound
            probability -= 2 * probability // (2 * count + 3)
        else:
            self.range = bound
            probability += 2 * (65535 - probability) // (2 * count + 3)
        self.probabilities[index] = min(max(probability, 512), 65024)
        self.counts[index] = min(count + 1, 24)
        if self.range < _TOP:
            self._normalise()

    def residual(self, context: int, residual: int) -> None:
        """Write a residual, in steps."""
        first = context * _FLAGS
        self.flag(first, residual != 0)
        if not residual:
            return
        self.bits(residual < 0, 1)
        rest = abs(residual) - 1
        for index in range(first + 1, first + _FLAGS):
            self.flag(index, rest > 0)
            if not rest:
                return
            rest -= 1
        order = 2
        while rest >= 1 << order:  # Exp-Golomb code
            self.bits(1, 1)
            rest -= 1 << order
            order += 1
        self.bits(0, 1)
        self.bits(rest, order)

    def finish(self) -> bytes:
        """Return the stream: the value of the interval with most zeros at its end."""
        mask = 0xFFFFFFFF
        while -self.low & mask >= self.range:
            mask >>= 1
        value = self.low + (-self.low & mask)
        return value.to_bytes(self.shifted + 4, "big").rstrip(b"\0")
