"""The load of a battery bank, by a sensor of Home Assistant that the owner named."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event

from ..thermal.load import LoadHistory
from .node_record import NodeRecord


class LoadSensor:
    """Follows the sensor of one node, and gives the record the load at any time."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, record: NodeRecord
    ) -> None:
        """Initialize. Nothing is followed yet."""
        self._hass = hass
        self._entry = entry
        self._record = record
        self._history = LoadHistory()
        self._stop: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Follow the sensor, if there is one."""
        if (entity_id := self._record.config.load_sensor) is None:
            return
        self._record.images.load_at = self._history.at
        self._async_note(self._hass.states.get(entity_id))
        self._stop = async_track_state_change_event(
            self._hass, entity_id, self._async_changed
        )
        # Also if the entry cannot be set up.
        self._entry.async_on_unload(self.async_stop)

    @callback
    def async_stop(self) -> None:
        """Stop following it, if it is followed."""
        if self._stop:
            self._stop()
            self._stop = None

    @callback
    def _async_changed(self, event: Event[EventStateChangedData]) -> None:
        self._async_note(event.data["new_state"])

    @callback
    def _async_note(self, state: State | None) -> None:
        # The times of images are those of the network server.
        now = self._record.network_now(self._hass.loop.time())
        self._history.note_value(now, _value_of(state))


def _value_of(state: State | None) -> float | None:
    try:
        return float(state.state) if state else None
    except ValueError:
        # It is unavailable or unknown.
        return None
