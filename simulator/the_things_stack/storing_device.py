"""An end device with the storage integration."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulator.end_device import EndDevice

from .messages import Json, as_stored

_STORAGE_TIME = timedelta(hours=24)
"""Retention of the storage integration on The Things Network."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An uplink in the storage integration, and the time from which it can be read."""

    received_at: datetime
    readable_at: datetime
    message: Json


class StoringDevice(EndDevice):
    """Its uplinks are stored while the integration is on."""

    storage = False
    """Whether the storage integration is on."""
    storage_delay = 0.0
    """Seconds until it has written an uplink, which it does in batches."""
    stored: deque[Stored]
    """All that is in the storage integration, the oldest first."""

    @property
    def readable(self) -> list[Stored]:
        """Return the stored uplinks that can be read by now."""
        now = self._clock()
        return [uplink for uplink in self.stored if uplink.readable_at <= now]

    def store(self, now: datetime, message: Json) -> None:
        """Store an uplink if the storage integration is on."""
        if not self.storage:
            return
        now = now.astimezone(UTC)
        readable_at = self._clock() + timedelta(seconds=self.storage_delay)
        self.stored.append(Stored(now, readable_at, as_stored(message)))
        while self.stored[0].received_at < now - _STORAGE_TIME:
            self.stored.popleft()
