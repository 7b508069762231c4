"""WebSocket subscription of dashboards: all nodes first, then those that change."""

from base64 import b64encode
from datetime import datetime
from functools import partial
from typing import Any, override

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.sensor.const import DOMAIN as SENSOR_DOMAIN
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import websocket_command
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..device.battery_node import BatteryNode
from ..hub import BatteryThermalConfigEntry
from ..model.thermal_image import ThermalImage
from ..model.updating_image import UpdatingImage
from ..render.palettes import Palette, table
from .alarm_websocket import alarm_as_dict
from .lookup import async_loaded_nodes
from .permissions import allowed
from .serialisation import drift_as_dict, image_as_dict, look_as_dict
from .subscription import Subscription


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the command."""
    async_register_command(hass, _subscribe_nodes)


@websocket_command({vol.Required("type"): f"{DOMAIN}/subscribe_nodes"})
@callback
def _subscribe_nodes(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send all nodes to a viewer, and then their changes."""
    viewer = Viewer(hass, connection, msg["id"])
    connection.subscriptions[msg["id"]] = viewer.async_stop
    connection.send_result(msg["id"])
    viewer.async_start()


class Viewer(Subscription[BatteryThermalConfigEntry]):
    """Subscription of one page, and what was sent to it.

    An event has `nodes`, by the id of their subentry, and `gone`, a list of ids. A node
    has its `image` and its `look` only when that has changed, and the image that has
    `ended` only if it was not sent and lines of the next one are over it. An event with `snapshot`
    replaces everything that was sent before, and has the palettes.
    """

    def __init__(
        self, hass: HomeAssistant, connection: ActiveConnection, subscription: int
    ) -> None:
        """Initialize. Nothing is sent yet."""
        super().__init__(hass, connection, subscription, DOMAIN)
        self._nodes: dict[str, set[str]] = {}
        """The ids of the nodes of each entry."""
        self._changed: dict[str, BatteryNode] = {}
        self._images: dict[str, ThermalImage | None] = {}
        """The image of each node that was sent last."""
        self._ended: dict[str, datetime] = {}
        """The start of each node's newest image that has ended, if it was sent."""
        self._looks: dict[str, dict[str, Any]] = {}
        """The look of each node's picture that was sent last."""
        self._gone: set[str] = set()

    @override
    @callback
    def async_start(self) -> None:
        """Send all nodes, and listen to them."""
        super().async_start()
        palettes = {str(palette): _encoded(palette) for palette in Palette}
        # The colours of the alarm palette above the threshold.
        palettes |= {"above": _encoded(Palette.ALARM, alarm_from=0)}
        self._send({"snapshot": True, "palettes": palettes})

    @override
    @callback
    def rights_changed(self) -> None:
        """Check again which nodes the user may see and control."""
        for node in async_loaded_nodes(self.hass):
            self._changed[node.subentry_id] = node
        self.schedule_send()

    @override
    def all_gone(self) -> dict[str, Any]:
        """Return that all nodes are gone."""
        return {"nodes": {}, "gone": sorted(self._images)}

    @override
    def follow(
        self, entry: BatteryThermalConfigEntry, stops: list[CALLBACK_TYPE]
    ) -> None:
        """Listen to the nodes of an entry."""
        nodes = entry.runtime_data.nodes.values()
        self._nodes[entry.entry_id] = {node.subentry_id for node in nodes}
        for node in nodes:
            changed = partial(self._async_node_changed, node)
            stops.append(node.change_listeners.add_listener(changed))
            changed()

    @override
    def unfollow(self, entry: BatteryThermalConfigEntry) -> None:
        """Note that the nodes of an entry are gone."""
        gone = self._nodes.pop(entry.entry_id)
        self._gone |= gone
        for node_id in gone:
            self._changed.pop(node_id, None)
            self._forget(node_id)
        self.schedule_send()

    @override
    def entry_changed(self) -> None:
        """Do nothing more: only nodes are sent."""

    @callback
    def _async_node_changed(self, node: BatteryNode) -> None:
        self._changed[node.subentry_id] = node
        self.schedule_send()

    @override
    def send(self) -> None:
        """Send the nodes that have changed."""
        self._send({})

    def _send(self, more: dict[str, Any]) -> None:
        changed, self._changed = self._changed, {}
        gone, self._gone = self._gone, set()
        nodes = {}
        for node_id, node in changed.items():
            if self._may_see(node):
                nodes[node_id] = self._node_as_dict(node)
            elif node_id in self._images:
                self._forget(node_id)
                gone.add(node_id)
        if not (nodes or gone or more):
            return
        event = {"nodes": nodes, "gone": sorted(gone - set(nodes))}
        self.send_event(event | more)

    def _forget(self, node_id: str) -> None:
        """Forget what was sent of a node: all of it is sent with its next change."""
        self._images.pop(node_id, None)
        self._ended.pop(node_id, None)
        self._looks.pop(node_id, None)

    def _may_see(self, node: BatteryNode) -> bool:
        """Return whether the viewer may see a node, and its device is enabled."""
        if not self._has_permission(node, POLICY_READ):
            return False
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, node.subentry_id), node.entry_id
        )
        return device is None or not device.disabled

    def _node_as_dict(self, node: BatteryNode) -> dict[str, Any]:
        """Return what of a node has to be sent to the viewer."""
        wanted = node.record.delivery.wanted
        heard_at = node.record.traffic.heard_at
        record: dict[str, Any] = {
            "control": self._has_permission(node, POLICY_CONTROL),
            "threshold": node.record.threshold,
            "wanted": wanted
            and {
                "threshold": wanted.threshold,
                "mode": wanted.mode,
                "fan": wanted.fan,
            },
            "stage": node.record.delivery.stage,
            "pending": node.record.delivery.pending,
            "error": node.record.delivery.error,
            "simulated": node.record.images.simulated,
            "heard_at": heard_at and heard_at.timestamp(),
            "alarms": [alarm_as_dict(one) for one in node.record.images.journal.open],
        }
        missing = object()
        image = node.record.images.shown
        if self._images.get(node.subentry_id, missing) is not image:
            self._images[node.subentry_id] = image
            record["image"] = image and image_as_dict(image, node.config.options)
            record |= self._ended_image(node, image)
        look = look_as_dict(node.config.options, node.record.watch.limits)
        for area in look["areas"]:
            area["entity"] = self._area_entity(node, area["key"])
        look["drift"] = drift_as_dict(
            node.record.images.drift, node.config.options.cells
        )
        if self._looks.get(node.subentry_id) != look:
            record["look"] = self._looks[node.subentry_id] = look
        return record

    def _ended_image(
        self, node: BatteryNode, image: ThermalImage | None
    ) -> dict[str, Any]:
        """Return the image that has ended, if the viewer does not have it.

        Lines of the next one are over it in `image`, and the viewer may want none of them.
        """
        ended = image.ended if isinstance(image, UpdatingImage) else image
        if ended is None or not ended.closed:
            return {}
        known = self._ended.get(node.subentry_id) == ended.started_at
        self._ended[node.subentry_id] = ended.started_at
        if known or ended is image:
            return {}
        return {"ended": image_as_dict(ended, node.config.options)}

    def _area_entity(self, node: BatteryNode, key: str) -> str | None:
        """Return the entity with the maximum of an area, None where it is disabled."""
        registry = er.async_get(self.hass)
        unique_id = f"{node.subentry_id}_cell_maximum_{key}"
        entity_id = registry.async_get_entity_id(SENSOR_DOMAIN, DOMAIN, unique_id)
        entity = registry.async_get(entity_id) if entity_id else None
        return None if entity is None or entity.disabled else entity_id

    def _has_permission(self, node: BatteryNode, policy: str) -> bool:
        """Return whether the viewer may see a node, or change its settings."""
        permissions = self.connection.user.permissions
        return allowed(self.hass, permissions, node.subentry_id, policy)


def _encoded(palette: Palette, alarm_from: float | None = None) -> str:
    """Return the 256 colours of a palette, three bytes each, in base64."""
    return b64encode(table(palette, alarm_from).tobytes()).decode()
