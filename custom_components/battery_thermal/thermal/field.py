"""The field of temperatures behind a picture: whole, and as fine as the picture."""

from functools import lru_cache

import numpy as np


def fill(values: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Return a field with its missing lines made up from their neighbours.

    For looking at, never for measuring. `values`: (height, width), any unit;
    `present`: bool, same shape, with at least one whole row or column True, as lines
    are. Straight lines between the nearest lines there are; beyond the outermost one,
    its values.
    """
    if present.all():
        return values
    if (present == present[:, :1]).all():
        return fill(values.T, present.T).T
    there = np.flatnonzero(present[0])
    columns = np.arange(values.shape[1])
    right = np.searchsorted(there, columns).clip(0, len(there) - 1)
    left = (np.searchsorted(there, columns, "right") - 1).clip(0)
    first, last = there[left], there[right]
    weight = (columns - first) / np.maximum(last - first, 1)
    whole: np.ndarray = values[:, first] * (1 - weight) + values[:, last] * weight
    return whole


def enlarge(field: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return a field interpolated to a size: float32, shape (height, width).

    Bicubic, then clipped to the field's own range: a cubic overshoots at edges and
    would show temperatures that nobody has measured.
    """
    rows = _cubic(field.shape[0], height)
    columns = _cubic(field.shape[1], width)
    large: np.ndarray = rows @ field.astype(np.float32) @ columns.T
    return large.clip(field.min(), field.max(), out=large)


@lru_cache(maxsize=8)
def _cubic(size: int, new_size: int) -> np.ndarray:
    """Return the weights, (new_size, size), that interpolate a line of values.

    R. Keys, "Cubic convolution interpolation for digital image processing", 1981, with
    a = -1/2; values beyond the ends are those of the ends.
    """
    at = (np.arange(new_size) + 0.5) * size / new_size - 0.5
    first = np.floor(at).astype(int)
    weights = np.zeros((new_size, size), np.float32)
    for offset in (-1, 0, 1, 2):
        x = np.abs(at - first - offset)
        near = (1.5 * x - 2.5) * x * x + 1
        far = ((-0.5 * x + 2.5) * x - 4) * x + 2
        columns = (first + offset).clip(0, size - 1)
        np.add.at(weights, (np.arange(new_size), columns), np.where(x <= 1, near, far))
    return weights
