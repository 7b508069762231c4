"""Binary sensors of the alarms of single areas."""

from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass

from .device.battery_node import BatteryNode
from .entity import NodeEntity
from .model.area import COMPARED, Area
from .thermal.area_alarms import AreaLevel


def area_alarms(node: BatteryNode) -> list[AreaAlarm]:
    """Return the binary sensors of the areas that have limits."""
    return [
        AreaAlarm(node, area)
        for area in node.config.options.counted_areas
        if area.has_limits or area.kind in COMPARED
    ]


class AreaAlarm(NodeEntity, BinarySensorEntity):
    """Whether an area is over a limit, its own or one of the node."""

    _attr_device_class = BinarySensorDeviceClass.HEAT

    def __init__(self, node: BatteryNode, area: Area) -> None:
        """Initialize for an area: enabled where the owner has set limits for it."""
        super().__init__(node, "area_alarm")
        self._attr_unique_id = f"{self.unique_id}_{area.key}"
        self._attr_translation_placeholders = {"area": area.name}
        self._attr_entity_registry_enabled_default = area.has_limits
        self._key = area.key

    @property
    def _level(self) -> AreaLevel | None:
        return self.node.record.watch.area_alarms.level(self._key)

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether a warning or an alarm is raised."""
        return None if self._level is None else self._level is not AreaLevel.NONE

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return how bad it is, and whether the true value may be below the limit."""
        attributes: dict[str, Any] = {"level": self._level}
        if not self.node.record.watch.area_alarms.is_certain(self._key):
            attributes["certain"] = False
        return attributes

    @override
    def _state_inputs(self) -> object:
        return self.is_on, self.extra_state_attributes
