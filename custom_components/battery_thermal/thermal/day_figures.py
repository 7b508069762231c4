"""What one day says of a cell: how far it is off, and how much more so under load."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
import math
from statistics import median
from typing import Any, Final, NamedTuple

from .baseline import KNOWN, Baseline, DeviationLine

_HIGHEST_LOAD: Final = 1 / 6
"""Share of a day's hours that are those with the highest load."""

_FEWEST: Final = 3
"""Hours that are these at least, which show how a deviation changes with the load."""

_LEAST_SPREAD: Final = 0.1
"""Of the load over a day, as a share of the highest: with less, nothing is concluded from it."""

_FARTHEST: Final = 1.5
"""K: how far a single hour is taken to be from the others."""

_WELL_KNOWN: Final = 0.5
"""Share of all values that must be of a load for a day at that load to count fully."""


@dataclass(slots=True)
class Hour:
    """Sums over the images of one hour of a cell: load, K over the bank, number.

    The load is not a number where it is unknown.
    """

    load: float = 0.0
    deviation: float = 0.0
    images: int = 0

    def add_image(self, load: float | None, deviation: float) -> None:
        """Add an image."""
        self.load += math.nan if load is None else load
        self.deviation += deviation
        self.images += 1

    @property
    def means(self) -> tuple[float | None, float]:
        """The load, None where it is unknown, and the K over the bank."""
        load = self.load / self.images
        return None if math.isnan(load) else load, self.deviation / self.images

    def as_list(self) -> list[float | None]:
        """Return it for JSON."""
        load = None if math.isnan(self.load) else round(self.load, 2)
        return [load, round(self.deviation, 3), self.images]

    @classmethod
    def from_list(cls, data: Sequence[Any]) -> Hour:
        """Return the sums that `as_list` was called on."""
        load, deviation, images = data
        return cls(math.nan if load is None else load, deviation, images)


type Hours = Mapping[tuple[int, str], Hour]
"""Of one day, by their number and their circumstances."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Figures of one day of a cell, in K over what is usual for it.

    `level`: the median of its hours; `level_weight`: how well the usual is known at the
    loads of this day, 0..1. `steepness`: what the load adds, at the usual highest load;
    `spread`: what that is known from, the sum of the squares of how far the loads are
    from their mean, in usual highest loads; 0: it is not known. `at_high`: the median of
    the hours with the highest load.
    """

    level: float
    level_weight: float
    steepness: float
    spread: float
    at_high: float


class _Compared(NamedTuple):
    line: DeviationLine
    load: float
    off: float


def days_samples(
    hours: Hours, baseline: Baseline
) -> list[tuple[DeviationLine, list[tuple[float, float]]]]:
    """Return the lines that a day belongs to, each with its loads and deviations."""
    found: dict[int, tuple[DeviationLine, list[tuple[float, float]]]] = {}
    for (_, circumstances), hour in hours.items():
        load, deviation = hour.means
        line, load = baseline.line(circumstances, load)
        found.setdefault(id(line), (line, []))[1].append((load, deviation))
    return list(found.values())


def highest_load(loads: Iterable[float]) -> float:
    """Return the mean of the highest loads of a day."""
    ordered = sorted(loads)
    highest = ordered[-_count(len(ordered)) :]
    return sum(highest) / len(highest)


def day_figures(
    samples: Iterable[tuple[DeviationLine, list[tuple[float, float]]]],
) -> DayFigures | None:
    """Return the figures of a day, None if nothing of it can be compared."""
    groups = [
        [
            _Compared(line, load, deviation - line.at(load))
            for load, deviation in values
            if line.known(load) >= KNOWN
        ]
        for line, values in samples
    ]
    found = [one for group in groups for one in group]
    if not found:
        return None
    level = median(one.off for one in found)
    shares = [one.line.known(one.load) / one.line.values for one in found]
    spread = together = 0.0
    for group in groups:
        more, both = _by_load(group, level)
        spread, together = spread + more, together + both
    shown = sorted(found, key=_relative_load)
    least = _relative_load(shown[-_count(len(shown)) :][0])
    return DayFigures(
        level=level,
        level_weight=min(median(shares) / _WELL_KNOWN, 1.0),
        steepness=together / spread if spread else 0.0,
        spread=spread,
        at_high=median(one.off for one in found if _relative_load(one) >= least),
    )


def _count(hours: int) -> int:
    return max(round(hours * _HIGHEST_LOAD), _FEWEST)


def _relative_load(one: _Compared) -> float:
    return one.load / one.line.high if one.line.high else 0.0


def _by_load(group: list[_Compared], level: float) -> tuple[float, float]:
    """Return the sum of the squares of the loads from their mean, and with the K off."""
    if len(group) < _FEWEST:
        return 0.0, 0.0
    loads = [_relative_load(one) for one in group]
    mean = sum(loads) / len(loads)
    spread = sum((load - mean) ** 2 for load in loads)
    if spread < len(loads) * _LEAST_SPREAD**2:
        return 0.0, 0.0
    offs = (max(min(one.off - level, _FARTHEST), -_FARTHEST) for one in group)
    return spread, sum(
        (load - mean) * off for load, off in zip(loads, offs, strict=True)
    )
