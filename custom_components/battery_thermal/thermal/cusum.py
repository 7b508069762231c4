"""Two-sided CUSUM over one figure a day: has it moved, by how much, and since when.

E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954). The sum of what is over
an allowance grows only while a figure has really moved; the time at which it began to
grow is the estimate of when that was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, Final

ALLOWANCE: Final = 0.45
"""K that a daily figure may be off without adding to a sum.

This and the numbers below were chosen with the banks of benchmarks/ground/drift_banks.py,
with other seeds than those of the figures: so that a healthy bank raises less than one
alarm a year, and a cell that warms by 0.5 K a week is found within two weeks.
"""

DECISION: Final = 1.0
"""K: a sum above this is a drift."""

_NOISE_ALLOWED: Final = 1.0
_NOISE_DECIDES: Final = 4.5
"""Multiples of the usual size of the figure, where that is more than the values above."""

_CLIP: Final = 1.4
"""K: the most that one day counts, so that no single day decides."""

_ENDS_BELOW: Final = 0.3
"""K: a drift has ended when the last days' figure is not farther off than this."""

_RECENT: Final = 3
"""Days whose median is the amount of a drift."""

_QUIET: Final = 0.15
"""K: the size of the figure that is assumed before any is known."""

_SLOW: Final = 1 / 30
"""Weight of a day in the usual size of the figure."""


@dataclass(slots=True)
class Cusum:
    """Sums of one cell. Figures are K over what is usual, one a day."""

    up: float = 0.0
    down: float = 0.0
    up_since: datetime | None = None
    down_since: datetime | None = None
    since: datetime | None = None
    """When the drift that is raised began; None: none is raised."""
    size: float = _QUIET
    recent: list[float] = field(default_factory=list)

    @property
    def amount(self) -> float:
        """How far the figure is off, in K: the median of the last days."""
        return median(self.recent) if self.recent else 0.0

    @property
    def moving(self) -> bool:
        """Whether the figure has moved, or may have begun to."""
        return self.since is not None or max(self.up, self.down) > 0

    def add(self, figure: float, begun_at: datetime) -> None:
        """Add the figure of a day that began at a time."""
        self.recent = [*self.recent, figure][-_RECENT:]
        allowance = max(ALLOWANCE, _NOISE_ALLOWED * self.size)
        counted = max(min(figure, _CLIP), -_CLIP)
        self.up = max(self.up + counted - allowance, 0.0)
        self.down = max(self.down - counted - allowance, 0.0)
        self.up_since = (self.up_since or begun_at) if self.up else None
        self.down_since = (self.down_since or begun_at) if self.down else None
        if self.since is None:
            if max(self.up, self.down) > max(DECISION, _NOISE_DECIDES * self.size):
                self.since = self.up_since if self.up > self.down else self.down_since
        elif abs(self.amount) < _ENDS_BELOW:
            self.since = None
            self.up = self.down = 0.0
            self.up_since = self.down_since = None
        if self.since is None:
            seen = min(abs(figure), 2 * self.size)
            self.size += (seen - self.size) * _SLOW

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "up": round(self.up, 3),
            "down": round(self.down, 3),
            "up_since": _text(self.up_since),
            "down_since": _text(self.down_since),
            "since": _text(self.since),
            "size": round(self.size, 3),
            "recent": [round(figure, 2) for figure in self.recent],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Cusum:
        """Return the sums that `as_dict` was called on."""
        return cls(
            up=data["up"],
            down=data["down"],
            up_since=_time(data["up_since"]),
            down_since=_time(data["down_since"]),
            since=_time(data["since"]),
            size=data["size"],
            recent=list(data["recent"]),
        )


def _text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
