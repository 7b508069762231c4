"""The last image that has ended, while the lines of the next one arrive."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, override

import numpy as np

from . import evidence
from .thermal_image import ThermalImage

NOISE: Final = 1.0
"""K by which the maxima of two images of the same scene may differ: twice the noise of a
pixel at 4 Hz (MLX90640 data sheet, NETD)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class UpdatingImage(ThermalImage):
    """An image that has ended, with the lines of the next one over it.

    Its pixels are the newest that have arrived. Its figures are those of `ended`, so that
    a few cold lines never hide a hot cell; only what is hotter in `upcoming` counts at
    once. `upcoming` has the shape of `ended`.
    """

    ended: ThermalImage
    upcoming: ThermalImage
    lines_upcoming: tuple[int, int] = field(default=(0, 0))
    """How many lines of the next image have arrived, and of how many."""

    @property
    def upcoming_is_hotter(self) -> bool:
        """Whether the hottest pixel is one of the next image."""
        return self.upcoming.counts and self.upcoming.maximum > self.ended.maximum

    @property
    def shows_more_heat(self) -> bool:
        """Whether the next image shows, or may hide, more heat than the one that ended.

        Less than the sensor's noise is no more heat.
        """
        upcoming = self.upcoming
        return (
            upcoming.maximum >= self.ended.maximum + NOISE
            or upcoming.is_over_range
            or bool(upcoming.doubtful.any())
        )

    @override
    @cached_property
    def maximum(self) -> float:
        """The highest temperature of both images, in °C."""
        return (self.upcoming if self.upcoming_is_hotter else self.ended).maximum

    @override
    @cached_property
    def minimum(self) -> float:
        """The lowest temperature of the image that has ended, in °C."""
        return self.ended.minimum

    @override
    @cached_property
    def mean(self) -> float:
        """The mean temperature of the image that has ended, in °C."""
        return self.ended.mean

    @override
    @cached_property
    def over_range(self) -> np.ndarray:
        """Which pixels are above what the node can say: bool, (height, width)."""
        return self._newest(self.ended.over_range, self.upcoming.over_range)

    @property
    @override
    def is_over_range(self) -> bool:
        """Whether the maximum of one of both images is above what the node can say."""
        return self.ended.is_over_range or self.upcoming.is_over_range

    @override
    @cached_property
    def doubtful(self) -> np.ndarray:
        """Which pixels may be far hotter than their values: bool, (height, width)."""
        return self._newest(self.ended.doubtful, self.upcoming.doubtful)

    @override
    @cached_property
    def verdict(self) -> evidence.Verdict:
        """What minimum and maximum of the image that has ended say of its pixels."""
        return self.ended.verdict

    def _newest(self, ended: np.ndarray, upcoming: np.ndarray) -> np.ndarray:
        newest: np.ndarray = np.where(self.upcoming.present, upcoming, ended)
        return newest


def updating_image(ended: ThermalImage, upcoming: ThermalImage) -> UpdatingImage:
    """Return `ended` with the lines of `upcoming` over it, which may be of another mode."""
    lines = upcoming.lines_received, upcoming.lines_expected
    updated_at, suspect = upcoming.updated_at, ended.suspect or upcoming.suspect
    upcoming = _in_shape(upcoming, ended.values.shape, ended.ignored)
    bounds = [one.bound for one in (ended, upcoming) if one.bound is not None]
    received = upcoming.present
    present: np.ndarray = received | ended.present
    return UpdatingImage(
        values=np.where(received, upcoming.values, ended.values),
        present=present,
        mode=ended.mode,
        lines_expected=ended.lines_expected,
        missing_lines=ended.missing_lines,
        started_at=ended.started_at,
        updated_at=updated_at,
        closed=ended.closed,
        node_minimum=ended.node_minimum,
        node_maximum=ended.node_maximum,
        suspect=suspect,
        bound=max(bounds, default=None),
        ignored=ended.ignored,
        ended=ended,
        upcoming=upcoming,
        lines_upcoming=lines,
    )


def _in_shape(
    image: ThermalImage, shape: tuple[int, ...], ignored: np.ndarray | None
) -> ThermalImage:
    """Return an image with as many pixels as one of the other mode has.

    `ignored` are the pixels of that mode that do not count.

    The value of a block is that of each of its pixels. The value of pixels is the maximum
    of those of their block that have arrived.
    """
    if image.values.shape == shape:
        return image
    reading = image.reading and _in_shape(image.reading, shape, ignored)
    values, present = image.values, image.present
    factor = shape[0] // values.shape[0]
    if factor:
        values, present = _enlarged(values, factor), _enlarged(present, factor)
    else:
        height, width = shape
        size = values.shape[0] // height
        blocks = (height, size, width, size)
        lowest = np.iinfo(values.dtype).min
        known = np.where(present, values, lowest)
        values = np.asarray(known.reshape(blocks).max(axis=(1, 3)))
        present = np.asarray(present.reshape(blocks).any(axis=(1, 3)))
    return _Resized(
        values=values,
        present=present,
        mode=image.mode,
        lines_expected=image.lines_expected,
        missing_lines=image.missing_lines,
        started_at=image.started_at,
        updated_at=image.updated_at,
        closed=image.closed,
        node_minimum=image.node_minimum,
        node_maximum=image.node_maximum,
        suspect=image.suspect,
        reading=reading,
        bound=image.bound,
        ignored=ignored,
    )


def _enlarged(field: np.ndarray, factor: int) -> np.ndarray:
    enlarged: np.ndarray = field.repeat(factor, axis=0).repeat(factor, axis=1)
    return enlarged


class _Resized(ThermalImage):
    """An image with the pixels of another mode: their neighbours say nothing."""

    @override
    @cached_property
    def doubtful(self) -> np.ndarray:
        """No pixel: doubt is found in the image's own pixels only."""
        return np.zeros_like(self.present)
