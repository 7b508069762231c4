"""Fan of the node."""

from typing import Any, override

from homeassistant.components.fan import FanEntity
from homeassistant.components.fan.const import FanEntityFeature
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
    """Add the fan of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities([NodeFan(node)], config_subentry_id=node.subentry_id)


class NodeFan(NodeEntity, FanEntity):
    """Fan of the node, which also starts it above the threshold."""

    _attr_supported_features = FanEntityFeature.TURN_ON | FanEntityFeature.TURN_OFF

    def __init__(self, node: BatteryNode) -> None:
        """Initialize the fan."""
        super().__init__(node, "fan")

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it runs, as the newest uplink reports."""
        return self.node.record.images.fan

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return whether the owner wants it to run."""
        wanted = self.node.record.delivery.wanted
        return {"asked": wanted.fan if wanted else None}

    @override
    def _state_inputs(self) -> object:
        return self.is_on, self.extra_state_attributes

    @override
    async def async_turn_on(
        self,
        percentage: int | None = None,
        preset_mode: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Request that it runs."""
        self.node.sender.async_request(fan=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Request that it runs above the threshold only."""
        self.node.sender.async_request(fan=False)
