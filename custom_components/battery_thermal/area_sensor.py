"""Sensors of the areas of the picture, if the owner has set any."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .degrees import KELVIN, DegreesSensor, house_unit
from .device.area_options import Difference
from .device.battery_node import BatteryNode
from .device.over_range import async_over_range
from .entity import NodeEntity
from .hub import BatteryThermalConfigEntry
from .model.area import Area, AreaKind
from .thermal.areas import AreaValues

# Beginnings of the unique ids of what each area has; the key of the area follows. They
# are those that cells have had in earlier releases.
_OF_AREA: Final = (
    "cell_maximum_",
    "cell_mean_",
    "cell_deviation_",
    "cell_drift_",
    "area_alarm_",
)
_OF_DIFFERENCE: Final = "area_difference_"
# What there is once for all areas: alarms, and the limits of areas that are compared.
_IMBALANCE: Final = {"imbalance_warning": "warning", "imbalance_alarm": "alarm"}
_OF_COMPARED: Final = "imbalance_"
_OF_AREAS: Final = (*_OF_AREA, _OF_DIFFERENCE, "hottest_cell", "drift", "area_limit")


@dataclass(frozen=True, kw_only=True)
class AreaSensorDescription(SensorEntityDescription):
    """A sensor that each area has; cells have names of their own, by `key`."""

    value_fn: Callable[[AreaValues], float | None]
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    suggested_display_precision: int | None = 1


AREA_SENSORS = (
    AreaSensorDescription(
        key="cell_maximum",
        translation_key="area_maximum",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        value_fn=lambda area: area.maximum,
    ),
    AreaSensorDescription(
        key="cell_mean",
        translation_key="area_mean",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        entity_registry_enabled_default=False,
        value_fn=lambda area: area.mean,
    ),
    AreaSensorDescription(
        key="cell_deviation",
        translation_key="area_deviation",
        device_class=SensorDeviceClass.TEMPERATURE_DELTA,
        native_unit_of_measurement=UnitOfTemperature.KELVIN,
        entity_registry_enabled_default=False,
        value_fn=lambda area: area.deviation,
    ),
)


def area_sensors(node: BatteryNode) -> list[SensorEntity]:
    """Return the sensors of a node's areas, none where there are no areas."""
    options = node.config.options
    names = {area.key: area.name for area in options.areas}
    sensors: list[SensorEntity] = [
        AreaSensor(node, area, description)
        for area in options.counted_areas
        for description in AREA_SENSORS
    ]
    if cells := options.cells:
        sensors.insert(0, HottestCell(node, [cell.name for cell in cells]))
    return sensors + [
        DifferenceSensor(node, difference, names) for difference in options.differences
    ]


@callback
def async_remove_old_areas(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry, node: BatteryNode
) -> None:
    """Remove entities of areas that are no longer set."""
    options = node.config.options
    kept = {
        f"{start}{area.key}" for area in options.counted_areas for start in _OF_AREA
    } | {f"{_OF_DIFFERENCE}{one.key}" for one in options.differences}
    if options.cells:
        kept |= {"hottest_cell", "drift"}
    if options.has_area_limit:
        kept.add("area_limit")
    registry = er.async_get(hass)
    start = f"{node.subentry_id}_"
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if not entity.unique_id.startswith(start):
            continue
        key = entity.unique_id.removeprefix(start)
        if limit := _IMBALANCE.get(key):
            gone = not options.has_deviation_limit(limit)
        elif key.startswith(_OF_COMPARED):
            gone = not options.compares
        else:
            gone = key.startswith(_OF_AREAS) and key not in kept
        if gone:
            registry.async_remove(entity.entity_id)


class HottestCell(NodeEntity, SensorEntity):
    """Sensor of the name of the hottest cell."""

    _attr_device_class = SensorDeviceClass.ENUM

    def __init__(self, node: BatteryNode, names: list[str]) -> None:
        """Initialize with the names of all cells."""
        super().__init__(node, "hottest_cell")
        self._attr_options = names

    @property
    @override
    def native_value(self) -> str | None:
        """Return the name of the cell."""
        hottest = self.node.record.watch.hottest
        return hottest.name if hottest else None

    @override
    def _state_inputs(self) -> object:
        return self.native_value


class AreaSensor(NodeEntity, DegreesSensor):
    """Sensor of a temperature of an area."""

    entity_description: AreaSensorDescription

    def __init__(
        self, node: BatteryNode, area: Area, description: AreaSensorDescription
    ) -> None:
        """Initialize for an area."""
        super().__init__(node, f"{description.key}_{area.key}")
        self.entity_description = description
        if area.kind is AreaKind.CELL:
            self._attr_translation_key = description.key
            self._attr_translation_placeholders = {"cell": area.name}
        else:
            self._attr_translation_key = description.translation_key
            self._attr_translation_placeholders = {"area": area.name}
        self._key = area.key

    @property
    @override
    def native_value(self) -> float | None:
        """Return the value in the newest image that has ended."""
        if (area := self._area) is None:
            return None
        return self.entity_description.value_fn(area)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return the mode of the image, and whether all of the area was received."""
        image, area = self.node.record.images.measured, self._area
        if image is None or area is None:
            return {}
        attributes = {"mode": image.mode, "complete": area.complete}
        if area.over_range and self.entity_description.key == "cell_maximum":
            attributes["over_range"] = async_over_range(self.hass)
        if area.doubtful and self.entity_description.key == "cell_maximum":
            attributes["may_be_hotter"] = True
        if area.bound is not None:
            unit = house_unit(self.hass, KELVIN)
            attributes["bound"] = round(self._doubt(area.bound) * unit.scale, 2)
        return attributes

    def _doubt(self, bound: float) -> float:
        """Return the K within which the value is, given those of its pixels.

        A deviation is the difference of two maxima.
        """
        key = self.entity_description.key
        return 2 * bound if key == "cell_deviation" else bound

    @override
    def _state_inputs(self) -> object:
        return self.native_value, self.extra_state_attributes

    @property
    def _area(self) -> AreaValues | None:
        return find_area(self.node, self._key)


class DifferenceSensor(NodeEntity, DegreesSensor):
    """Sensor of how far an area is warmer than another one: the difference of maxima."""

    _attr_device_class = SensorDeviceClass.TEMPERATURE_DELTA
    _attr_native_unit_of_measurement = UnitOfTemperature.KELVIN
    _attr_state_class = SensorStateClass.MEASUREMENT
    _attr_suggested_display_precision = 1

    def __init__(
        self, node: BatteryNode, difference: Difference, names: dict[str, str]
    ) -> None:
        """Initialize for two areas, with the names of all by their keys."""
        super().__init__(node, "area_difference")
        self._attr_unique_id = f"{self.unique_id}_{difference.key}"
        self._attr_translation_placeholders = {
            "first": names[difference.first],
            "second": names[difference.second],
        }
        self._difference = difference

    @property
    @override
    def native_value(self) -> float | None:
        """Return the difference in the newest image that has ended.

        Unknown unless all of both areas has arrived.
        """
        both = [
            find_area(self.node, key)
            for key in (self._difference.first, self._difference.second)
        ]
        first, second = (
            area.maximum if area and area.complete else None for area in both
        )
        return None if first is None or second is None else round(first - second, 1)

    @override
    def _state_inputs(self) -> object:
        return self.native_value


def find_area(node: BatteryNode, key: str) -> AreaValues | None:
    """Return what the newest image that has ended says of an area."""
    areas = node.record.watch.areas
    return next((area for area in areas if area.area.key == key), None)
