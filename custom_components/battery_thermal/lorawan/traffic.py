"""Radio use of a node in 24 hours, and the radio data of its newest uplink."""

from datetime import datetime, timedelta
from typing import Any

from ..protocol.locator import OVERTAKEN
from .airtime import airtime
from .day_sum import DaySum
from .network_server import Link, Uplink

# Hz: bandwidth of LoRaWAN's uplink channels in Europe, if the server reports none.
_BANDWIDTH = 125_000


class Traffic:
    """Counts the uplinks of one node."""

    def __init__(self) -> None:
        """Initialize without an uplink."""
        self.heard_at: datetime | None = None
        self.link: Link | None = None
        self.newest_airtime = 0.0
        self.airtime = DaySum()
        self.lost_lines = DaySum()

    def receive(self, uplink: Uplink, now: datetime) -> bool:
        """Count an uplink, and return whether it is the newest: they may come late.

        A time after `now` is of a server's clock that is wrong, and replaced by it. One
        that is much older than the newest shows that this clock was set back.
        """
        heard_at = min(uplink.received_at, now)
        # The clock here may have been ahead, and was set back since.
        newest_at = heard_at if self.heard_at is None else min(self.heard_at, now)
        newest = not timedelta() < newest_at - heard_at <= OVERTAKEN
        if newest:
            self.heard_at = max(heard_at, newest_at)
            self.link = uplink.link
        seconds = uplink.link.airtime
        if seconds is None and uplink.link.spreading_factor:
            seconds = airtime(
                len(uplink.payload),
                uplink.link.spreading_factor,
                uplink.link.bandwidth or _BANDWIDTH,
            )
        self.newest_airtime = seconds or 0.0
        self.airtime.add_amount(heard_at, self.newest_airtime)
        return newest

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        return {
            "heard_at": self.heard_at and self.heard_at.isoformat(),
            "airtime": self.airtime.as_dict(),
            "lost_lines": self.lost_lines.as_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Traffic:
        """Return what `as_dict` was called on."""
        traffic = cls()
        if heard_at := data["heard_at"]:
            traffic.heard_at = datetime.fromisoformat(heard_at)
        traffic.airtime = DaySum(data["airtime"])
        traffic.lost_lines = DaySum(data["lost_lines"])
        return traffic
