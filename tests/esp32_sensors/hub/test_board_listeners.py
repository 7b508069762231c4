"""Tests of the announcement of boards."""

from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.core.boards import Board
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from tests.esp32_sensors.conftest import MAC, FakeBoard

OTHER_MAC = "AA:00:00:00:00:01"


async def test_listen(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """A listener gets all boards at once, new ones together, and nothing afterwards."""
    calls: list[list[str]] = []

    def listener(boards: list[Board]) -> None:
        calls.append([board.mac for board in boards])

    unsubscribe = network.runtime_data.boards.async_listen(listener)
    assert calls == [[MAC]]
    await FakeBoard(hass, mqtt_mock, OTHER_MAC).join()
    assert calls == [[MAC], [OTHER_MAC]]
    unsubscribe()
    await FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:02").join()
    assert len(calls) == 2


async def test_pause(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> None:
    """Boards that join in a pause are announced when it ends."""
    boards = network.runtime_data.boards
    calls: list[list[Board]] = []
    boards.async_listen(calls.append)
    boards.paused = True
    await FakeBoard(hass, mqtt_mock).join()
    assert calls == [[]]
    boards.async_resume()
    assert [board.mac for board in calls[1]] == [MAC]
