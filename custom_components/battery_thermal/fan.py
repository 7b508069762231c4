"""The node's fan."""

from typing import Any, override

from homeassistant.components.fan import FanEntity
from homeassistant.components.fan.const import FanEntityFeature
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
    """Add the fan of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities([NodeFan(node)], config_subentry_id=node.subentry_id)


class NodeFan(NodeEntity, FanEntity):
    """On while the fan runs, asked for or not: the node starts it by itself too."""

    _attr_supported_features = FanEntityFeature.TURN_ON | FanEntityFeature.TURN_OFF

    def __init__(self, node: BatteryNode) -> None:
        """Look at the fan."""
        super().__init__(node, "fan")

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it runs, as the node's last uplink said."""
        return self.node.fan

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Whether it is asked to run."""
        wanted = self.node.wanted
        return {"asked": wanted.fan if wanted else None}

    @override
    def _shown(self) -> object:
        return self.is_on, self.extra_state_attributes

    @override
    async def async_turn_on(
        self,
        percentage: int | None = None,
        preset_mode: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Ask it to run."""
        self.node.sender.async_request(fan=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Ask it to run only while the node itself wants it."""
        self.node.sender.async_request(fan=False)
