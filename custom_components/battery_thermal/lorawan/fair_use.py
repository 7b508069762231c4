"""Limits that a public network sets on a node's use of the radio in 24 hours."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FairUse:
    """Limits of one node in 24 hours.

    `airtime`: seconds of all uplinks. `downlinks`: their highest number.
    `default_budget`: downlinks that are sent at most unless the owner sets another
    number; the rest is left to the network's own.
    """

    airtime: float
    downlinks: int
    default_budget: int

    def messages_a_day(self, airtime: float) -> int:
        """Return how many messages of so many seconds are within the limit."""
        return int(self.airtime / airtime)
