"""Sensors: what the node measured."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .battery_node import BatteryNode
from .coordinator import BatteryThermalConfigEntry
from .entity import NodeEntity

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NodeSensorDescription(SensorEntityDescription):
    """A sensor and where its value is in the record."""

    value_fn: Callable[[BatteryNode], StateType]


def _temperature(
    key: str, value_fn: Callable[[BatteryNode], StateType], precision: int = 1
) -> NodeSensorDescription:
    return NodeSensorDescription(
        key=key,
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=precision,
        value_fn=value_fn,
    )


SENSORS = (
    _temperature("ambient", lambda node: node.ambient, precision=0),
    _temperature(
        "maximum", lambda node: node.measured.maximum if node.measured else None
    ),
    _temperature(
        "minimum", lambda node: node.measured.minimum if node.measured else None
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities(
            [NodeSensor(node, description) for description in SENSORS],
            config_subentry_id=node.subentry_id,
        )


class NodeSensor(NodeEntity, SensorEntity):
    """A sensor of a node."""

    entity_description: NodeSensorDescription

    def __init__(self, node: BatteryNode, description: NodeSensorDescription) -> None:
        """Look at one value."""
        super().__init__(node, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> StateType:
        """The value in the record."""
        return self.entity_description.value_fn(self.node)
