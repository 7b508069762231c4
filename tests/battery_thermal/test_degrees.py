"""Tests with the US customary unit system: every temperature is in °F."""

from io import BytesIO

import numpy as np
from PIL import Image as PillowImage
import pytest

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util.unit_system import METRIC_SYSTEM, US_CUSTOMARY_SYSTEM

from .common import DOMAIN, fields_of, open_options, until
from .test_init import restart
from .world import World


@pytest.fixture(autouse=True)
def house(hass: HomeAssistant) -> None:
    """Select the unit system before anything is set up."""
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
    """Temperatures are converted with an offset, differences of temperatures without."""
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


async def test_another_unit_system(world: World) -> None:
    """All units follow it at once, also those that Home Assistant does not convert."""
    await world.image()
    world.model.heat((2, 1), 30)
    await world.image()
    rise, unit = number(world, "sensor", "rise")
    warning, limit_unit = number(world, "number", "rise_warning_limit")
    assert (unit, limit_unit) == ("°F/min", "°F/min")
    connections = world.connections
    await world.hass.config.async_update(time_zone="Europe/Paris")
    await world.hass.async_block_till_done()
    assert world.connections == connections
    await world.hass.config.async_update(unit_system="metric")
    await world.reconnected(connections)
    now, unit = number(world, "number", "rise_warning_limit")
    assert (now, unit) == (pytest.approx(warning / 1.8), "K/min")
    await world.image()
    await world.image()
    now, unit = number(world, "sensor", "rise")
    assert unit == "K/min"
    assert abs(now) < abs(rise)


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
    """Limits are shown and set in °F, and unchanged by a restart."""
    assert number(world, "number", key) == (pytest.approx(kelvin * 1.8), unit)
    await world.call("number", key, "set_value", value=21.6)
    assert getattr(world.record.watch.limits, limit) == pytest.approx(12)
    connections = world.connections
    await restart(world)
    await world.reconnected(connections)
    assert number(world, "number", key) == (pytest.approx(21.6), unit)


async def test_threshold(world: World) -> None:
    """A threshold in °F is rounded to whole °C, which the node uses."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=140)
    await world.pass_time(6)
    await world.image()
    assert world.node.threshold == 60


async def test_attributes(world: World) -> None:
    """Attributes with wanted values have the unit of the state."""
    await world.image()
    await world.call("number", "threshold", "set_value", value=140)
    await world.call("number", "mode_number", "set_value", value=1)
    assert world.state("number", "threshold").attributes["wanted"] == 140
    assert world.state("number", "mode_number").attributes["wanted"] == 1
    await world.pass_time(6)
    await until(lambda: world.device.queue)
    happened = world.state("event", "downlink").attributes
    assert happened["event_type"] == "queued"
    assert (happened["threshold"], happened["mode"]) == (140, "fast")

    entity_id = world.entity_id("number", "threshold")
    er.async_get(world.hass).async_update_entity_options(
        entity_id, "number", {"unit_of_measurement": "°C"}
    )
    await world.hass.async_block_till_done()
    attributes = world.state("number", "threshold").attributes
    assert (attributes["wanted"], attributes["unit_of_measurement"]) == (60, "°C")


async def test_action(world: World) -> None:
    """Actions take and return °C, as documented."""
    await world.image()
    (subentry,) = world.entry.subentries
    device = dr.async_get(world.hass).async_get_device_by_identifier(
        (DOMAIN, subentry), world.entry.entry_id
    )
    assert device
    answer = await world.hass.services.async_call(
        DOMAIN,
        "request_settings",
        {"device_id": device.id, "threshold": 60},
        blocking=True,
        return_response=True,
    )
    assert answer
    assert answer["threshold"] == 60
    await world.image()
    assert world.node.threshold == 60


async def test_picture(world: World) -> None:
    """A picture in °F has other numbers and the same colours."""
    await world.image()
    warm = await world.battery_node.pictures.async_get_picture()
    world.hass.config.units = METRIC_SYSTEM
    metric = await world.battery_node.pictures.async_get_picture()
    differs = np.argwhere(pixels(warm) != pixels(metric))
    assert len(differs)
    # Apart from the scale, only the numbers in the cells differ.
    assert len(differs) < 0.1 * 480 * 640


def pixels(picture: bytes) -> np.ndarray:
    """Return the indices of a PNG."""
    return np.asarray(PillowImage.open(BytesIO(picture)))


async def test_form(world: World) -> None:
    """Forms are in °F, stored values in °C."""
    (node,) = world.entry.subentries.values()
    picture = await read_form(world, node)
    assert (picture["low"], picture["high"]) == (32, 212)
    assert picture["minimum_span"] == 9

    connections = world.connections
    result = await open_options(world.hass, world.entry, node.subentry_id)
    schema = fields_of(result)["picture"].schema.schema
    assert schema["high"].config["max"] == 572
    assert schema["high"].config["unit_of_measurement"] == "°F"
    result = await world.hass.config_entries.subentries.async_configure(
        result["flow_id"],
        {
            "radio": {"layout": "slow_24"},
            "picture": {"scale": "fixed", "low": 68, "high": 104},
            "correction": {"offset": 1.8},
        },
    )
    assert result["reason"] == "reconfigure_successful"
    await world.reconnected(connections)
    options = world.record.config.options
    assert options.style.low == pytest.approx(20)
    assert options.style.high == pytest.approx(40)
    assert options.correction.offset == pytest.approx(1)
    (node,) = world.entry.subentries.values()
    picture = await read_form(world, node)
    assert (picture["low"], picture["high"]) == (68, 104)


async def read_form(world: World, node: ConfigSubentry) -> dict[str, object]:
    """Return the suggested values of the picture section."""
    result = await open_options(world.hass, world.entry, node.subentry_id)
    section = fields_of(result)["picture"].schema.schema
    world.hass.config_entries.subentries.async_abort(result["flow_id"])
    return {
        str(key): (key.description or {}).get("suggested_value", key.default())
        for key in section
    }


async def test_threshold_by_steps(world: World) -> None:
    """Its state is exact, so that one °F more or less is another threshold."""
    await world.image()
    threshold = 100.4
    for step, celsius in ((0, 38), (1, 39), (-1, 38), (-1, 37)):
        await world.call("number", "threshold", "set_value", value=threshold + step)
        for _ in range(3):
            await world.image()
        assert world.record.threshold == celsius
        threshold, unit = number(world, "number", "threshold")
        assert (threshold, unit) == (pytest.approx(fahrenheit(10 * celsius)), "°F")
