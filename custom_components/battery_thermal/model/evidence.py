"""Detection of heat that the values of an image do not show.

A pixel at 369.6 °C or more arrives 409.6 K too low (`value_range`), as a value that could
be true. Four rules distinguish it from a true one; docs/node.md describes them.

1. The node's own minimum and maximum are taken before they wrap. A maximum below the
   minimum has wrapped, and so have the pixels below the minimum: `resolve`.
2. A pixel above the node's maximum, or below its minimum, belongs to another image or
   says that something has wrapped. If all values fit that, and the difference is larger
   than one between two images of the same thing: `Verdict.WRAPPED`.
3. Without the node's minimum, because the last line has not arrived: a cold hole. A lens
   spreads what it sees over a pixel's neighbours, so a true cold spot of one or two
   pixels is not that much colder than everything around it.
4. The node's fan: `protocol.fan_evidence`.

What they cannot detect: a spot hotter than 409.6 K above the hottest other pixel shows as
a hot pixel with a wrong value. Then only the fan shows it, if that value is not over the
threshold.
"""

from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from .mode import Mode
from .value_range import HIGHEST, HIGHEST_CERTAIN, LOWEST, WRAP

if TYPE_CHECKING:
    from .thermal_image import ThermalImage

_FAR: Final = 100
"""Tenths of a K. Two images of one thing, minutes apart, differ by less."""

_HOLE: Final = 150
"""Tenths of a K that a cold hole is deep at least: see rule 3. In what is hot in 207 real
frames of MLX90640 cameras no hole is half as deep."""

_HOLE_SIZE: Final = 4
"""Pixels. What is cold and larger than that is taken for a cold thing."""

_DEAD_PIXELS: Final = 4
"""An MLX90640 may have as many (data sheet, section 9)."""

_ROUGH: Final = 8
"""Times the usual difference of two neighbours that a cold hole is deep at least."""

_CORNER: Final = 3
"""Part of that depth that there is towards the pixels across a corner."""

_DIRECTIONS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Across, down, and both diagonals, in rows and columns."""

_NOTHING: Final = -9999
_EVERYTHING: Final = 9999
"""Beyond all values, in tenths of a °C."""


class Verdict(StrEnum):
    """What the node's own minimum and maximum say of the pixels."""

    CONSISTENT = "consistent"
    WRAPPED = "wrapped"
    """At least one pixel has a value 409.6 K below the true one."""
    MIXED = "mixed"
    """They are of different images."""


def resolve(
    values: np.ndarray, present: np.ndarray, minimum: int | None, maximum: int | None
) -> tuple[np.ndarray, int | None]:
    """Return the pixels and the maximum as they must be, given the node's own pair.

    All in tenths of a °C. Nothing changes unless the maximum is below the minimum. If
    hardly any pixel is as high as the minimum, then that one has wrapped: a dead pixel
    may read less than any value can say.
    """
    if minimum is None or maximum is None or maximum >= minimum:
        return values, maximum
    if np.count_nonzero(present & (values >= minimum)) <= _DEAD_PIXELS:
        return values, maximum
    maximum += WRAP
    wrapped = (values < minimum) & (values + WRAP <= maximum)
    return np.where(wrapped, values + WRAP, values).astype(np.int16), maximum


def judge(image: ThermalImage) -> Verdict:
    """Return what the node's own minimum and maximum, as far as known, say of an image.

    Published nodes send the minimum of all 768 pixels with a fast image too, whose
    pixels are maxima of blocks: so there it may be lower.
    """
    pixels = image.values[image.present]
    if image.bound is not None or not pixels.size:
        # Nothing wraps there, and the decoder has compared the pixels with the extremes.
        return Verdict.CONSISTENT
    low, high = int(pixels.min()), int(pixels.max())
    minimum, maximum = _extremes(image)
    sends_lowest = image.mode is Mode.SLOW
    below = 0 if minimum is None else minimum - low
    above = 0 if maximum is None else high - maximum
    if below <= 0 and above <= 0:
        complete = image.complete and (above < 0 or (sends_lowest and below < 0))
        return Verdict.MIXED if complete else Verdict.CONSISTENT
    # The hottest pixel has wrapped to the value that the maximum has wrapped to.
    needed = [maximum, minimum] if sends_lowest else [maximum]
    fits = not image.complete or all(one is None or one in pixels for one in needed)
    in_range = maximum is None or maximum <= HIGHEST
    if fits and in_range and max(below, above) >= _FAR:
        return Verdict.WRAPPED
    return Verdict.MIXED


