"""What is known of one cell: what is usual for it, its day under way, whether it drifts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from .baseline import Baseline
from .cusum import Cusum
from .day_figures import DayFigures, Hour, day_figures, days_samples, highest_load

DAY: Final = timedelta(days=1)

LEARNING_DAYS: Final = 10
"""Days with images before a cell is compared with its own past."""

_LEVEL_ALLOWANCE: Final = 0.4
_STEEPNESS_ALLOWANCE: Final = 0.3
"""K that the figures of a day may be off without adding to a sum."""

_OTHERS_ALLOWED: Final = 1.5
"""Multiples of how far the other cells are off, the median of them, that add to neither."""

_DOUBTFUL: Final = 0.25
"""Weight with which a cell is learned that may have begun to drift.

With nothing, a cell that is a little off stays so when the season changes; with all of
it, a drift becomes usual before it is found.
"""

_SLOW: Final = 1 / 20
"""Weight of a day in the usual spread of the load."""

_LONGEST: Final = 30 * DAY
"""Days without images are forgotten like this many at most."""


@dataclass(slots=True)
class CellDriftState:
    """What is known of one cell.

    `days`: with images since learning began, up to `LEARNING_DAYS`. `spread`: that of
    `DayFigures`, as is usual; 0: unknown. `hours`: of the day under way, by their number
    and their circumstances.
    """

    baseline: Baseline = field(default_factory=Baseline)
    level: Cusum = field(default_factory=Cusum)
    steepness: Cusum = field(default_factory=Cusum)
    days: int = 0
    spread: float = 0.0
    hours: dict[tuple[int, str], Hour] = field(default_factory=dict)

    @property
    def since(self) -> datetime | None:
        """When the drift began; None: none is raised."""
        found = [one.since for one in (self.level, self.steepness) if one.since]
        return min(found, default=None)

    @property
    def amount(self) -> float | None:
        """How far it is off in K, whichever says more; None while unknown."""
        found = [one.amount for one in (self.level, self.steepness) if one.recent]
        return max(found, key=abs, default=None)

    def figures(self) -> DayFigures | None:
        """Return the figures of the day that ends, None if there are none."""
        samples = days_samples(self.hours, self.baseline)
        for line, values in samples:
            line.note_high(highest_load(load for load, _ in values))
        return day_figures(samples)

    def compare(
        self, day: DayFigures, begun_at: datetime, others: tuple[float, float]
    ) -> None:
        """Add the figures of a day. `others`: how far the other cells are off, in both."""
        if day.spread:
            weight = _SLOW if self.spread else 1.0
            self.spread += (day.spread - self.spread) * weight
        if self.days < LEARNING_DAYS:
            return
        level, steepness = (_OTHERS_ALLOWED * other for other in others)
        self.level.add_day(
            day.level,
            begun_at,
            allowance=max(_LEVEL_ALLOWANCE, level),
            weight=day.level_weight,
        )
        if day.spread:
            self.steepness.add_day(
                day.steepness,
                begun_at,
                allowance=max(_STEEPNESS_ALLOWANCE, steepness),
                weight=min(day.spread / self.spread, 1.0),
                amount=day.at_high,
            )

    def end_day(self, elapsed: timedelta) -> None:
        """Learn from a day, unless the cell has drifted; forget what is long ago."""
        moving = self.level.moving or self.steepness.moving
        self.days = min(self.days + bool(self.hours), LEARNING_DAYS)
        if self.since is None:
            weight = _DOUBTFUL if moving else 1.0
            for line, values in days_samples(self.hours, self.baseline):
                line.learn(values, weight)
            self.baseline.forget(weight * min(elapsed, _LONGEST))
        self.hours = {}

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "baseline": self.baseline.as_dict(),
            "cusum": self.level.as_dict(),
            "steepness": self.steepness.as_dict(),
            "days": self.days,
            "spread": round(self.spread, 3),
            "hours": {
                f"{number} {circumstances}": hour.as_list()
                for (number, circumstances), hour in self.hours.items()
            },
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CellDriftState:
        """Return the state that `as_dict` was called on, also in earlier releases."""
        steepness = data.get("steepness")
        return cls(
            Baseline.from_dict(data["baseline"]),
            Cusum.from_dict(data["cusum"]),
            Cusum.from_dict(steepness) if steepness else Cusum(),
            data["days"],
            data.get("spread", 0.0),
            {
                (int(number), circumstances): Hour.from_list(stored)
                for key, stored in data["hours"].items()
                for number, _, circumstances in [key.partition(" ")]
            },
        )
