"""Filling of pixels that have not arrived from the pixels around them."""

import numpy as np

_EDGE = 2.0
_CORNER = 1.0
"""Weights of the pixels beside a pixel, and of those across its corners."""


def fill_from_neighbours(values: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Return a field with missing pixels filled, for drawing and never for measuring.

    `values`: (height, width), any unit; `present`: bool, same shape, at least one True.
    A missing pixel is the weighted mean of those of its eight neighbours that are there;
    this is repeated until every pixel is.
    """
    known = present.copy()
    field = np.where(known, values, 0).astype(float)
    while not known.all():
        weights = _around(known.astype(float))
        sums = _around(np.where(known, field, 0.0))
        new = ~known & (weights > 0)
        field[new] = sums[new] / weights[new]
        known |= new
    return field


def _around(field: np.ndarray) -> np.ndarray:
    """Return the weighted sum of the eight neighbours of each pixel."""
    wide = np.pad(field, 1)
    height, width = field.shape
    total = np.zeros(field.shape)
    for down in (0, 1, 2):
        for across in (0, 1, 2):
            if (down, across) != (1, 1):
                weight = _EDGE if 1 in (down, across) else _CORNER
                total += weight * wide[down : down + height, across : across + width]
    return total
