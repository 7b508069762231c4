"""The thermal picture as an image: its state is the time of the picture."""

from datetime import datetime
from typing import Any, override

from homeassistant.components.image import ImageEntity
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
    """Add the image of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities([NodeImage(hass, node)], config_subentry_id=node.subentry_id)


class NodeImage(NodeEntity, ImageEntity):
    """The picture."""

    def __init__(self, hass: HomeAssistant, node: BatteryNode) -> None:
        """Look at the picture."""
        NodeEntity.__init__(self, node, "thermal")
        ImageEntity.__init__(self, hass)
        self._attr_content_type = node.options.style.content_type

    @property
    @override
    def image_last_updated(self) -> datetime | None:
        """When the picture last changed."""
        image = self.node.image
        return image.updated_at if image else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """How far the image has come."""
        if (image := self.node.image) is None:
            return {}
        return {
            "mode": image.mode,
            "lines_received": image.lines_received,
            "lines_expected": image.lines_expected,
            "missing_lines": list(image.missing_lines),
            "closed": image.closed,
            "suspect": image.suspect,
        }

    @override
    def _shown(self) -> object:
        return self.image_last_updated, self.extra_state_attributes

    @override
    async def async_image(self) -> bytes:
        """Draw the picture."""
        return await self.node.async_picture()
