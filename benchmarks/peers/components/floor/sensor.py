"""Sensors, one of them for light."""

from typing import override

from homeassistant.components.sensor import SensorEntity, SensorStateClass
from homeassistant.const import Platform, UnitOfRatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import FloorEntity, FloorEntry


async def async_setup_entry(
    hass: HomeAssistant,
    entry: FloorEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Store the function that adds the entities."""
    entry.runtime_data.adds(Platform.SENSOR, async_add_entities, FloorSensor)


class FloorSensor(FloorEntity, SensorEntity):
    """A sensor."""

    _attr_native_unit_of_measurement = UnitOfRatio.PERCENTAGE
    _attr_state_class = SensorStateClass.MEASUREMENT

    @override
    def write(self, value: int) -> None:
        """Write a value."""
        self._attr_native_value = value
        self.async_write_ha_state()
