"""Curves: many values over time, in a few hundred points that hide no peak."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

MOST_POINTS: Final = 500

# A gap is where images are further apart than so many usual distances.
_USUAL: Final = 3

type Point = tuple[int, float, float, float]
"""When the hottest of some images was started (ms since 1970), and the lowest, the mean
and the highest of their values in °C."""


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


def curve(line: Timeline, values: np.ndarray, absent: int) -> list[Point | None]:
    """Return the points of one curve, at most `MOST_POINTS`; None where there is a gap.

    `values`: int16 tenths of a °C of each image, `absent` where there is none.
    """
    known = values != absent
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


def medians(values: np.ndarray, columns: Sequence[int], absent: int) -> np.ndarray:
    """Return the median of some columns of each row: int16, `absent` without any value."""
    # What is absent is sorted to the end.
    largest = np.iinfo(np.int16).max
    chosen = values[:, columns]
    sorted_ = np.sort(np.where(chosen == absent, largest, chosen), axis=1)
    counts = np.count_nonzero(chosen != absent, axis=1)
    rows = np.arange(len(values))
    low, high = (np.maximum(counts - one, 0) // 2 for one in (1, 0))
    high = np.minimum(high, np.maximum(counts - 1, 0))
    both = sorted_[rows, low].astype(np.int32) + sorted_[rows, high]
    median: np.ndarray = np.where(counts, both // 2, absent).astype(np.int16)
    return median
