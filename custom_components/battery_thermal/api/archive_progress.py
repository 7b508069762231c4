"""Events with the progress of a time-lapse."""

from asyncio import sleep
from pathlib import Path
from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall

from ..const import DOMAIN

EVENT_TIMELAPSE_PROGRESS: Final = f"{DOMAIN}_timelapse_progress"

ATTR_FILENAME: Final = "filename"

# Seconds between two events, at least.
_PROGRESS_INTERVAL: Final = 1.0


class TimelapseProgress:
    """Fires events with the progress of a time-lapse, at most one a second."""

    def __init__(self, call: ServiceCall, device_id: str, path: Path) -> None:
        """Initialize. A time-lapse of less than a second is reported at its end only."""
        self._call = call
        self._device_id = device_id
        self._path = path
        self._time = call.hass.loop.time
        self._next = self._time() + _PROGRESS_INTERVAL
        self._reported = False

    def async_report(self, percent: int) -> None:
        """Report the progress, unless the last report was less than a second ago."""
        if self._time() < self._next:
            return
        self._next = self._time() + _PROGRESS_INTERVAL
        self._call.hass.bus.async_fire(
            EVENT_TIMELAPSE_PROGRESS,
            {
                ATTR_DEVICE_ID: self._device_id,
                ATTR_FILENAME: str(self._path),
                "percent": percent,
            },
            context=self._call.context,
        )
        self._reported = True

    async def async_end(self) -> None:
        """Report the end, a second after the last report at the earliest."""
        if self._reported:
            await sleep(max(self._next - self._time(), 0))
        self._next = 0
        self.async_report(100)
