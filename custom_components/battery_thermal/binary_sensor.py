"""Binary sensors: what is still on its way, and whether the node is there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .battery_node import BatteryNode
from .coordinator import BatteryThermalConfigEntry
from .entity import NodeEntity

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NodeBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor and where its value is in the record."""

    value_fn: Callable[[BatteryNode], bool]


BINARY_SENSORS = (
    NodeBinarySensorDescription(
        key="pending",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.delivery.pending,
    ),
    NodeBinarySensorDescription(
        key="silent",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.silent,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities(
            [NodeBinarySensor(node, description) for description in BINARY_SENSORS],
            config_subentry_id=node.subentry_id,
        )


class NodeBinarySensor(NodeEntity, BinarySensorEntity):
    """Something that is so or is not, also while the node is silent."""

    _of_the_node = False
    entity_description: NodeBinarySensorDescription

    def __init__(
        self, node: BatteryNode, description: NodeBinarySensorDescription
    ) -> None:
        """Look at one fact."""
        super().__init__(node, description.key)
        self.entity_description = description

    @property
    @override
    def is_on(self) -> bool:
        """Whether it is so."""
        return self.entity_description.value_fn(self.node)
