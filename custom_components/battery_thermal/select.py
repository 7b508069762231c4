"""The node's mode."""

from typing import Any, override

from homeassistant.components.select import SelectEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery_node import BatteryNode
from .coordinator import BatteryThermalConfigEntry
from .entity import NodeEntity
from .node.layout import Mode

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
    """Slow: every pixel, in many messages. Fast: the maxima of blocks, in two."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, node: BatteryNode) -> None:
        """Look at the mode."""
        super().__init__(node, "mode")
        self._attr_options = list(Mode)

    @property
    @override
    def current_option(self) -> str | None:
        """The mode the node's uplinks show."""
        return self.node.mode

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """The mode it was asked to be in."""
        wanted = self.node.wanted
        return {"wanted": wanted.mode if wanted else None}

    @override
    def _shown(self) -> object:
        return self.current_option, self.extra_state_attributes

    @override
    async def async_select_option(self, option: str) -> None:
        """Ask for another mode."""
        self.node.sender.async_request(mode=Mode(option))
