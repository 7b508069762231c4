"""What happens to downlinks."""

from dataclasses import asdict
from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery_node import BatteryNode
from .coordinator import BatteryThermalConfigEntry
from .entity import NodeEntity
from .node.delivery import DeliveryEvent, Happened

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the downlink event of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities([DownlinkEvent(node)], config_subentry_id=node.subentry_id)


class DownlinkEvent(NodeEntity, EventEntity):
    """Fires at each step of a downlink's way."""

    _of_the_node = False
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, node: BatteryNode) -> None:
        """Look at the downlinks."""
        super().__init__(node, "downlink")
        self._attr_event_types = list(DeliveryEvent)

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of downlinks from now on."""
        await super().async_added_to_hass()
        self.async_on_remove(self.node.async_add_event_listener(self._async_happened))

    @callback
    def _async_happened(self, happened: Happened) -> None:
        self._trigger_event(
            happened.event, asdict(happened.settings) | {"error": happened.error}
        )
        self.async_write_ha_state()
