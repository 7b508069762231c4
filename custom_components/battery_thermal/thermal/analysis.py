"""Analysis of images: spread, extreme pixels, rate of rise, alarms.

Images are minutes apart, so only slow faults can be detected.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from ..model.orientation import Orientation
from ..model.thermal_image import ThermalImage
from ..model.updating_image import UpdatingImage

_ROUNDED: Final = 0.05
"""K by which two equal temperatures may differ in their last digit."""

RISE_OVER: Final = timedelta(minutes=1)
"""A rise is measured over at least this time.

The node sends tenths of a °C: from one image to another a few seconds later, a single
step would be more K/min than what people are warned of.
"""


def spread(image: ThermalImage) -> float:
    """Return how far, in K, the hottest is over the coldest."""
    return round(image.maximum - image.minimum, 1)


def extreme_pixels(
    image: ThermalImage, orientation: Orientation
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return row and column of the hottest and of the coldest pixel.

    Of those that have arrived and are not ignored. As the image is looked at, from the
    upper left corner. Those of an image that is being replaced are the pixels that had or
    have its extreme temperatures.
    """
    if isinstance(image, UpdatingImage):
        hottest, coldest = extreme_pixels(image.ended, orientation)
        if image.upcoming_is_hotter:
            hottest, _ = extreme_pixels(image.upcoming, orientation)
        return hottest, coldest
    values = orientation.apply(image.values)
    present = orientation.apply(image.measured)
    lowest, highest = np.iinfo(values.dtype).min, np.iinfo(values.dtype).max
    hottest_index = int(np.where(present, values, lowest).argmax())
    coldest_index = int(np.where(present, values, highest).argmin())
    columns = values.shape[1]
    return divmod(hottest_index, columns), divmod(coldest_index, columns)


def shows_extremes(image: ThermalImage) -> tuple[bool, bool]:
    """Return whether a pixel has the maximum, and whether one has the minimum.

    The node's own may be those of lines that are missing. A fast image has the maximum of
    each block, and the minimum of all pixels.
    """
    if isinstance(image, UpdatingImage):
        shown, coldest = shows_extremes(image.ended)
        if image.upcoming_is_hotter:
            shown, _ = shows_extremes(image.upcoming)
        return shown, coldest
    pixels = image.values[image.measured]
    bound = (image.bound or 0) / 10 + _ROUNDED
    # How far above the node's range a value is says nothing.
    beyond = bool((image.over_range & image.measured).any())
    return (
        beyond or bool(image.maximum - pixels.max() / 10 <= bound),
        bool(pixels.min() / 10 - image.minimum <= bound),
    )


def maximum_is_known(image: ThermalImage) -> bool:
    """Return whether the maximum of an image is known.

    It is not if lines are missing, unless the last line brought the node's own maximum:
    but that may be the one of an ignored pixel in a missing line. It is not if a value has
    wrapped.
    """
    if image.hides_heat:
        return False
    lost = image.ignored is not None and bool((image.ignored & ~image.present).any())
    return image.complete or (image.counted_node_maximum is not None and not lost)


def rate_of_rise(
    before: ThermalImage | None, now: ThermalImage, longest_gap: timedelta
) -> float | None:
    """Return how fast the maximum rises, in K/min.

    None unless the maxima of both images are known and they are of one mode, at least
    `RISE_OVER` and no further apart than `longest_gap`. The node takes an image when it
    sends the first line.
    """
    if before is None or before.mode is not now.mode:
        return None
    if not maximum_is_known(before) or not maximum_is_known(now):
        return None
    elapsed = now.started_at - before.started_at
    if not RISE_OVER <= elapsed <= longest_gap:
        return None
    return (now.maximum - before.maximum) / (elapsed / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Limit:
    """Limit of an alarm: raised over `over`, for so many images in a row.

    It ends when the value has fallen by `hysteresis` below `over`.
    """

    over: float
    hysteresis: float = 1.0
    images: int = 1


@dataclass(frozen=True, slots=True)
class Alarm:
    """State of an alarm; `streak`: number of images over the limit in a row.

    `certain` is False if the true value may be below the limit.
    """

    active: bool = False
    streak: int = 0
    certain: bool = True

    def next(self, value: float | None, limit: Limit, bound: float = 0.0) -> Alarm:
        """Return the alarm after one image more; None changes nothing.

        The true value is within `bound` of `value`. The alarm is raised if that may be
        over the limit, and ends when it cannot be any more.
        """
        if value is None:
            return self
        highest = value + bound
        streak = self.streak + 1 if highest > limit.over else 0
        over = limit.over - limit.hysteresis if self.active else limit.over
        active = highest > over if self.active else streak >= limit.images
        return Alarm(active, streak, not active or value - bound > over)


def judged(
    before: Alarm | None,
    value: float | None,
    limit: Limit,
    *,
    whole: bool,
    bound: float = 0.0,
) -> Alarm | None:
    """Return the alarm after one image more, given that before it.

    The value of an image that is not whole is evaluated only if it may be over the limit.
    The true value is within `bound` of `value`.
    """
    if value is None or (not whole and value + bound <= limit.over):
        return before
    return (before or Alarm()).next(value, limit, bound)
