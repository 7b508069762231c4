"""Curves: many values over time, in a few hundred points that hide no peak."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

MOST_POINTS: Final = 500

HIDDEN: Final = 32767
"""Value, in tenths of a °C, where something may be far hotter than all values say: no
temperature. The largest of an int16."""

PARTLY: Final = 20_000
"""Is subtracted from the value of an area with missing pixels, in tenths of a °C: the area
is at least as hot as that value."""

_LOWEST_WHOLE: Final = -PARTLY // 2
"""Values below are less by `PARTLY`: no whole area is at -1000 °C."""

HIGHEST_PARTLY: Final = PARTLY // 2 - 1
"""Highest value of which `PARTLY` may be subtracted: more than an area can have."""

# A gap is where images are further apart than so many usual distances.
_USUAL: Final = 3

type Point = tuple[int, float, float, float]
"""When the hottest of some images was started (ms since 1970), and the lowest, the mean
and the highest of their values in °C."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of one curve, at most `MOST_POINTS`; None where there is a gap.

    `hidden`: when images were started (ms since 1970) whose value is `HIDDEN`, at most as
    many; of more than one in the same part of the span it is the first.
    """

    points: list[Point | None]
    hidden: list[int]


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """When images were started (int64, ms since 1970, in order), and the span in ms."""

    times: np.ndarray
    start: int
    end: int

    @property
    def longest(self) -> float:
        """The ms that two images of a curve without a gap may be apart."""
        bucket = (self.end - self.start) / MOST_POINTS
        if len(self.times) < 2:
            return bucket
        return max(_USUAL * float(np.median(np.diff(self.times))), 2 * bucket)


def make_curve(line: Timeline, values: np.ndarray, absent: int) -> Curve:
    """Return one curve.

    `values`: int16 tenths of a °C of each image, `absent` where there is none. The
    value of an area with missing pixels is a point only if it is above those of the whole
    area before and after it.
    """
    return Curve(_points(line, *_known(values, absent)), _hidden_times(line, values))


def _known(values: np.ndarray, absent: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the values without `PARTLY`, and which of them are points of a curve."""
    partly = (values != absent) & (values < _LOWEST_WHOLE)
    whole = (values != absent) & (values != HIDDEN) & ~partly
    values = np.where(partly, values.astype(np.int32) + PARTLY, values).astype(np.int16)
    if not partly.any():
        return values, whole
    index, count = np.arange(len(values)), len(values)
    before = np.maximum.accumulate(np.where(whole, index, -1))
    after = np.minimum.accumulate(np.where(whole, index, count)[::-1])[::-1]
    # Without a whole one on a side nothing is known there.
    around = np.append(values, absent)
    usual = np.maximum(around[before], around[np.where(after < count, after, -1)])
    return values, whole | (partly & (values > usual))


def _points(
    line: Timeline, values: np.ndarray, known: np.ndarray
) -> list[Point | None]:
    times, values = line.times[known], values[known]
    if not len(times):
        return []
    bucket = (times - line.start) * MOST_POINTS // (line.end - line.start)
    first = np.flatnonzero(np.diff(bucket, prepend=-1))
    counts = np.diff(first, append=len(times))
    highest = np.maximum.reduceat(values, first)
    lowest = np.minimum.reduceat(values, first)
    mean = np.add.reduceat(values.astype(np.int64), first) / counts
    # The first image of each bucket that is as hot as its hottest.
    hottest = np.flatnonzero(values == np.repeat(highest, counts))
    of_bucket = np.searchsorted(hottest, first)
    at = times[hottest[of_bucket]]
    last = first + counts - 1
    gaps = times[first[1:]] - times[last[:-1]] > line.longest
    points: list[Point | None] = []
    for point, gap in zip(
        zip(
            at.tolist(),
            (lowest / 10).tolist(),
            (mean / 10).round(2).tolist(),
            (highest / 10).tolist(),
            strict=True,
        ),
        (False, *gaps.tolist()),
        strict=True,
    ):
        if gap:
            points.append(None)
        points.append(point)
    return points


def _hidden_times(line: Timeline, values: np.ndarray) -> list[int]:
    times = line.times[values == HIDDEN]
    part = (times - line.start) * MOST_POINTS // (line.end - line.start)
    found: list[int] = times[np.flatnonzero(np.diff(part, prepend=-1))].tolist()
    return found


def medians(values: np.ndarray, columns: Sequence[int], absent: int) -> np.ndarray:
    """Return the median of some columns of each row: int16, `absent` without any value.

    Of areas that have arrived whole.
    """
    # What is absent, not whole or hidden is sorted to the end.
    chosen = values[:, columns]
    sorted_ = np.sort(np.where(chosen < _LOWEST_WHOLE, HIDDEN, chosen), axis=1)
    counts = np.count_nonzero(sorted_ != HIDDEN, axis=1)
    rows = np.arange(len(values))
    low, high = (np.maximum(counts - one, 0) // 2 for one in (1, 0))
    high = np.minimum(high, np.maximum(counts - 1, 0))
    both = sorted_[rows, low].astype(np.int32) + sorted_[rows, high]
    median: np.ndarray = np.where(counts, both // 2, absent).astype(np.int16)
    return median
