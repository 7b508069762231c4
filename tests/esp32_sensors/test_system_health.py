"""Tests of the system information."""

from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .conftest import FakeBoard, SetUp


async def test_system_health(
    hass: HomeAssistant, set_up: SetUp, online: FakeBoard
) -> None:
    """The information is the sum over all networks."""
    await set_up("user/")
    await online.light(101)
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    assert await get_system_health_info(hass, DOMAIN) == {
        "networks": 2,
        "boards_known": 1,
        "boards_online": 1,
        "messages_discarded": 1,
    }
