"""Tests of the blueprint that sends a daily digest with the hottest image."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.util import dt as dt_util
from tests.battery_thermal.world import World
from tests.blueprints.common import use_blueprint
from tests.blueprints.phone import Phone

PATH = "automation/battery_thermal/daily_digest.yaml"


async def evening(world: World, phone: Phone, **inputs: Any) -> None:
    """Use the blueprint, and let a day pass until the automation has run."""
    at = f"{dt_util.as_local(world.now + timedelta(seconds=60)):%H:%M:%S}"
    automation = await use_blueprint(
        world.hass,
        PATH,
        node=world.registered_device.id,
        phone=phone.device_id,
        at=at,
        **inputs,
    )
    await world.pass_time(61)
    state = world.hass.states.get(automation)
    assert state
    assert state.attributes["last_triggered"]
    # Otherwise it would run tomorrow.
    await world.hass.services.async_call(
        "automation", "turn_off", {"entity_id": automation}, blocking=True
    )


@pytest.mark.parametrize(("unit", "least"), [("°C", 50), ("°F", 122)])
async def test_hottest_of_the_day(
    world: World,
    phone: Phone,
    hass_client: ClientSessionGenerator,
    unit: str,
    least: float,
) -> None:
    """The hottest image of the time span is sent as a picture and as numbers."""
    world.model.heat((1, 1), 80)
    await world.image()
    await world.pass_time(600)
    for kelvin in (0, 40, 10):
        world.model.heat((1, 1), kelvin)
        image = await world.image()
        if kelvin == 40:
            hottest = image
    await evening(
        world,
        phone,
        unit=unit,
        values=[world.entity_id("sensor", "ambient")],
        span={"minutes": 10},
    )

    maximum = hottest.maximum / 10
    shown = maximum if unit == "°C" else round(maximum * 1.8 + 32, 1)
    assert shown > least
    assert phone.notification["title"] == "Garage: the day"
    assert f": {shown} {unit}." in phone.notification["message"]
    assert "Ambient temperature: " in phone.notification["message"]
    client = await hass_client()
    picture = await client.get(phone.notification["data"]["image"])
    assert picture.status == 200


async def test_without_an_image(world: World, phone: Phone) -> None:
    """A day without an image is reported too."""
    await evening(world, phone)
    assert phone.notification["message"] == "There was no image."
    assert "image" not in phone.notification["data"]
