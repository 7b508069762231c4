"""What a node has used of the air in a day, and how well it was heard."""

from datetime import datetime
from typing import Any

from .airtime import airtime
from .fair_use import DaySum
from .network_server import Link, Uplink

# What a LoRaWAN channel for uplinks has in Europe, where the server does not say, in Hz.
_BANDWIDTH = 125_000


class Traffic:
    """The uplinks of one node, counted."""

    def __init__(self) -> None:
        """Start with no uplink heard."""
        self.heard_at: datetime | None = None
        self.link: Link | None = None
        self.newest_airtime = 0.0
        self.airtime = DaySum()
        self.lost_lines = DaySum()

    def receive(self, uplink: Uplink, now: datetime) -> bool:
        """Count an uplink, and return whether it is the newest: they may come late.

        `now` keeps a server's clock that is wrong for once from being believed.
        """
        heard_at = min(uplink.received_at, now)
        newest = self.heard_at is None or heard_at >= self.heard_at
        if newest:
            self.heard_at = heard_at
            self.link = uplink.link
        seconds = uplink.link.airtime
        if seconds is None and uplink.link.spreading_factor:
            seconds = airtime(
                len(uplink.payload),
                uplink.link.spreading_factor,
                uplink.link.bandwidth or _BANDWIDTH,
            )
        self.newest_airtime = seconds or 0.0
        self.airtime.add(uplink.received_at, self.newest_airtime)
        return newest

    def as_dict(self) -> dict[str, Any]:
        """Return what there is to keep, fit for JSON."""
        return {
            "heard_at": self.heard_at and self.heard_at.isoformat(),
            "airtime": self.airtime.as_dict(),
            "lost_lines": self.lost_lines.as_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Traffic:
        """Go on with what `as_dict` returned."""
        traffic = cls()
        if heard_at := data["heard_at"]:
            traffic.heard_at = datetime.fromisoformat(heard_at)
        traffic.airtime = DaySum(data["airtime"])
        traffic.lost_lines = DaySum(data["lost_lines"])
        return traffic
