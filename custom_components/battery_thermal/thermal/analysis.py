"""What images say about the battery, and when that is an alarm.

Images are minutes apart: this watches slow faults.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from .image import ThermalImage
from .orientation import Orientation

RISE_OVER: Final = timedelta(minutes=1)
"""A rise is measured over at least so long.

The node sends tenths of a °C: from one image to another a few seconds later, a single
step would be more K/min than what people are warned of.
"""


def spread(image: ThermalImage) -> float:
    """Return how far, in K, the hottest is over the coldest."""
    return round(image.maximum - image.minimum, 1)


def extreme_pixels(
    image: ThermalImage, orientation: Orientation
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return row and column of the hottest and of the coldest arrived pixel.

    As the image is looked at, from the upper left corner.
    """
    values = orientation.apply(image.values)
    present = orientation.apply(image.present)
    lowest, highest = np.iinfo(values.dtype).min, np.iinfo(values.dtype).max
    hottest = np.where(present, values, lowest).argmax()
    coldest = np.where(present, values, highest).argmin()
    columns = values.shape[1]
    return divmod(int(hottest), columns), divmod(int(coldest), columns)


def rate_of_rise(
    before: ThermalImage | None, now: ThermalImage, longest_gap: timedelta
) -> float | None:
    """Return how fast the maximum rises, in K/min.

    None unless both images are complete and of one mode, at least `RISE_OVER` and no
    further apart than `longest_gap`. The node takes an image when it sends the first
    line.
    """
    if before is None or before.mode is not now.mode:
        return None
    if not before.complete or not now.complete:
        return None
    elapsed = now.started_at - before.started_at
    if not RISE_OVER <= elapsed <= longest_gap:
        return None
    return (now.maximum - before.maximum) / (elapsed / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Limit:
    """When to raise an alarm: over `over`, for so many images in a row.

    It ends when the value has fallen by `hysteresis` below that.
    """

    over: float
    hysteresis: float = 1.0
    images: int = 1


@dataclass(frozen=True, slots=True)
class Alarm:
    """Whether there is an alarm; `streak`: images over the limit in a row."""

    active: bool = False
    streak: int = 0

    def next(self, value: float | None, limit: Limit) -> Alarm:
        """Return the alarm after one image more; None tells nothing."""
        if value is None:
            return self
        streak = self.streak + 1 if value > limit.over else 0
        if self.active:
            return Alarm(value > limit.over - limit.hysteresis, streak)
        return Alarm(streak >= limit.images, streak)
