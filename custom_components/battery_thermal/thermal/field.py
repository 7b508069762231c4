"""The field of temperatures behind a picture: whole, and as fine as the picture."""

import numpy as np
from PIL import Image


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
    before = values[:, first].astype(float)
    whole: np.ndarray = before + (values[:, last] - before) * weight
    return whole


def enlarge(field: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return a field interpolated to a size: float32, shape (height, width).

    Bicubic, then clipped to the field's own range: a cubic overshoots at edges and
    would show temperatures that nobody has measured.
    """
    small = Image.fromarray(field.astype(np.float32))
    large = np.array(small.resize((width, height), Image.Resampling.BICUBIC))
    return large.clip(field.min(), field.max(), out=large)
