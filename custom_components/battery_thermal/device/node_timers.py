"""Timers of one node: what changes its record though no message comes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from .node_record import NodeRecord

# How old the sums of 24 hours may get while nothing changes.
_SUMS_AGE: Final = timedelta(hours=1)


class NodeTimers:
    """Timers for the end of an image, silence, an image too old, and daily sums."""

    def __init__(
        self,
        hass: HomeAssistant,
        record: NodeRecord,
        *,
        on_change: Callable[[], None],
        on_sums: Callable[[], None],
    ) -> None:
        """Initialize without a timer.

        `on_change` is called when the record has changed, `on_sums` when the sums of 24
        hours may have.
        """
        self._hass = hass
        self._record = record
        self._on_change = on_change
        self._on_sums = on_sums
        self._timers: list[CALLBACK_TYPE] = []

    @callback
    def async_stop(self) -> None:
        """Cancel all timers."""
        for cancel in self._timers:
            cancel()
        self._timers = []

    @callback
    def async_restart(self) -> None:
        """Set all timers as the record says now."""
        self.async_stop()
        monotonic = self._hass.loop.time()
        now = self._record.network_now(monotonic)
        if overdue_at := self._record.images.overdue_at:
            self._async_call_later(self._async_image_overdue, overdue_at - now)
        silent_in = self._record.presence.silent_in(
            self._record.images.silent_after, monotonic
        )
        if silent_in is not None:
            self._async_call_later(self._async_silent, silent_in)
        too_old_at = self._record.images.too_old_at
        if too_old_at and too_old_at > now:
            self._async_call_later(self._async_image_too_old, too_old_at - now)
        self._async_call_later(self._async_sums_changed, _SUMS_AGE)

    @callback
    def _async_call_later(
        self, action: Callable[[datetime], None], after: timedelta
    ) -> None:
        wait = max(after, timedelta())
        self._timers.append(async_call_later(self._hass, wait, action))

    @callback
    def _async_image_overdue(self, _now: datetime) -> None:
        self._record.close_overdue_image(self._hass.loop.time())
        self._on_change()

    @callback
    def _async_silent(self, _now: datetime) -> None:
        self._record.note_silence(self._hass.loop.time())
        self._on_change()

    @callback
    def _async_image_too_old(self, _now: datetime) -> None:
        self._on_change()

    @callback
    def _async_sums_changed(self, _now: datetime) -> None:
        """Let old messages leave the sums of 24 hours though no new one comes."""
        self._record.status_listeners.notify_listeners()
        self._on_sums()
