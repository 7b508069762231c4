"""Tests of the class attributes that replace properties cached by Home Assistant."""

from typing import Any

from propcache.api import cached_property
import pytest

from custom_components.esp32_sensors.entity import BoardEntity
from custom_components.esp32_sensors.sensor import Light
from custom_components.esp32_sensors.uncached import UncachedEntity, UncachedSensor
from homeassistant.components.sensor import SensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_component import DATA_INSTANCES

from .conftest import FakeBoard

ENTITY = [name for name in vars(UncachedEntity) if not name.startswith("__")]
SENSOR = [name for name in vars(UncachedSensor) if not name.startswith("__")]
DIFFERENT = {"has_entity_name": True, "should_poll": False}
"""Values that are not the default of Home Assistant."""


@pytest.mark.parametrize(
    ("replaced", "name"),
    [
        *((Entity, name) for name in ENTITY),
        *((SensorEntity, name) for name in SENSOR),
    ],
)
def test_property_is_still_cached(replaced: type[Entity], name: str) -> None:
    """Home Assistant has each property, and caches it: otherwise the class attribute is useless."""
    assert isinstance(vars(replaced)[name], cached_property)


@pytest.mark.parametrize(
    ("replaced", "uncached", "name"),
    [
        *((Entity, UncachedEntity, name) for name in ENTITY),
        *((SensorEntity, UncachedSensor, name) for name in SENSOR),
    ],
)
def test_value_is_the_default(
    replaced: type[Entity], uncached: type, name: str
) -> None:
    """The value is the default of Home Assistant, except for two."""
    default: Any = vars(replaced)[name].func(replaced())
    value = vars(uncached)[name]
    assert value == DIFFERENT.get(name, default)
    assert (value == default) is (name not in DIFFERENT)


async def test_no_unit_is_translated(hass: HomeAssistant, online: FakeBoard) -> None:
    """Home Assistant's own property leads to no translation of the unit of a board's sensor."""
    name = "_unit_of_measurement_translation_key"
    (light,) = [
        entity
        for component in hass.data[DATA_INSTANCES].values()
        for entity in component.entities
        if isinstance(entity, Light)
    ]
    key = vars(Entity)[name].func(light)
    assert key == "component.esp32_sensors.entity.sensor.light.unit_of_measurement"
    assert key not in light.platform_data.default_language_platform_translations
    assert getattr(light, name) is None


async def test_number_of_attributes(hass: HomeAssistant, board: FakeBoard) -> None:
    """CPython gives an object of more than thirty attributes a dictionary of 1.5 kB (docs/performance.md)."""
    await board.join()
    await board.start()
    await board.led(1)
    await board.button(1)
    await board.light(58)

    attributes = {
        entity.entity_id: len(vars(entity))
        for component in hass.data[DATA_INSTANCES].values()
        for entity in component.entities
        if isinstance(entity, BoardEntity)
    }

    assert len(attributes) >= 7
    assert max(attributes.values()) < 30, attributes
