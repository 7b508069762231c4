"""Whether entities are available: a short interruption of the connection is not shown."""

from collections.abc import Callable
from datetime import datetime
import logging
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

_LOGGER = logging.getLogger(__name__)

# Seconds. A shorter interruption is not reported.
GRACE: Final = 60.0


class Availability:
    """Reports the connection as lost when it is not back within a minute."""

    def __init__(
        self, hass: HomeAssistant, title: str, on_change: Callable[[bool], None]
    ) -> None:
        """Initialize. `title`: the application, for the log.

        `on_change` is called with True at each connection, with False at a loss.
        """
        self._hass = hass
        self._title = title
        self._on_change = on_change
        self.reported_lost = False
        self._grace: CALLBACK_TYPE | None = None

    @callback
    def async_connected(self) -> None:
        """Report the connection."""
        self.async_stop()
        if self.reported_lost:
            self.reported_lost = False
            _LOGGER.info("%s: connected again", self._title)
        self._on_change(True)

    @callback
    def async_lost(self, error: Exception) -> None:
        """Report the loss when the connection is not back in time."""
        _LOGGER.debug("%s: not connected: %s", self._title, error)
        if self.reported_lost or self._grace:
            return

        @callback
        def grace_over(_now: datetime) -> None:
            self._grace = None
            self.reported_lost = True
            _LOGGER.warning("%s: connection lost: %s", self._title, error)
            self._on_change(False)

        self._grace = async_call_later(self._hass, GRACE, grace_over)

    @callback
    def async_stop(self) -> None:
        """Cancel the timer."""
        if self._grace:
            self._grace()
            self._grace = None
