"""A house that reckons in °F: nothing in it is in °C."""

from io import BytesIO

import numpy as np
from PIL import Image as PillowImage
import pytest

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util.unit_system import METRIC_SYSTEM, US_CUSTOMARY_SYSTEM

from .test_init import restart
from .world import World


@pytest.fixture(autouse=True)
def house(hass: HomeAssistant) -> None:
    """Reckon in °F before anything is set up."""
    hass.config.units = US_CUSTOMARY_SYSTEM


@pytest.fixture
async def world(all_entities: None, world: World) -> World:
    """Return the world, with cells."""
    await world.configure(
        cells={"rows": 4, "columns": 3}, picture={"marks": False, "format": "png"}
    )
    return world


def number(world: World, platform: str, key: str) -> tuple[float, str]:
    """Return a state and its unit."""
    state = world.state(platform, key)
    return float(state.state), state.attributes["unit_of_measurement"]


def fahrenheit(tenths: float) -> float:
    """Return tenths of a °C in °F."""
    return tenths / 10 * 1.8 + 32


async def test_sensors(world: World) -> None:
    """Temperatures, and differences of temperatures, which are no temperatures."""
    first = await world.image()
    world.model.heat((2, 1), 30)
    second = await world.image()
    minutes = world.node.interval * 2 / 60

    maximum = pytest.approx(fahrenheit(second.maximum))
    assert number(world, "sensor", "maximum") == (maximum, "°F")
    assert number(world, "sensor", "cell_maximum_7") == (maximum, "°F")
    ambient = fahrenheit(10 * world.model.ambient(world.node.time))
    assert number(world, "sensor", "ambient") == (pytest.approx(ambient), "°F")
    spread = (second.maximum - second.minimum) / 10 * 1.8
    assert number(world, "sensor", "spread") == (pytest.approx(spread), "°F")
    deviation, unit = number(world, "sensor", "cell_deviation_7")
    assert 20 * 1.8 < deviation < 35 * 1.8
    assert unit == "°F"
    rise = (second.maximum - first.maximum) / 10 * 1.8 / minutes
    assert number(world, "sensor", "rise") == (pytest.approx(rise), "°F/min")


@pytest.mark.parametrize(
    ("key", "unit", "kelvin", "limit"),
    [
        ("imbalance_warning_limit", "°F", 5, "imbalance_warning"),
        ("imbalance_alarm_limit", "°F", 10, "imbalance_alarm"),
        ("rise_warning_limit", "°F/min", 1, "rise_warning"),
        ("rise_alarm_limit", "°F/min", 5, "rise_alarm"),
        ("alarm_hysteresis", "°F", 1, "hysteresis"),
    ],
)
async def test_limits(
    world: World, key: str, unit: str, kelvin: float, limit: str
) -> None:
    """Shown and set as the house reckons, and the same after a restart."""
    assert number(world, "number", key) == (pytest.approx(kelvin * 1.8), unit)
    await world.call("number", key, "set_value", value=21.6)
    assert getattr(world.record.watch.limits, limit) == pytest.approx(12)
    connections = world.connections
    await restart(world)
    await world.reconnected(connections)
    assert number(world, "number", key) == (pytest.approx(21.6), unit)


async def test_threshold(world: World) -> None:
    """The node knows whole °C only."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=140)
    await world.pass_time(6)
    await world.image()
    assert world.node.threshold == 60


async def test_picture(world: World) -> None:
    """The same image in °C has other numbers in it, and the same heat."""
    await world.image()
    warm = await world.record.async_picture()
    world.hass.config.units = METRIC_SYSTEM
    metric = await world.record.async_picture()
    differs = np.argwhere(pixels(warm) != pixels(metric))
    assert len(differs)
    # Of the heat, only the corners of the cells with their maxima.
    assert len(differs) < 0.1 * 480 * 640


def pixels(picture: bytes) -> np.ndarray:
    """Return the indices of a PNG."""
    return np.asarray(PillowImage.open(BytesIO(picture)))


async def test_form(world: World) -> None:
    """What is read and entered is in °F, what is kept in °C."""
    (node,) = world.entry.subentries.values()
    picture = await read_form(world, node)
    assert (picture["low"], picture["high"]) == (32, 212)
    assert picture["minimum_span"] == 9

    connections = world.connections
    result = await world.entry.start_subentry_reconfigure_flow(
        world.hass, node.subentry_id
    )
    schema = result["data_schema"].schema["picture"].schema.schema
    assert schema["high"].config["max"] == 572
    assert schema["high"].config["unit_of_measurement"] == "°F"
    result = await world.hass.config_entries.subentries.async_configure(
        result["flow_id"],
        {
            "layout": "slow_24",
            "picture": {"scale": "fixed", "low": 68, "high": 104},
            "correction": {"offset": 1.8},
        },
    )
    assert result["reason"] == "reconfigure_successful"
    await world.reconnected(connections)
    options = world.record.options
    assert options.style.low == pytest.approx(20)
    assert options.style.high == pytest.approx(40)
    assert options.correction.offset == pytest.approx(1)
    (node,) = world.entry.subentries.values()
    picture = await read_form(world, node)
    assert (picture["low"], picture["high"]) == (68, 104)


async def read_form(world: World, node: ConfigSubentry) -> dict[str, object]:
    """Return what the form of a node shows of its picture."""
    result = await world.entry.start_subentry_reconfigure_flow(
        world.hass, node.subentry_id
    )
    section = result["data_schema"].schema["picture"].schema.schema
    world.hass.config_entries.subentries.async_abort(result["flow_id"])
    return {
        str(key): (key.description or {}).get("suggested_value", key.default())
        for key in section
    }
