"""Mode of the node."""

from typing import Any, override

from homeassistant.components.select import SelectEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .device.battery_node import BatteryNode
from .entity import NodeEntity
from .hub import BatteryThermalConfigEntry
from .model.mode import Mode

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the mode of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities([NodeMode(node)], config_subentry_id=node.subentry_id)


class NodeMode(NodeEntity, SelectEntity):
    """Mode of the node: every pixel in many messages, or maxima of blocks in two."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, node: BatteryNode) -> None:
        """Initialize the select."""
        super().__init__(node, "mode")
        self._attr_options = list(Mode)

    @property
    @override
    def current_option(self) -> str | None:
        """Return the mode that the uplinks show."""
        return self.node.record.images.mode

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return the mode that the owner wants."""
        wanted = self.node.record.delivery.wanted
        return {"wanted": wanted.mode if wanted else None}

    @override
    def _state_inputs(self) -> object:
        return self.current_option, self.extra_state_attributes

    @override
    async def async_select_option(self, option: str) -> None:
        """Request another mode."""
        self.node.sender.async_request(mode=Mode(option))
