"""Button that writes a report of the last 30 days into the media folder."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .api.report_files import USUAL_SPAN, async_write_report
from .device.battery_node import BatteryNode
from .entity import NodeEntity
from .hub import BatteryThermalConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the button of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities([ReportButton(node)], config_subentry_id=node.subentry_id)


class ReportButton(NodeEntity, ButtonEntity):
    """Button that writes a report. The archive is there whatever the node does."""

    _needs_node = False
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, node: BatteryNode) -> None:
        """Initialize the button."""
        super().__init__(node, "report")

    @override
    async def async_press(self) -> None:
        """Write the report."""
        now = dt_util.utcnow()
        await async_write_report(self.hass, self.node, now - USUAL_SPAN, now)
