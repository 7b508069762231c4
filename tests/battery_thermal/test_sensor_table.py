"""Tests of the table of the sensors: what each reads from a node's record."""

from typing import Any

import pytest

from custom_components.battery_thermal.sensor_table import (
    SENSORS,
    NodeSensorDescription,
    rise_sensor,
)
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.core import HomeAssistant
from homeassistant.util.unit_system import METRIC_SYSTEM, US_CUSTOMARY_SYSTEM

from .world import World

TABLE = {description.key: description for description in SENSORS}


def value(world: World, key: str) -> Any:
    """Return the value that a sensor reads."""
    return TABLE[key].value_fn(world.battery_node)


def attributes(world: World, key: str) -> dict[str, Any]:
    """Return the attributes that a sensor reads."""
    return TABLE[key].attributes_fn(world.battery_node)


def test_keys() -> None:
    """A key is used once: it is part of the entity's unique id."""
    assert len(TABLE) == len(SENSORS)


@pytest.mark.parametrize("description", SENSORS, ids=lambda one: one.key)
def test_units_and_options(description: NodeSensorDescription) -> None:
    """Only sensors of texts have options, and only measurements have a state class."""
    is_enum = description.device_class is SensorDeviceClass.ENUM
    assert bool(description.options) is is_enum
    if description.native_unit_of_measurement:
        assert description.state_class
    if is_enum or description.device_class is SensorDeviceClass.TIMESTAMP:
        assert not description.state_class


@pytest.mark.parametrize(
    "key",
    [
        *("ambient", "maximum", "minimum", "mean", "spread", "over_ambient"),
        *("rssi", "snr", "gateways", "spreading_factor"),
        "last_uplink",
    ],
)
async def test_before_the_first_message(world: World, key: str) -> None:
    """A value that no message has reported is unknown, and has no attributes."""
    assert value(world, key) is None
    assert attributes(world, key) == {}


async def test_temperatures(world: World) -> None:
    """Temperatures are those of the newest image that has ended."""
    await world.image()
    image = world.record.images.measured
    assert image is not None
    assert value(world, "maximum") == image.maximum
    assert value(world, "minimum") == image.minimum
    assert image.minimum < value(world, "mean") < image.maximum
    assert value(world, "spread") == pytest.approx(image.maximum - image.minimum)
    ambient = value(world, "ambient")
    assert value(world, "over_ambient") == pytest.approx(image.maximum - ambient)
    for key in ("maximum", "mean", "spread", "over_ambient"):
        assert attributes(world, key) == {"mode": image.mode}
    assert attributes(world, "ambient") == {}


async def test_over_ambient_without_ambient(world: World) -> None:
    """The difference is unknown while the ambient temperature is."""
    await world.image()
    world.record.images.ambient = None
    assert value(world, "over_ambient") is None


async def test_radio(world: World) -> None:
    """Radio data are those of the newest uplink."""
    world.device.spreading_factor = 9
    await world.image()
    link = world.record.traffic.link
    assert link is not None
    for key in ("rssi", "snr", "gateways", "spreading_factor"):
        assert value(world, key) == getattr(link, key)
    assert value(world, "spreading_factor") == 9
    assert value(world, "airtime") > 0
    assert value(world, "lost_lines") == 0


async def test_limits(world: World) -> None:
    """Airtime and downlinks have their limit as an attribute, None without one."""
    assert attributes(world, "airtime") == {"limit": None}
    assert attributes(world, "downlinks") == {
        "limit": world.record.delivery.budget,
    }


async def test_last_uplink(world: World) -> None:
    """The time of the last uplink is a new state only when the silence changes."""
    description = TABLE["last_uplink"]
    assert description.changes_fn is not None
    node = world.battery_node
    assert description.changes_fn(node) == (False, False)
    await world.step()
    heard = description.changes_fn(node)
    first = value(world, "last_uplink")
    await world.step()
    assert value(world, "last_uplink") > first
    assert description.changes_fn(node) == heard == (False, True)


@pytest.mark.parametrize(
    ("units", "unit", "factor"),
    [(METRIC_SYSTEM, "K/min", 1), (US_CUSTOMARY_SYSTEM, "°F/min", 1.8)],
    ids=["metric", "customary"],
)
async def test_rise(
    hass: HomeAssistant, world: World, units: Any, unit: str, factor: float
) -> None:
    """The rate of rise has the unit of Home Assistant's unit system."""
    hass.config.units = units
    sensor = rise_sensor(hass)
    assert sensor.key not in TABLE
    assert sensor.native_unit_of_measurement == unit
    node = world.battery_node
    assert sensor.value_fn(node) is None
    await world.image()
    world.model.heat((1, 1), 30)
    await world.image()
    rise = node.record.watch.rise
    assert rise
    assert sensor.value_fn(node) == pytest.approx(rise * factor)
