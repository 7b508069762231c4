"""Prediction of pixels from their neighbours, which encoder and decoder do alike."""

from .range_decoder import RangeDecoder

type Row = list[int]


def decode_pixels(
    stream: bytes, shape: tuple[int, int], *, span: int, step: int, gradient: bool
) -> list[Row]:
    """Return the pixels of a stream in the order in which it scans them.

    They are in tenths of a K above the picture's minimum, 0..`span`. `shape` is height and
    width. Raises UplinkError for a residual that no encoder makes.
    """
    decoder = RangeDecoder(stream)
    height, width = shape
    predict = _gradient if gradient else _median_edge
    pixels, sizes = _first_row(decoder, width, span, step)
    rows = [pixels]
    for _ in range(height - 1):
        # Neighbours outside the picture are replaced by the pixel above the row's first or
        # last pixel.
        above = [pixels[0], *pixels, pixels[-1]]
        sizes_above = [sizes[0], *sizes, sizes[-1]]
        west, size_west = pixels[0], sizes[0]
        pixels, sizes = [], []
        for column in range(width):
            north_west, north, north_east = above[column : column + 3]
            size_north_west, size_north, size_north_east = sizes_above[
                column : column + 3
            ]
            residual = decoder.residual(
                _context(
                    2 * (size_west + size_north) + size_north_west + size_north_east
                )
            )
            predicted = _clip(predict(west, north, north_west, north_east), span)
            west, size_west = _clip(predicted + residual * step, span), abs(residual)
            pixels.append(west)
            sizes.append(size_west)
        rows.append(pixels)
    return rows


def _first_row(
    decoder: RangeDecoder, width: int, span: int, step: int
) -> tuple[Row, Row]:
    """Return the pixels of the first row, and the sizes of their residuals.

    All neighbours of a pixel of the first row are replaced by the pixel before it, which
    both predictors then predict.
    """
    pixels, sizes = [min(decoder.bits(12), span)], [0]
    for _ in range(width - 1):
        residual = decoder.residual(_context(6 * sizes[-1]))
        pixels.append(_clip(pixels[-1] + residual * step, span))
        sizes.append(abs(residual))
    return pixels, sizes


def _median_edge(west: int, north: int, north_west: int, north_east: int) -> int:
    """Return the median of west, north and west + north - north_west (MED of LOCO-I)."""
    lower, upper = (west, north) if west < north else (north, west)
    if north_west >= upper:
        return lower
    if north_west <= lower:
        return upper
    return west + north - north_west


def _gradient(west: int, north: int, north_west: int, north_east: int) -> int:
    """Return the mean of west and north, moved by the slope of the row above."""
    return (2 * (west + north) + north_east - north_west + 2) >> 2


def _context(sizes: int) -> int:
    """Return the number of the probabilities to use, from the sum of weighted sizes."""
    if sizes <= 1:
        return 0
    if sizes <= 6:
        return 1
    return 2 if sizes <= 20 else 3


def _clip(value: int, span: int) -> int:
    return 0 if value < 0 else min(value, span)
