"""Two boards for the tests of actions."""

import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from tests.esp32_sensors.conftest import FakeBoard


@pytest.fixture
async def boards(
    hass: HomeAssistant, network: ConfigEntry, mqtt_mock: MqttMockHAClient
) -> list[FakeBoard]:
    """Return two boards that are online."""
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{n}") for n in (1, 2)]
    for board in boards:
        await board.join()
        await board.start()
        await board.led(0)
    return boards
