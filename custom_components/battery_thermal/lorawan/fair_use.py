"""The fair share of The Things Network: what a node may use of the air in a day.

Source: The Things Network's fair use policy, 30 s of uplink airtime and 10 downlinks
per node and day.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

FAIR_AIRTIME: Final = 30.0
FAIR_DOWNLINKS: Final = 10

# Seconds. A day's sum is exact to this; single messages would be thousands.
_BUCKET: Final = 600
_BUCKETS_OF_A_DAY: Final = 24 * 3600 // _BUCKET
# More than a day, for clocks may be wrong for a while.
_KEPT: Final = 2 * _BUCKETS_OF_A_DAY


class DaySum:
    """A sum over the last 24 hours, in buckets of ten minutes."""

    def __init__(self, buckets: Mapping[str, float | None] | None = None) -> None:
        """Start at zero, or with what `as_dict` returned.

        What is no number in JSON has become None on the disk: that counts nothing.
        """
        self._buckets = {
            int(key): value
            for key, value in (buckets or {}).items()
            if value is not None
        }

    def as_dict(self) -> dict[str, float]:
        """Return what there is to keep, fit for JSON."""
        return {str(key): value for key, value in self._buckets.items()}

    def add(self, time: datetime, amount: float) -> None:
        """Add what happened at a time."""
        key = self._key(time)
        self._buckets[key] = self._buckets.get(key, 0) + amount
        while len(self._buckets) > _KEPT:
            del self._buckets[min(self._buckets)]

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


def messages_a_day(airtime: float) -> int:
    """Return how many messages of so many seconds the fair share is."""
    return int(FAIR_AIRTIME / airtime)
