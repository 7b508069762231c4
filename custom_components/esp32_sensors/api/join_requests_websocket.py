"""WebSocket commands for administrators: boards that want to join, and decisions about them."""

from typing import Any, Final

import probatio as vol

from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import (
    async_response,
    require_admin,
    websocket_command,
)
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..const import DOMAIN
from ..hub.network import Network, NetworkConfigEntry
from .rights import async_follow_rights

_BOARD: Final[dict[str | vol.Marker, Any]] = {
    vol.Required("network"): str,
    vol.Required("mac"): str,
}


@callback
def async_setup_join_requests(hass: HomeAssistant) -> None:
    """Register the commands."""
    async_register_command(hass, _subscribe)
    async_register_command(hass, _accept)
    async_register_command(hass, _refuse)


@require_admin
@websocket_command({vol.Required("type"): f"{DOMAIN}/subscribe_join_requests"})
@callback
def _subscribe(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send all boards that wait for a decision, now and after each change."""
    viewer = JoinRequestViewer(hass, connection, msg["id"])
    connection.subscriptions[msg["id"]] = viewer.async_stop
    connection.send_result(msg["id"])
    viewer.async_start()


@require_admin
@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/accept_board",
        **_BOARD,
        vol.Optional("name", default=""): str,
        vol.Optional("area", default=""): str,
    }
)
@async_response
async def _accept(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Admit a board, with a name and an area if these are given."""
    network = _network(hass, msg["network"])
    area = msg["area"]
    if area and ar.async_get(hass).async_get_area(area) is None:
        raise _refused("no_area")
    await network.management.async_accept(msg["mac"], msg["name"], area)
    connection.send_result(msg["id"])


@require_admin
@websocket_command({vol.Required("type"): f"{DOMAIN}/refuse_board", **_BOARD})
@async_response
async def _refuse(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Refuse a board permanently."""
    await _network(hass, msg["network"]).management.async_refuse(msg["mac"])
    connection.send_result(msg["id"])


class JoinRequestViewer:
    """One subscription. An event has all ``requests``: network, title and MAC of each."""

    def __init__(
        self, hass: HomeAssistant, connection: ActiveConnection, subscription: int
    ) -> None:
        """Initialize without sending anything."""
        self._hass = hass
        self._connection = connection
        self._subscription = subscription
        self._stops: dict[str, CALLBACK_TYPE] = {}
        """Unsubscribers by entry id."""
        self._sent: list[dict[str, str]] | None = None

    @callback
    def async_start(self) -> None:
        """Send the boards that wait, and subscribe to changes."""
        self._stop_following = async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )
        self._stop_following_rights = async_follow_rights(
            self._hass, self._connection, self._rights_changed, self._end
        )
        for entry in self._hass.config_entries.async_loaded_entries(DOMAIN):
            self._follow(entry)
        self._send()

    @callback
    def async_stop(self) -> None:
        """Unsubscribe from everything."""
        self._stop_following()
        self._stop_following_rights()
        for stop in self._stops.values():
            stop()

    @callback
    def _rights_changed(self) -> None:
        if not self._connection.user.is_admin:
            self._end()

    @callback
    def _end(self) -> None:
        """End the subscription: it is for administrators."""
        self._connection.subscriptions.pop(self._subscription, None)
        self.async_stop()
        self._connection.send_event(self._subscription, {"requests": []})

    def _follow(self, entry: NetworkConfigEntry) -> None:
        statistics = entry.runtime_data.statistics
        self._stops[entry.entry_id] = statistics.async_listen(self._send)

    @callback
    def _entry_changed(
        self, _change: ConfigEntryChange, entry: NetworkConfigEntry
    ) -> None:
        if entry.domain != DOMAIN:
            return
        if stop := self._stops.pop(entry.entry_id, None):
            stop()
        if entry.state is ConfigEntryState.LOADED:
            self._follow(entry)
        self._send()

    @callback
    def _send(self) -> None:
        entries: list[NetworkConfigEntry] = (
            self._hass.config_entries.async_loaded_entries(DOMAIN)
        )
        requests = [
            {"network": entry.entry_id, "title": entry.title, "mac": mac}
            for entry in entries
            for mac in sorted(entry.runtime_data.statistics.waiting)
        ]
        if requests != self._sent:
            self._sent = requests
            self._connection.send_event(self._subscription, {"requests": requests})


@callback
def _network(hass: HomeAssistant, entry_id: str) -> Network:
    """Return a running network; raise ``ServiceValidationError`` if it is not."""
    entry: NetworkConfigEntry | None = hass.config_entries.async_get_entry(entry_id)
    if (
        entry is None
        or entry.domain != DOMAIN
        or entry.state is not ConfigEntryState.LOADED
    ):
        raise _refused("network_not_running")
    return entry.runtime_data


def _refused(key: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)
