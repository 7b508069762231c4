"""Unknown devices of the application that send as a node does: offered for setup."""

from collections.abc import Iterable
from typing import Final

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    ConfigFlowContext,
)
from homeassistant.const import CONF_DEVICE_ID
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.helpers import discovery_flow

from ..const import CONF_ENTRY_ID, DOMAIN
from ..lorawan.network_server import ServerMessage, Uplink
from ..protocol.formats import decode_uplink
from ..protocol.uplink import Reset, UplinkError

# Nodes that are offered at a time. Others are offered when the owner has decided.
MOST_OFFERS: Final = 5
# Nodes that were offered, and are not offered again until the next start.
_MOST_REMEMBERED: Final = 500


class NodeDiscovery:
    """Offers to set up nodes of one application."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Initialize without an offer."""
        self._hass = hass
        self._entry = entry
        self._offered: set[str] = set()

    @callback
    def async_offer(self, message: ServerMessage) -> None:
        """Offer to set up the sender of a message if it is a plausible line of a node."""
        if message.device_id in self._offered:
            return
        if not isinstance(message, Uplink) or not message.f_port or message.encrypted:
            return
        if self._open_offers >= MOST_OFFERS or len(self._offered) >= _MOST_REMEMBERED:
            return
        try:
            content = decode_uplink(message.payload)
        except UplinkError:
            return
        if not isinstance(content, Reset) and content.is_plausible:
            self._offered.add(message.device_id)
            discovery_flow.async_create_flow(
                self._hass,
                DOMAIN,
                ConfigFlowContext(source=SOURCE_INTEGRATION_DISCOVERY),
                {
                    CONF_ENTRY_ID: self._entry.entry_id,
                    CONF_DEVICE_ID: message.device_id,
                },
            )

    @callback
    def async_withdraw_offers(self, device_ids: Iterable[str]) -> None:
        """Withdraw the offers of devices that have been set up by hand."""
        flows = self._hass.config_entries.flow
        for device_id in device_ids:
            unique_id = f"{self._entry.entry_id}_{device_id}"
            for flow in flows.async_progress_by_handler(
                DOMAIN, match_context={"unique_id": unique_id}
            ):
                flows.async_abort(flow["flow_id"])

    @property
    def _open_offers(self) -> int:
        """How many offers the owner has not decided on yet."""
        flows = self._hass.config_entries.flow.async_progress_by_handler(
            DOMAIN,
            include_uninitialized=True,
            match_context={"source": SOURCE_INTEGRATION_DISCOVERY},
        )
        # Until Home Assistant has started, offers wait and are not flows yet.
        running = self._hass.state is CoreState.running
        return len(flows if running else self._offered)
