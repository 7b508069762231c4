"""Sensors: measurements of a node, and the quality of its radio link."""

from datetime import datetime
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .area_sensor import area_sensors, async_remove_old_areas
from .cell_drift import drift_sensors
from .degrees import DegreesSensor
from .device.battery_node import BatteryNode
from .device.over_range import async_over_range
from .entity import KeyedEntity
from .hub import BatteryThermalConfigEntry
from .sensor_table import OF_EXTREMES, SENSORS, NodeSensorDescription, rise_sensor

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities(
            [
                NodeSensor(node, description)
                for description in (*SENSORS, rise_sensor(hass))
            ],
            config_subentry_id=node.subentry_id,
        )
        async_add_entities(
            area_sensors(node) + drift_sensors(node),
            config_subentry_id=node.subentry_id,
        )
        async_remove_old_areas(hass, entry, node)


class NodeSensor(KeyedEntity, DegreesSensor):
    """A sensor of a node."""

    entity_description: NodeSensorDescription
    _unrecorded_attributes = frozenset({"receptions"})

    def __init__(self, node: BatteryNode, description: NodeSensorDescription) -> None:
        """Initialize the entity of a description."""
        super().__init__(node, description.key)
        self.entity_description = description
        self._needs_node = description.needs_node

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return the value in the record."""
        return self.entity_description.value_fn(self.node)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return the attributes of the description, and what is not known of an extreme."""
        attributes = self.entity_description.attributes_fn(self.node)
        image = self.node.record.images.extremes
        key = self.entity_description.key
        if image is None or key not in OF_EXTREMES:
            return attributes
        if not image.knows_extremes:
            attributes["complete"] = False
        if key == "maximum" and image.is_over_range:
            attributes["over_range"] = async_over_range(self.hass)
        if key == "maximum" and image.hides_heat:
            attributes["may_be_hotter"] = True
        return attributes

    @override
    def _state_inputs(self) -> object:
        if self.entity_description.changes_fn:
            return self.entity_description.changes_fn(self.node)
        return self.native_value, self.extra_state_attributes
