"""The thermal picture as a camera: for dashboards, snapshots and HomeKit."""

from typing import override

from homeassistant.components.camera import Camera
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery_node import BatteryNode
from .coordinator import BatteryThermalConfigEntry
from .entity import NodeEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the camera of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities([NodeCamera(node)], config_subentry_id=node.subentry_id)


class NodeCamera(NodeEntity, Camera):
    """The picture, drawn at the size that is asked for."""

    # Lines come seconds apart at best.
    _attr_frame_interval = 5.0

    def __init__(self, node: BatteryNode) -> None:
        """Look at the picture."""
        NodeEntity.__init__(self, node, "thermal")
        Camera.__init__(self)
        self.content_type = node.options.style.content_type

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes:
        """Draw the picture."""
        return await self.node.async_picture(width, height)
