"""The thermal picture as a camera: for dashboards, snapshots and HomeKit."""

from typing import override

from homeassistant.components.camera import Camera
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .device.battery_node import BatteryNode
from .entity import NodeEntity
from .hub import BatteryThermalConfigEntry

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
    """Thermal picture, drawn at the requested size."""

    # Seconds. Lines are seconds apart at least.
    _attr_frame_interval = 5.0

    def __init__(self, node: BatteryNode) -> None:
        """Initialize the camera."""
        NodeEntity.__init__(self, node, "thermal")
        Camera.__init__(self)
        self.content_type = node.config.options.style.content_type

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes:
        """Return the picture of the newest image."""
        return await self.node.pictures.async_get_picture(width, height)
