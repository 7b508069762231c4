"""Count of downlinks in 24 hours, and their limit."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

_DAY: Final = timedelta(days=1)


class DownlinkBudget:
    """Downlinks of one node that were sent in the last 24 hours."""

    def __init__(self, limit: int | None, sent_at: Iterable[datetime] = ()) -> None:
        """Initialize with earlier downlinks. `limit` in 24 hours; None: no limit."""
        self.limit = limit
        self.sent_at = list(sent_at)

    def count(self, now: datetime) -> None:
        """Count a downlink."""
        # A time far in the future is of a clock that was ahead.
        self.sent_at = [at for at in self.sent_at if abs(now - at) < _DAY]
        self.sent_at.append(now)

    def used(self, now: datetime) -> int:
        """Return the number of downlinks in the last 24 hours."""
        return sum(abs(now - at) < _DAY for at in self.sent_at)

    def allows_another(self, now: datetime) -> bool:
        """Return whether one more may be sent now."""
        return self.limit is None or self.used(now) < self.limit
