"""Two-sided CUSUM over one figure a day: has it moved, by how much, and since when.

E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954). The sum of what is over
an allowance grows only while a figure has really moved; the time at which it began to
grow is the estimate of when that was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
import math
from statistics import fmean, median
from typing import Any, Final

DECISION: Final = 1.0
"""K: a sum above this is a drift.

This and the numbers below were chosen with the banks of benchmarks/ground/drift_banks.py,
with other seeds than those of the figures: so that healthy banks raise nothing, and a
cell that warms by 0.5 K a week is found within two weeks.
"""

_NOISE_ALLOWED: Final = 1.0
_NOISE_DECIDES: Final = 4.5
"""Multiples of the usual size of the figure, where that is more than the values above.

What decides is the size of a mean over some days too: where one day is like the one
before, that is larger than the size of a single day says.
"""

_CLIP: Final = 1.4
"""K: the most that one day counts, so that no single day decides."""

_ENDS_BELOW: Final = 0.3
"""K: a drift has ended when the amount of the last days is not farther off than this."""

_RECENT: Final = 3
"""Days whose median is the amount of a drift."""

_LASTING: Final = 5
"""Days of a mean whose usual size is known."""

_QUIET: Final = 0.15
"""K: the size of the figure that is assumed before any is known."""

_SLOW: Final = 1 / 30
"""Weight of a day in the usual sizes."""

_COUNTS: Final = 0.1
"""Days of less weight than this are not among the last days."""


@dataclass(slots=True)
class Cusum:
    """Sums of one cell. Figures are K over what is usual, one a day.

    `size`: the usual size of a figure; `lasting`: that of the mean of some days, times
    the root of their number, so that it is the same where days are independent.
    """

    up: float = 0.0
    down: float = 0.0
    up_since: datetime | None = None
    down_since: datetime | None = None
    since: datetime | None = None
    """When the drift that is raised began; None: none is raised."""
    size: float = _QUIET
    lasting: float = _QUIET
    recent: list[float] = field(default_factory=list)
    """Amounts of the last days."""
    figures: list[float] = field(default_factory=list)
    """Figures of the last days."""

    @property
    def amount(self) -> float:
        """How far the cell is off, in K: the median of the last days."""
        return median(self.recent) if self.recent else 0.0

    @property
    def moving(self) -> bool:
        """Whether the figure has moved, or may have begun to."""
        return self.since is not None or max(self.up, self.down) > 0

    def add_day(
        self,
        figure: float,
        begun_at: datetime,
        *,
        allowance: float,
        weight: float = 1.0,
        amount: float | None = None,
    ) -> None:
        """Add the figure of a day that began at a time.

        `allowance`: K that the figure may be off without adding to a sum. `weight`: how
        much of a day it counts for, 0..1. `amount`: K that are shown to people, if those
        are not the figure.
        """
        if weight > _COUNTS:
            shown = figure if amount is None else amount
            self.recent = [*self.recent, shown][-_RECENT:]
            self.figures = [*self.figures, figure][-_LASTING:]
        allowance = max(allowance, _NOISE_ALLOWED * self.size)
        counted = max(min(figure, _CLIP), -_CLIP)
        self.up = max(self.up + weight * (counted - allowance), 0.0)
        self.down = max(self.down - weight * (counted + allowance), 0.0)
        self.up_since = (self.up_since or begun_at) if self.up else None
        self.down_since = (self.down_since or begun_at) if self.down else None
        if self.since is None:
            decision = max(DECISION, _NOISE_DECIDES * max(self.size, self.lasting))
            if max(self.up, self.down) > decision:
                self.since = self.up_since if self.up > self.down else self.down_since
        elif abs(self.amount) < _ENDS_BELOW:
            self.since = None
            self.up = self.down = 0.0
            self.up_since = self.down_since = None
        if self.since is None:
            self._note_sizes(figure, weight)

    def _note_sizes(self, figure: float, weight: float) -> None:
        seen = min(abs(figure), 2 * self.size)
        self.size += weight * (seen - self.size) * _SLOW
        if self.figures:
            mean = abs(fmean(self.figures)) * math.sqrt(len(self.figures))
            seen = min(mean, 2 * self.lasting)
            self.lasting += weight * (seen - self.lasting) * _SLOW

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "up": round(self.up, 3),
            "down": round(self.down, 3),
            "up_since": _text(self.up_since),
            "down_since": _text(self.down_since),
            "since": _text(self.since),
            "size": round(self.size, 3),
            "lasting": round(self.lasting, 3),
            "recent": [round(amount, 2) for amount in self.recent],
            "figures": [round(figure, 2) for figure in self.figures],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Cusum:
        """Return the sums that `as_dict` was called on, also in earlier releases."""
        return cls(
            up=data["up"],
            down=data["down"],
            up_since=_time(data["up_since"]),
            down_since=_time(data["down_since"]),
            since=_time(data["since"]),
            size=data["size"],
            lasting=data.get("lasting", data["size"]),
            recent=list(data["recent"]),
            figures=list(data.get("figures", ())),
        )


def _text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
