"""Named areas of the picture: cells, terminals, bus bars, and what does not count.

An area is a rectangle or a polygon in coordinates of the sensor, so that rotating and
mirroring the picture does not move it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
import math
from typing import Final

import numpy as np

from .mode import HEIGHT, WIDTH

MOST_CORNERS: Final = 32
"""Corners of a polygon. One around a round cell looks round with half as many."""

type Point = tuple[float, float]
"""Row and column in pixels of a slow image, 0, 0 at the sensor's upper left corner.

The middle of the first pixel is at 0.5, 0.5.
"""


class AreaKind(StrEnum):
    """What an area shows. Areas of one kind are compared with each other."""

    CELL = "cell"
    TERMINAL = "terminal"
    BUS_BAR = "bus_bar"
    OTHER = "other"
    IGNORE = "ignore"
    """A part of the picture that does not count."""


COMPARED: Final = (AreaKind.CELL, AreaKind.TERMINAL, AreaKind.BUS_BAR)
"""Kinds of which one that is warmer than the others is a fault. Others differ anyway."""


@dataclass(frozen=True, slots=True)
class Area:
    """A named part of the picture.

    `key` identifies it for ever. `points`: two opposite corners of a rectangle, or three
    or more corners of a polygon. The others are None where those of the node hold:
    `emissivity`; `highest`: °C above which an alarm is raised; `warning` and `alarm`: K
    over the median of its kind.
    """

    key: str
    name: str
    kind: AreaKind
    points: tuple[Point, ...]
    emissivity: float | None = None
    highest: float | None = None
    warning: float | None = None
    alarm: float | None = None

    @property
    def has_limits(self) -> bool:
        """Whether it has a limit of its own."""
        limits = (self.highest, self.warning, self.alarm)
        return any(limit is not None for limit in limits)

    @property
    def corners(self) -> tuple[Point, ...]:
        """The corners in order, four of a rectangle."""
        if len(self.points) > 2:
            return self.points
        (top, left), (bottom, right) = self.points
        return (top, left), (top, right), (bottom, right), (bottom, left)

    def mask(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return which pixels of an image are in the area: bool, (height, width).

        Those whose middle is inside, at least one. In a fast image, blocks are pixels.
        """
        return _mask(self.points, shape)


def counting_areas(areas: Sequence[Area]) -> list[Area]:
    """Return the areas of which a pixel counts, in their order."""
    shape = HEIGHT, WIDTH
    ignored = ignored_mask(areas, shape)
    return [
        area
        for area in areas
        if area.kind is not AreaKind.IGNORE
        and (ignored is None or bool((area.mask(shape) & ~ignored).any()))
    ]


def ignored_mask(areas: Iterable[Area], shape: tuple[int, ...]) -> np.ndarray | None:
    """Return which pixels do not count: bool, (height, width); None without any.

    A block of a fast image is ignored only if all of its pixels are: its value may be
    that of any of them.
    """
    points = tuple(area.points for area in areas if area.kind is AreaKind.IGNORE)
    return _ignored(points, shape) if points else None


@lru_cache(maxsize=64)
def _ignored(
    ignored: tuple[tuple[Point, ...], ...], shape: tuple[int, ...]
) -> np.ndarray:
    masks = [_mask(points, (HEIGHT, WIDTH)) for points in ignored]
    height, width = shape
    blocks = np.any(masks, axis=0).reshape(
        height, HEIGHT // height, width, WIDTH // width
    )
    return _fixed(blocks.all(axis=(1, 3)))


@lru_cache(maxsize=2048)
def _mask(points: tuple[Point, ...], shape: tuple[int, ...]) -> np.ndarray:
    height, width = shape
    scale = height / HEIGHT
    scaled = [(row * scale, column * scale) for row, column in points]
    mask = np.zeros((height, width), np.bool_)
    if len(scaled) == 2:
        rows, columns = (
            _range(min(ends), max(ends), size)
            for ends, size in zip(zip(*scaled, strict=True), shape, strict=True)
        )
        mask[rows, columns] = True
        return _fixed(mask)
    middles = np.arange(width) + 0.5
    following = [*scaled[1:], scaled[0]]
    for row in range(height):
        middle = row + 0.5
        for (top, left), (bottom, right) in zip(scaled, following, strict=True):
            if (top <= middle) != (bottom <= middle):
                crossing = left + (middle - top) / (bottom - top) * (right - left)
                mask[row] ^= middles >= crossing
    if not mask.any():
        row, column = (sum(axis) / len(scaled) for axis in zip(*scaled, strict=True))
        mask[_pixel(row, height), _pixel(column, width)] = True
    return _fixed(mask)


def _range(start: float, end: float, size: int) -> slice:
    """Return the pixels whose middle lies between two edges, at least one."""
    first, last = math.ceil(start - 0.5), math.ceil(end - 0.5)
    if first >= last:
        first = _pixel((start + end) / 2, size)
        last = first + 1
    return slice(first, last)


def _pixel(at: float, size: int) -> int:
    return min(max(int(at), 0), size - 1)


def _fixed(mask: np.ndarray) -> np.ndarray:
    """Return a mask that cannot be changed: it is shared."""
    mask.flags.writeable = False
    return mask
