"""The thermal picture as an image: its state is the time of the picture."""

from datetime import datetime
from typing import Any, override

from homeassistant.components.image import ImageEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .degrees import KELVIN, house_unit
from .device.battery_node import BatteryNode
from .device.over_range import async_over_range
from .entity import NodeEntity
from .hub import BatteryThermalConfigEntry
from .model.thermal_image import ThermalImage

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
    """Thermal picture of the newest image."""

    def __init__(self, hass: HomeAssistant, node: BatteryNode) -> None:
        """Initialize the image."""
        NodeEntity.__init__(self, node, "thermal")
        ImageEntity.__init__(self, hass)
        self._attr_content_type = node.config.options.style.content_type

    @property
    @override
    def image_last_updated(self) -> datetime | None:
        """Return when the newest line was received."""
        image = self.node.record.images.shown
        return image.updated_at if image else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return mode, lines and doubts of the newest image."""
        if (image := self.node.record.images.image) is None:
            return {}
        return {
            "mode": image.mode,
            "lines_received": image.lines_received,
            "lines_expected": image.lines_expected,
            "missing_lines": list(image.missing_lines),
            "closed": image.closed,
            "suspect": image.suspect,
            "simulated": self.node.record.images.simulated,
        } | self._hidden_heat(self.node.record.images.shown or image)

    def _hidden_heat(self, image: ThermalImage) -> dict[str, Any]:
        """Return what the values do not show: heat above the range, and their bound."""
        attributes: dict[str, Any] = {}
        if image.is_over_range:
            attributes["over_range"] = async_over_range(self.hass)
        if doubtful := int(image.doubtful.sum()):
            attributes["doubtful_pixels"] = doubtful
        if image.bound is not None:
            kelvin = image.bound / 10
            scale = house_unit(self.hass, KELVIN).scale
            attributes["bound"] = round(kelvin * scale, 2)
        return attributes

    @override
    def _state_inputs(self) -> object:
        return self.image_last_updated, self.extra_state_attributes

    @override
    async def async_image(self) -> bytes:
        """Return the picture of the newest image."""
        return await self.node.pictures.async_get_picture()
