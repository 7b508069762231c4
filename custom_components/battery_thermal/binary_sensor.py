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
from .thermal.watch import AlarmKind

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NodeBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor and where its value is in the record."""

    value_fn: Callable[[BatteryNode], bool | None]
    of_the_node: bool = False
    of_cells: bool = False


def _alarm(kind: AlarmKind) -> Callable[[BatteryNode], bool | None]:
    return lambda node: node.watch.active(kind)


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
    NodeBinarySensorDescription(
        key="image_too_old",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.image_too_old,
    ),
    NodeBinarySensorDescription(
        key="over_threshold",
        device_class=BinarySensorDeviceClass.HEAT,
        value_fn=_alarm(AlarmKind.OVER_THRESHOLD),
        of_the_node=True,
    ),
    NodeBinarySensorDescription(
        key="imbalance_warning",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=_alarm(AlarmKind.IMBALANCE_WARNING),
        of_the_node=True,
        of_cells=True,
    ),
    NodeBinarySensorDescription(
        key="imbalance_alarm",
        device_class=BinarySensorDeviceClass.HEAT,
        value_fn=_alarm(AlarmKind.IMBALANCE_ALARM),
        of_the_node=True,
        of_cells=True,
    ),
    NodeBinarySensorDescription(
        key="rise_warning",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=_alarm(AlarmKind.RISE_WARNING),
        of_the_node=True,
    ),
    NodeBinarySensorDescription(
        key="rise_alarm",
        device_class=BinarySensorDeviceClass.HEAT,
        value_fn=_alarm(AlarmKind.RISE_ALARM),
        of_the_node=True,
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
            [
                NodeBinarySensor(node, description)
                for description in BINARY_SENSORS
                if node.options.cells or not description.of_cells
            ],
            config_subentry_id=node.subentry_id,
        )


class NodeBinarySensor(NodeEntity, BinarySensorEntity):
    """Something that is so or is not; some of it also while the node is silent."""

    entity_description: NodeBinarySensorDescription

    def __init__(
        self, node: BatteryNode, description: NodeBinarySensorDescription
    ) -> None:
        """Look at one fact."""
        super().__init__(node, description.key)
        self.entity_description = description
        self._of_the_node = description.of_the_node

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is so."""
        return self.entity_description.value_fn(self.node)

    @override
    def _shown(self) -> object:
        return self.is_on
