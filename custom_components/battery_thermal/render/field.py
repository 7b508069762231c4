"""Fields of temperatures: missing lines filled, interpolated to the picture's size."""

from functools import lru_cache
import math

import numpy as np
from PIL import Image

from .neighbours import fill_from_neighbours

_BLOCK = 8
"""Rows: fewer than 2**18 multiplications in pictures up to 1365 pixels wide."""

_STRIP = 10
"""Blocks that are made at a time: few enough to stay in a processor's cache."""


def fill(values: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Return a field with its missing pixels filled from their neighbours.

    For drawing, never for measuring. `values`: (height, width), any unit; `present`:
    bool, same shape, with at least one True. Missing lines are interpolated between the
    nearest lines there are; beyond the outermost one they have its values. If others
    than whole lines are missing, as quarters of a compact picture: see `neighbours`.
    """
    if present.all():
        return values
    if (present == present[:, :1]).all():
        return fill(values.T, present.T).T
    if not (present == present[:1]).all():
        return fill_from_neighbours(values, present)
    there = np.flatnonzero(present[0])
    columns = np.arange(values.shape[1])
    right = np.searchsorted(there, columns).clip(0, len(there) - 1)
    left = (np.searchsorted(there, columns, "right") - 1).clip(0)
    first, last = there[left], there[right]
    weight = (columns - first) / np.maximum(last - first, 1)
    before = values[:, first].astype(float)
    whole: np.ndarray = before + (values[:, last] - before) * weight
    return whole


def enlarge(
    field: np.ndarray,
    height: int,
    width: int,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    dtype: type[np.generic] = np.float32,
) -> np.ndarray:
    """Return a field interpolated to a size, of `dtype`: shape (height, width).

    Bicubic, then clipped to the field's own range: a cubic overshoots at edges and
    would show temperatures that nobody has measured. `low` and `high` clip further.
    Whole numbers are cut off, not rounded.
    """
    small = field.astype(np.float32)
    lowest, highest = np.clip((small.min(), small.max()), low, high)
    tall = _down(small.shape[0], height) @ small
    across = _across(small.shape[1], width)
    large = np.empty((len(tall), _BLOCK, width), dtype)
    fine = np.empty((_STRIP, _BLOCK, width), np.float32)
    for first in range(0, len(tall), _STRIP):
        strip = tall[first : first + _STRIP]
        product = np.matmul(strip, across, out=fine[: len(strip)])
        large[first : first + _STRIP] = product.clip(lowest, highest, out=product)
    return large.reshape(-1, width)[:height]


def repeated(field: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return a field at a size, each value as often as it takes: (height, width)."""
    rows = np.arange(height) * field.shape[0] // height
    columns = np.arange(width) * field.shape[1] // width
    large: np.ndarray = field[np.ix_(rows, columns)]
    return large


def _weights(size: int, new_size: int) -> np.ndarray:
    """Return how much of each old point is in each new one: (new_size, size).

    These are Pillow's own, as it resizes a single point of each kind. Two products with
    them take a quarter of the time of Pillow's resizing (benchmarks/thermal_rendering.py).
    """
    points = Image.fromarray(np.eye(size, dtype=np.float32))
    return np.array(points.resize((size, new_size), Image.Resampling.BICUBIC))


@lru_cache(maxsize=16)
def _across(size: int, new_size: int) -> np.ndarray:
    """Return weights for columns, (size, new_size), in an order that reads fast."""
    return np.ascontiguousarray(_weights(size, new_size).T)


@lru_cache(maxsize=16)
def _down(size: int, new_size: int) -> np.ndarray:
    """Return weights in blocks of rows, the last one filled up: (blocks, rows, size).

    OpenBLAS shares a product of more than 2**18 multiplications out to threads, which
    wait for each other on a machine that has other things to do.
    """
    missing = -new_size % _BLOCK
    weights = np.pad(_weights(size, new_size), ((0, missing), (0, 0)))
    return weights.reshape(-1, _BLOCK, size)
