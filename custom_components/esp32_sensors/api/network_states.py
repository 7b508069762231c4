"""Whether the networks run and reach their broker, for dashboards."""

from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..hub.network import NetworkConfigEntry

#: Set-up has failed, and may be tried again.
_FAILED: Final = (ConfigEntryState.SETUP_ERROR, ConfigEntryState.SETUP_RETRY)


@callback
def network_states(hass: HomeAssistant) -> dict[str, str]:
    """Return the states of networks by entry id.

    ``connected``; ``broker_lost``: the MQTT broker is not connected; ``failed``: it could
    not be set up. A network that is being set up or was stopped has no state.
    """
    states = {}
    entries: list[NetworkConfigEntry] = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    for entry in entries:
        if entry.state is ConfigEntryState.LOADED:
            connected = entry.runtime_data.statistics.connected
            states[entry.entry_id] = "connected" if connected else "broker_lost"
        elif entry.state in _FAILED:
            states[entry.entry_id] = "failed"
    return states
