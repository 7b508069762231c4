"""The time at the network server.

Uplinks are stamped by the network server. How long ago one was received is counted on the
monotonic clock: the clock here may differ from the server's, and may be set at any time.
"""

from datetime import datetime, timedelta


class NetworkTime:
    """The time of the newest uplink, and how long ago it came."""

    def __init__(self, now: datetime, monotonic: float) -> None:
        """Use the time here until an uplink has come.

        `monotonic`: seconds of a clock that is never set.
        """
        self._received_at = now
        self._monotonic = monotonic

    def received(self, received_at: datetime, monotonic: float) -> None:
        """Note that an uplink of that time has just come."""
        self._received_at = received_at
        self._monotonic = monotonic

    def now(self, monotonic: float) -> datetime:
        """Return the time at the network server."""
        return self._received_at + timedelta(seconds=monotonic - self._monotonic)