def find_doubtful(image: ThermalImage) -> np.ndarray:
    """Return which pixels may be 409.6 K hotter than their values: bool, (height, width)."""
    if judge(image) is Verdict.WRAPPED:
        return _wrapped(image)
    if _extremes(image)[0] is None and image.bound is None:
        return _cold_holes(image)
    return np.zeros(image.values.shape, np.bool_)


def is_suspect(image: ThermalImage) -> bool:
    """Return whether the values of an image cannot be taken as they are."""
    maximum = image.node_maximum
    resolved = maximum is not None and maximum > HIGHEST_CERTAIN
    contradicted = judge(image) is not Verdict.CONSISTENT
    return contradicted or resolved or bool(find_doubtful(image).any())


def _extremes(image: ThermalImage) -> tuple[int | None, int | None]:
    """Return the node's own minimum and maximum, None for what says nothing.

    A minimum above the maximum is that of a dead pixel: see `resolve`.
    """
    minimum, maximum = image.node_minimum, image.node_maximum
    if minimum is not None and maximum is not None and minimum > maximum:
        minimum = None
    return minimum, maximum


def _wrapped(image: ThermalImage) -> np.ndarray:
    """Return which pixels of an image with wrapped values are below their true ones."""
    values, present = image.values, image.present
    doubtful = np.zeros(values.shape, np.bool_)
    minimum, maximum = _extremes(image)
    if minimum is not None:
        doubtful |= present & (values < minimum)
    # Of those that have the value of the maximum, the one among the hottest.
    alike = present & (values == maximum)
    if alike.any():
        around = _highest_around(values, present)
        doubtful.flat[int(np.where(alike, around, _NOTHING).argmax())] = True
    return doubtful


def _cold_holes(image: ThermalImage) -> np.ndarray:
    """Return which pixels are far colder than what is around them: see rule 3.

    Those from -40 to 0 °C if all others are far warmer; warmer ones only in the middle
    of something hot. Blocks of fast images do not show what is around a pixel.
    """
    values, present = image.values.astype(np.int32), image.present
    level = _filled(values, present, 0, 1)
    if not (present & (level - values >= _HOLE)).any():
        # Most images have none, and this direction shows it.
        return np.zeros(values.shape, np.bool_)
    far = max(_HOLE, _ROUGH * _roughness(values, present))
    # A hole is one in each direction: a gap between two cells is only in one. A lens
    # gives less to the pixels across a corner.
    deep = present.copy()
    for way in _DIRECTIONS:
        least = far if 0 in way else far / _CORNER
        deep &= _filled(values, present, *way) - values >= least
    cold = deep & (values >= LOWEST) & (values <= 0)
    others = values[present & ~cold]
    if not 0 < np.count_nonzero(cold) <= _HOLE_SIZE or (
        others.min() - values[cold].max() < far
    ):
        cold = np.zeros_like(deep)
    if image.mode is Mode.FAST:
        return np.asarray(cold)
    hot_ring: np.ndarray = deep & (level >= np.median(values[present]) + far)
    return np.asarray(cold | hot_ring)


def _roughness(values: np.ndarray, present: np.ndarray) -> float:
    """Return how far neighbours usually differ, infinite where there are none."""
    differences = np.concatenate(
        [
            np.abs(np.diff(values, axis=axis))[
                np.logical_and(*_neighbours(present, axis))
            ]
            for axis in (0, 1)
        ]
    )
    return float(np.median(differences)) if differences.size else np.inf


def _neighbours(field: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the second of each two neighbours along an axis."""
    size = field.shape[axis]
    return field.take(range(size - 1), axis), field.take(range(1, size), axis)


def _filled(
    values: np.ndarray, present: np.ndarray, down: int, across: int
) -> np.ndarray:
    """Return values with holes of one or two pixels filled up, along one direction."""
    known = np.where(present, values, _NOTHING)
    highest = reduce(np.maximum, _line(known, down, across, _NOTHING))
    highest = np.where(present, highest, _EVERYTHING)
    return reduce(np.minimum, _line(highest, down, across, _EVERYTHING))


def _line(values: np.ndarray, down: int, across: int, edge: int) -> list[np.ndarray]:
    """Return the values before, at and after each pixel; `edge`: what is outside."""
    height, width = values.shape
    # This is done for each line that arrives, and `np.pad` takes ten times as long.
    wide = np.full((height + 2, width + 2), edge, values.dtype)
    wide[1:-1, 1:-1] = values
    return [
        wide[1 + step * down :, 1 + step * across :][:height, :width]
        for step in (-1, 0, 1)
    ]


def _highest_around(values: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Return the highest value of each pixel and its eight neighbours."""
    known = np.where(present, values.astype(np.int32), _NOTHING)
    for down, across in ((0, 1), (1, 0)):
        known = reduce(np.maximum, _line(known, down, across, _NOTHING))
    return known
