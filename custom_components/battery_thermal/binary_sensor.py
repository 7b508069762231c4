"""Binary sensors: pending settings, silence, alarms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alarm_values import alarm_values
from .area_alarm import area_alarms
from .cell_drift import drift_attributes
from .device.battery_node import BatteryNode
from .entity import KeyedEntity
from .hub import BatteryThermalConfigEntry
from .thermal.alarm_kinds import LOG_KIND_OF, LogKind
from .thermal.watch import AlarmKind

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NodeBinarySensorDescription(BinarySensorEntityDescription):
    """Describe a binary sensor: the alarm that it shows, or where its value is.

    `attributes_fn`: returns its attributes. `logged`: its kind in the alarm log, where
    `alarm` does not determine it. `needs_node`: it is unavailable while the node is silent.
    `limit`: it exists only where areas have this limit above the median of their kind,
    `of_cells`: where there are cells.
    """

    value_fn: Callable[[BatteryNode], bool | None] | None = None
    alarm: AlarmKind | None = None
    attributes_fn: Callable[[BatteryNode], dict[str, Any]] | None = None
    logged: LogKind | None = None
    needs_node: bool = False
    limit: str | None = None
    of_cells: bool = False


BINARY_SENSORS = (
    NodeBinarySensorDescription(
        key="pending",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.record.delivery.pending,
    ),
    NodeBinarySensorDescription(
        key="silent",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.record.presence.silent,
        logged=LogKind.SILENT,
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
        alarm=AlarmKind.OVER_THRESHOLD,
        needs_node=True,
    ),
    NodeBinarySensorDescription(
        key="unseen_heat",
        device_class=BinarySensorDeviceClass.HEAT,
        alarm=AlarmKind.UNSEEN_HEAT,
        needs_node=True,
    ),
    NodeBinarySensorDescription(
        key="imbalance_warning",
        device_class=BinarySensorDeviceClass.PROBLEM,
        alarm=AlarmKind.IMBALANCE_WARNING,
        needs_node=True,
        limit="warning",
    ),
    NodeBinarySensorDescription(
        key="imbalance_alarm",
        device_class=BinarySensorDeviceClass.PROBLEM,
        alarm=AlarmKind.IMBALANCE_ALARM,
        needs_node=True,
        limit="alarm",
    ),
    NodeBinarySensorDescription(
        key="area_limit",
        device_class=BinarySensorDeviceClass.HEAT,
        alarm=AlarmKind.AREA_LIMIT,
        needs_node=True,
    ),
    NodeBinarySensorDescription(
        key="rise_warning",
        device_class=BinarySensorDeviceClass.PROBLEM,
        alarm=AlarmKind.RISE_WARNING,
        needs_node=True,
    ),
    NodeBinarySensorDescription(
        key="rise_alarm",
        device_class=BinarySensorDeviceClass.PROBLEM,
        alarm=AlarmKind.RISE_ALARM,
        needs_node=True,
    ),
    # What takes days does not end because the node is silent for an hour.
    NodeBinarySensorDescription(
        key="drift",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda node: node.record.images.drift.active,
        attributes_fn=drift_attributes,
        of_cells=True,
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
                if _exists(description, node)
            ],
            config_subentry_id=node.subentry_id,
        )
        async_add_entities(area_alarms(node), config_subentry_id=node.subentry_id)


def _exists(description: NodeBinarySensorDescription, node: BatteryNode) -> bool:
    """Return whether a node has a binary sensor, with the areas that it has."""
    options = node.config.options
    if description.alarm is AlarmKind.AREA_LIMIT:
        return options.has_area_limit
    if description.of_cells:
        return bool(options.cells)
    return description.limit is None or options.has_deviation_limit(description.limit)


class NodeBinarySensor(KeyedEntity, BinarySensorEntity):
    """Binary sensor of a node."""

    entity_description: NodeBinarySensorDescription

    def __init__(
        self, node: BatteryNode, description: NodeBinarySensorDescription
    ) -> None:
        """Initialize the binary sensor."""
        super().__init__(node, description.key)
        self.entity_description = description
        self._needs_node = description.needs_node

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the alarm is raised, or the value in the record."""
        if (kind := self.entity_description.alarm) is not None:
            return self.node.record.watch.active(kind)
        assert self.entity_description.value_fn is not None
        return self.entity_description.value_fn(self.node)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What it is about, whether acknowledged, whether it may be wrong; or which cells drift."""
        if self.entity_description.attributes_fn:
            return self.entity_description.attributes_fn(self.node)
        kind = self.entity_description.alarm
        logged = self.entity_description.logged if kind is None else LOG_KIND_OF[kind]
        if not self.is_on or logged is None:
            return {}
        alarm = self.node.record.images.journal.find(logged)
        attributes: dict[str, Any] = {
            "acknowledged": alarm is not None and alarm.acknowledged,
            "alarm": alarm and alarm.alarm_id,
        }
        attributes |= alarm_values(self.hass, alarm) if alarm else {}
        if kind is not None and not self.node.record.watch.is_certain(kind):
            attributes["certain"] = False
        return attributes

    @override
    def _state_inputs(self) -> object:
        return self.is_on, self.extra_state_attributes
