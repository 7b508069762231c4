"""Sums over the last 24 hours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

# Seconds. A sum is exact to this; keeping single messages would need thousands.
_BUCKET: Final = 600
_BUCKETS_OF_A_DAY: Final = 24 * 3600 // _BUCKET
# Two days: the clock may be wrong for a while.
_MOST_BUCKETS: Final = 2 * _BUCKETS_OF_A_DAY


class DaySum:
    """A sum over the last 24 hours, in buckets of ten minutes."""

    def __init__(self, buckets: Mapping[str, float | None] | None = None) -> None:
        """Initialize at zero, or with what `as_dict` returned.

        A value that JSON has no number for was stored as None, and is left out.
        """
        self._buckets = {
            int(key): value
            for key, value in (buckets or {}).items()
            if value is not None
        }

    def as_dict(self) -> dict[str, float]:
        """Return the sum for JSON."""
        return {str(key): value for key, value in self._buckets.items()}

    def add_amount(self, time: datetime, amount: float) -> None:
        """Add an amount at a time."""
        key = self._key(time)
        self._buckets[key] = self._buckets.get(key, 0) + amount
        while len(self._buckets) > _MOST_BUCKETS:
            # The bucket furthest away: the oldest, or one of a clock that was ahead.
            del self._buckets[max(self._buckets, key=lambda known: abs(known - key))]

    def total(self, now: datetime) -> float:
        """Return the sum over the 24 hours before now."""
        newest = self._key(now)
        oldest = newest - _BUCKETS_OF_A_DAY
        return sum(
            amount for key, amount in self._buckets.items() if oldest < key <= newest
        )

    @staticmethod
    def _key(time: datetime) -> int:
        return int(time.timestamp()) // _BUCKET
