"""Differences of temperatures and rates of rise, in the unit of the house.

Home Assistant converts temperatures by itself, but not these.
"""

from typing import Final, NamedTuple, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant

KELVIN: Final = UnitOfTemperature.KELVIN
KELVIN_PER_MINUTE: Final = "K/min"


class Unit(NamedTuple):
    """A unit, and how many of it are one of those that the rules reckon in."""

    name: str | None
    scale: float


_FAHRENHEIT: Final[dict[str | None, Unit]] = {
    KELVIN: Unit(UnitOfTemperature.FAHRENHEIT, 1.8),
    KELVIN_PER_MINUTE: Unit("°F/min", 1.8),
}


def house_unit(hass: HomeAssistant, unit: str | None) -> Unit:
    """Return what values in K, K/min, or any other unit are told in."""
    celsius = hass.config.units.temperature_unit == UnitOfTemperature.CELSIUS
    own = Unit(unit, 1.0)
    return own if celsius else _FAHRENHEIT.get(unit, own)


class DegreesSensor(SensorEntity):
    """A sensor that may be one of a difference in K."""

    @property
    @override
    def suggested_unit_of_measurement(self) -> str | None:
        """The unit of the house."""
        if self.device_class is SensorDeviceClass.TEMPERATURE_DELTA:
            return house_unit(self.hass, KELVIN).name
        return super().suggested_unit_of_measurement
