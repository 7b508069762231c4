"""What is usual for a cell: how far it is above the bank, by the load of the bank.

The heat of a cell and of its joints grows with the losses of the load, so the usual
deviation of a cell is a straight line over the load: least squares that forget. How far
the line is at the mean load follows the seasons, within weeks. How steep it is hardly
changes in a healthy cell, and is forgotten within months: a joint that becomes loose over
weeks would otherwise become usual before it is found.

How well the line is known at a load is the number of values that an average as good would
be of: fewer, the farther that load is from those that were learned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
import math
from typing import Any, Final

FORGETS_IN: Final = timedelta(days=20)
"""After this time a value counts for 1/e in how far the line is at the mean load.

Longer, and the seasons are taken for a drift; shorter, and a drift is taken for usual.
"""

STEEPNESS_FORGETS_IN: Final = timedelta(days=90)
"""The same for how steep the line is."""

KNOWN: Final = 10.0
"""How many values a load needs before anything is compared with the line there.

With fewer, a bank that is under full load for the first time is taken for one that drifts.
"""

_REMEMBERED: Final = 20.0
"""Values that are not forgotten, so that the same season can be compared a year later."""

_A_DAY: Final = 3.0
"""Values that the mean of a day counts for, however many hours it is of.

What moves the mean is the air around the bank, which stays the same for hours or days.
"""

_FARTHEST: Final = 1.0
"""K: how far a single value is taken to be from the line, once the line is known."""

_DISTRUST: Final = 1.01
"""Factor on the square of the loads: one load alone does not say how steep the line is."""

_LEAST: Final = 1e-9
_HIGHEST: Final = 1e12
"""Of a load, in its own unit. 1 MW squared."""

_SLOW: Final = 1 / 20
"""Weight of a day in the usual highest load."""

_KNOT_VALUES: Final = 8.0
"""Values of an earlier release, which counted hours, for one of this."""


@dataclass(slots=True)
class DeviationLine:
    """The usual deviation in K over the load, and the sums that it was learned from.

    `values`: how many; `loads` and `squares`: the sums over them. `high`: the usual
    highest load of a day, 0 while unknown.
    """

    values: float = 0.0
    loads: float = 0.0
    squares: float = 0.0
    at_zero: float = 0.0
    slope: float = 0.0
    high: float = 0.0
    _inverted: tuple[float, float, float] | None = field(default=None, repr=False)

    def at(self, load: float) -> float:
        """Return the usual deviation at a load, in K."""
        return self.at_zero + self.slope * load

    def known(self, load: float) -> float:
        """Return how many values say what is usual at a load."""
        zero, mixed, steep = self._inverse
        return 1 / (zero + 2 * mixed * load + steep * load**2)

    @property
    def _inverse(self) -> tuple[float, float, float]:
        if self._inverted is None:
            values = self.values + _LEAST
            squares = self.squares * _DISTRUST + _LEAST
            rest = values * squares - self.loads**2
            self._inverted = squares / rest, -self.loads / rest, values / rest
        return self._inverted

    def learn(self, samples: Sequence[tuple[float, float]], weight: float) -> None:
        """Learn from the loads and deviations of a day; `weight`: 1 for all of it."""
        errors = [(load, self._error(load, value)) for load, value in samples]
        count = min(weight * len(errors), weight * _A_DAY)
        load = sum(load for load, _ in errors) / len(errors)
        error = sum(error for _, error in errors) / len(errors)
        # Within a day nothing but the load differs, or little.
        spread = weight * sum((one - load) ** 2 for one, _ in errors)
        together = weight * sum((one - load) * off for one, off in errors)
        self._add(count, count * load, count * load**2 + spread)
        zero, mixed, steep = self._inverse
        by_zero, by_slope = count * error, count * error * load + together
        self.at_zero += zero * by_zero + mixed * by_slope
        self.slope += mixed * by_zero + steep * by_slope

    def _error(self, load: float, deviation: float) -> float:
        error = deviation - self.at(load)
        if self.known(load) < KNOWN:
            return error
        return max(min(error, _FARTHEST), -_FARTHEST)

    def note_high(self, load: float) -> None:
        """Note the highest load of a day."""
        self.high += (load - self.high) * (_SLOW if self.high else 1.0)

    def forget(self, elapsed: timedelta) -> None:
        """Let what was learned count for less after some time."""
        steep = math.exp(-elapsed / STEEPNESS_FORGETS_IN)
        kept = max(
            self.values * math.exp(-elapsed / FORGETS_IN),
            min(self.values, _REMEMBERED),
        )
        mixed = math.sqrt(steep * kept / self.values) if self.values else 1.0
        self._add(
            kept - self.values, self.loads * (mixed - 1), self.squares * (steep - 1)
        )

    def _add(self, values: float, loads: float, squares: float) -> None:
        self.values += values
        self.loads += loads
        self.squares += squares
        self._inverted = None

    def as_list(self) -> list[float]:
        """Return it for JSON, with six digits of each number."""
        numbers = (
            self.values,
            self.loads,
            self.squares,
            self.at_zero,
            self.slope,
            self.high,
        )
        return [float(f"{number:.6g}") for number in numbers]


@dataclass(slots=True)
class Baseline:
    """The usual deviation of one cell, by circumstances and load.

    `lines`: by the name of the circumstances that are not compared with one another
    (mode of the image, fan), with a mark where the load is unknown.
    """

    lines: dict[str, DeviationLine] = field(default_factory=dict)

    def line(
        self, circumstances: str, load: float | None
    ) -> tuple[DeviationLine, float]:
        """Return the line for these circumstances, and the load as it counts there."""
        if load is None or not math.isfinite(load):
            circumstances, load = f"{circumstances} unknown", 0.0
        if circumstances not in self.lines:
            self.lines[circumstances] = DeviationLine()
        return self.lines[circumstances], max(min(load, _HIGHEST), 0.0)

    def usual(self, circumstances: str, load: float | None) -> float | None:
        """Return the usual deviation in K, None while too little is known of it."""
        line, load = self.line(circumstances, load)
        return line.at(load) if line.known(load) >= KNOWN else None

    def forget(self, elapsed: timedelta) -> None:
        """Let what was learned count for less after some time."""
        for line in self.lines.values():
            line.forget(elapsed)

    def as_dict(self) -> dict[str, Any]:
        """Return what was learned, for JSON."""
        lines = self.lines.items()
        return {name: line.as_list() for name, line in lines if line.values}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Baseline:
        """Return the baseline that `as_dict` was called on, also in earlier releases."""
        found = cls()
        for name, stored in data.items():
            if isinstance(stored, Mapping):
                found.lines |= _from_knots(name, stored)
            else:
                found.lines[name] = DeviationLine(*stored)
        return found


def _from_knots(
    name: str, knots: Mapping[str, Sequence[float]]
) -> dict[str, DeviationLine]:
    """Return the lines through what an earlier release stored.

    The average and the number of its values at the loads 0, 1, 3, 7..., by their number;
    -1: the load is unknown.
    """
    lines: dict[str, DeviationLine] = {}
    for number, (usual, values) in knots.items():
        unknown = int(number) < 0
        load = 0.0 if unknown else 2.0 ** int(number) - 1
        line = lines.setdefault(f"{name} unknown" if unknown else name, DeviationLine())
        line.learn([(load, usual)], values / _KNOT_VALUES)
    return lines
