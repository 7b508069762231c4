"""What the dashboards are told: all nodes at once, then those that change."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any, Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import websocket_command
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from .battery_node import BatteryNode
from .const import DOMAIN
from .coordinator import BatteryThermalConfigEntry
from .permissions import allowed
from .thermal.image import ThermalImage
from .thermal.palettes import Palette, table
from .wire import image_as_dict, look_as_dict

# Seconds between two messages to one viewer. A node that catches up has many lines.
PACE: Final = 0.2


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the command."""
    async_register_command(hass, _subscribe_nodes)


@websocket_command({vol.Required("type"): f"{DOMAIN}/subscribe_nodes"})
@callback
def _subscribe_nodes(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell a viewer of all nodes from now on."""
    viewer = Viewer(hass, connection, msg["id"])
    connection.subscriptions[msg["id"]] = viewer.async_stop
    connection.send_result(msg["id"])
    viewer.async_start()


class Viewer:
    """One page that shows nodes, and what it has been told.

    An event has `nodes`, by the id of their subentry, and `gone`, a list of ids. A node
    has its `image` and its `look` only when that has changed. An event with `snapshot`
    replaces everything that was said before, and brings the palettes.
    """

    def __init__(
        self, hass: HomeAssistant, connection: ActiveConnection, subscription: int
    ) -> None:
        """Prepare; nothing is told yet."""
        self._hass = hass
        self._connection = connection
        self._subscription = subscription
        self._entries: dict[str, list[CALLBACK_TYPE]] = {}
        """Entries that are followed, and how to stop."""
        self._nodes: dict[str, set[str]] = {}
        """The nodes of each."""
        self._changed: dict[str, BatteryNode] = {}
        self._images: dict[str, ThermalImage | None] = {}
        """Which image of each node the viewer has."""
        self._looks: dict[str, dict[str, Any]] = {}
        """And how it knows the node's picture is to look."""
        self._gone: set[str] = set()
        self._sent_at = 0.0
        self._sending: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Tell of all nodes, and follow them."""
        self._stop_following = async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
        )
        for entry in self._hass.config_entries.async_loaded_entries(DOMAIN):
            self._follow(entry)
        palettes = {str(palette): _encoded(palette) for palette in Palette}
        # What the alarm palette has above the threshold.
        palettes |= {"above": _encoded(Palette.ALARM, alarm_from=0)}
        self._send({"snapshot": True, "palettes": palettes})

    @callback
    def async_stop(self) -> None:
        """Tell nothing any more."""
        self._stop_following()
        for stops in self._entries.values():
            _call(stops)
        if self._sending:
            self._sending()

    @callback
    def _async_entry_changed(
        self, change: ConfigEntryChange, entry: BatteryThermalConfigEntry
    ) -> None:
        if entry.domain != DOMAIN:
            return
        loaded = entry.state is ConfigEntryState.LOADED
        if loaded and entry.entry_id not in self._entries:
            self._follow(entry)
        elif not loaded and (stops := self._entries.pop(entry.entry_id, None)):
            _call(stops)
            gone = self._nodes.pop(entry.entry_id)
            self._gone |= gone
            for node_id in gone:
                self._changed.pop(node_id, None)
                self._images.pop(node_id, None)
                self._looks.pop(node_id, None)
            self._send_soon()

    def _follow(self, entry: BatteryThermalConfigEntry) -> None:
        nodes = entry.runtime_data.nodes.values()
        self._nodes[entry.entry_id] = {node.subentry_id for node in nodes}
        # One of its own: an entry without nodes is followed as well.
        stops = self._entries[entry.entry_id] = [lambda: None]
        for node in nodes:
            changed = partial(self._async_node_changed, node)
            stops.append(node.async_add_listener(changed))
            changed()

    @callback
    def _async_node_changed(self, node: BatteryNode) -> None:
        self._changed[node.subentry_id] = node
        self._send_soon()

    def _send_soon(self) -> None:
        """Send what there is: at once when the last message is a while ago."""
        if self._sending is None:
            wait = max(self._sent_at + PACE - monotonic(), 0)
            self._sending = async_call_later(self._hass, wait, self._async_send_now)

    @callback
    def _async_send_now(self, _now: datetime) -> None:
        self._sending = None
        self._send({})

    def _send(self, more: dict[str, Any]) -> None:
        changed, self._changed = self._changed, {}
        gone, self._gone = self._gone, set()
        nodes = {
            node_id: self._record(node)
            for node_id, node in changed.items()
            if self._may(node, POLICY_READ)
        }
        if not (nodes or gone or more):
            return
        self._sent_at = monotonic()
        event = {"nodes": nodes, "gone": sorted(gone - set(nodes))}
        self._connection.send_event(self._subscription, event | more)

    def _record(self, node: BatteryNode) -> dict[str, Any]:
        """Return what a viewer needs to know of a node, and does not have."""
        wanted = node.wanted
        record: dict[str, Any] = {
            "control": self._may(node, POLICY_CONTROL),
            "threshold": node.threshold,
            "wanted": wanted
            and {
                "threshold": wanted.threshold,
                "mode": wanted.mode,
                "fan": wanted.fan,
            },
            "stage": node.delivery.stage,
            "pending": node.delivery.pending,
            "error": node.delivery.error,
        }
        missing = object()
        if self._images.get(node.subentry_id, missing) is not node.image:
            self._images[node.subentry_id] = node.image
            record["image"] = node.image and image_as_dict(node.image, node.options)
        look = look_as_dict(node.options, node.watch.limits)
        if self._looks.get(node.subentry_id) != look:
            record["look"] = self._looks[node.subentry_id] = look
        return record

    def _may(self, node: BatteryNode, policy: str) -> bool:
        """Tell whether the viewer may see a node, or change its settings."""
        permissions = self._connection.user.permissions
        return allowed(self._hass, permissions, node.subentry_id, policy)


def _encoded(palette: Palette, alarm_from: float | None = None) -> str:
    """Return the 256 colours of a palette, three bytes each, in base64."""
    return b64encode(table(palette, alarm_from).tobytes()).decode()


def _call(stops: Iterable[CALLBACK_TYPE]) -> None:
    for stop in stops:
        stop()
