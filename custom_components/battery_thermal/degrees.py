"""Differences of temperatures and rates of rise, in the unit system of Home Assistant.

Home Assistant converts temperatures by itself, but not these.
"""

from typing import Final, NamedTuple, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant

from .thermal.alarm_kinds import Quantity

KELVIN: Final = UnitOfTemperature.KELVIN
KELVIN_PER_MINUTE: Final = "K/min"


class Unit(NamedTuple):
    """A unit, and its factor from the unit that the rules calculate in."""

    name: str | None
    scale: float


_FAHRENHEIT: Final[dict[str | None, Unit]] = {
    KELVIN: Unit(UnitOfTemperature.FAHRENHEIT, 1.8),
    KELVIN_PER_MINUTE: Unit("°F/min", 1.8),
}


def house_unit(hass: HomeAssistant, unit: str | None) -> Unit:
    """Return the unit in which values in K, K/min or any other unit are shown."""
    celsius = hass.config.units.temperature_unit == UnitOfTemperature.CELSIUS
    own = Unit(unit, 1.0)
    return own if celsius else _FAHRENHEIT.get(unit, own)


def house_temperature(hass: HomeAssistant, celsius: float) -> float:
    """Return a temperature in °C in the unit of Home Assistant, to a tenth.

    For attributes, which Home Assistant does not convert.
    """
    unit = hass.config.units.temperature_unit
    if unit == UnitOfTemperature.CELSIUS:
        return celsius
    fahrenheit = hass.config.units.temperature(celsius, UnitOfTemperature.CELSIUS)
    return round(fahrenheit, 1)


def house_value(
    hass: HomeAssistant, quantity: Quantity | None, value: float | None
) -> tuple[float | None, str | None]:
    """Return the value of an alarm in the unit of Home Assistant, and the unit.

    `value` is in the unit of the quantity: °C, K or K/min.
    """
    if value is None or quantity is None:
        return None, None
    if quantity is Quantity.TEMPERATURE:
        return house_temperature(hass, value), hass.config.units.temperature_unit
    unit = house_unit(
        hass, KELVIN if quantity is Quantity.DIFFERENCE else KELVIN_PER_MINUTE
    )
    return round(value * unit.scale, 2), unit.name


class DegreesSensor(SensorEntity):
    """A sensor that may measure a difference, stored in K."""

    @property
    @override
    def suggested_unit_of_measurement(self) -> str | None:
        """Return the unit of Home Assistant's unit system."""
        if self.device_class is SensorDeviceClass.TEMPERATURE_DELTA:
            return house_unit(self.hass, KELVIN).name
        return super().suggested_unit_of_measurement
