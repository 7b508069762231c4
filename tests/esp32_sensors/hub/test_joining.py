"""Tests of the permission for all boards to join."""

from datetime import datetime
import time
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import DOMAIN, PERMIT_JOINING
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.esp32_sensors.conftest import FakeBoard, SetUp, later


async def test_permit_joining(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
) -> None:
    """The button admits all boards for some minutes, and a sensor shows until when."""
    entry = await set_up(admission="closed")
    entities = er.async_get(hass)
    button = entities.async_get_entity_id(
        "button", DOMAIN, f"{entry.entry_id}_permit_joining"
    )
    until = entities.async_get_entity_id(
        "sensor", DOMAIN, f"{entry.entry_id}_joining_until"
    )
    assert until is not None
    shown = hass.states.get(until)
    assert shown is not None
    assert shown.state == "unknown"
    await hass.services.async_call(
        "button", "press", {"entity_id": button}, blocking=True
    )
    shown = hass.states.get(until)
    assert shown is not None
    assert shown.state > freezer().isoformat()
    await later(hass, freezer, 250)
    first = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await first.join()
    assert first.name == "capteur01"
    await later(hass, freezer, 5)
    shown = hass.states.get(until)
    assert shown is not None
    assert shown.state == "unknown"
    second = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:02")
    await second.join()
    assert second.name == ""


jumps = pytest.mark.parametrize(
    "jump", [-86_400, -3600, -10, 10, 3600, 86_400], ids="{:+d}s".format
)


@jumps
async def test_joining_permitted_until(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, jump: int
) -> None:
    """Joining is permitted for the promised time, and the sensor follows a clock that is set."""
    entry = await set_up(admission="closed")
    network = entry.runtime_data
    until = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{entry.entry_id}_joining_until"
    )
    assert until is not None
    network.async_permit_joining()
    await later(hass, freezer, 100)
    with patch(
        "custom_components.esp32_sensors.hub.clock.time", lambda: time.time() + jump
    ):
        await later(hass, freezer, 1)
        shown = hass.states.get(until)
        assert shown is not None
        rest = datetime.fromisoformat(shown.state).timestamp() - time.time() - jump
        assert rest == pytest.approx(PERMIT_JOINING - 101, abs=1)
        await later(hass, freezer, PERMIT_JOINING - 103)
        assert network.joining.until is not None
        await later(hass, freezer, 3)
        assert network.joining.until is None
        shown = hass.states.get(until)
        assert shown is not None
        assert shown.state == "unknown"
