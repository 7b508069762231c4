"""Whether the network server is connected, and whether the node is heard.

Durations are counted on a monotonic clock: the clock here may be set at any time, and may
differ from the network server's. No function reads a clock: times are passed in.
"""

from datetime import datetime, timedelta
from typing import Final

from ..thermal.alarm_journal import AlarmFinding
from ..thermal.alarm_kinds import Level, LogKind
from .network_time import NetworkTime

# Unless the owner sets a limit, a node is silent when it has not been heard for three
# times its usual interval, or twice the pause that it usually makes between images, but
# not before 15 minutes: messages get lost, and now and then a whole fast image.
_SILENT_INTERVALS: Final = 3
_SILENT_PAUSES: Final = 2
_SILENT_AT_LEAST: Final = timedelta(minutes=15)

SILENT: Final = AlarmFinding(kind=LogKind.SILENT, level=Level.WARNING)
NOT_SILENT: Final = AlarmFinding(kind=LogKind.SILENT, level=None)
"""For the alarm journal."""


def silence_limit(
    minutes: float | None, interval: timedelta, pause: timedelta
) -> timedelta:
    """Return how long a node may send nothing before it is reported as silent.

    `minutes`: the owner's limit, if there is one. `interval`: the usual time between two
    messages. `pause`: the longest time that the node usually sends nothing.
    """
    if minutes:
        return timedelta(minutes=minutes)
    return max(_SILENT_INTERVALS * interval, _SILENT_PAUSES * pause, _SILENT_AT_LEAST)


class Presence:
    """Connection of the network server and silence of the node.

    `monotonic` arguments are seconds of a clock that is never set.
    """

    def __init__(self, now: datetime, monotonic: float) -> None:
        """Start disconnected."""
        self.connected = False
        self.silent = False
        self.network_time = NetworkTime(now, monotonic)
        self._heard_or_connected = monotonic

    def restore(
        self,
        now: datetime,
        *,
        silent: bool,
        heard_at: datetime | None,
        limit: timedelta,
    ) -> None:
        """Continue after a restart. A node that was silent is so until it is heard.

        Unless the owner has set a longer `limit` since. `heard_at`: when it was heard
        last.
        """
        self.silent = silent and (heard_at is None or now - heard_at >= limit)

    def set_connected(self, connected: bool, monotonic: float) -> None:
        """Note that the network server is connected or not.

        The time in which the node could not be heard does not count as silence.
        """
        if connected and not self.connected:
            self._heard_or_connected = monotonic
        self.connected = connected

    def receive(self, received_at: datetime, monotonic: float, *, live: bool) -> None:
        """Note an uplink. `live`: it has just come, and was not stored by the server."""
        if live:
            self.network_time.received(received_at, monotonic)
        age = (self.network_time.now(monotonic) - received_at).total_seconds()
        heard = monotonic - max(age, 0.0)
        self._heard_or_connected = max(self._heard_or_connected, heard)
        self.silent = False

    def silent_in(self, limit: timedelta, monotonic: float) -> timedelta | None:
        """Return after what time the node is silent, if it is not heard until then.

        None if it is silent already, or cannot be heard.
        """
        if self.silent or not self.connected:
            return None
        return limit - timedelta(seconds=monotonic - self._heard_or_connected)
