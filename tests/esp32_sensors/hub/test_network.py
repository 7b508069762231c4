"""Tests of a network over restarts."""

from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import (
    MqttMockHAClient,
    WebSocketGenerator,
)

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.core.readings import LIGHT
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.esp32_sensors.conftest import MAC, FakeBoard, later, restart

OFFLINE = {
    "online": "off",
    "led": "unavailable",
    "button": "unavailable",
    "light": "unavailable",
}


async def switch(hass: HomeAssistant, board: FakeBoard, service: str) -> None:
    """Switch the LED with the action of the switch."""
    await hass.services.async_call(
        "switch",
        service,
        {"entity_id": board.entity_id("switch", "led")},
        blocking=True,
    )


@pytest.mark.rule("S-02", "S-04", "S-23")
async def test_restart(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    mqtt_mock: MqttMockHAClient,
) -> None:
    """Boards continue their sessions after a restart; without a message they are offline."""
    quiet = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await quiet.join()
    await quiet.start()
    await online.led(1)
    for value in range(12):
        await online.light(value)
    await restart(hass, network)
    assert online.states == quiet.states == OFFLINE
    await online.button(1)
    assert online.states == {"online": "on", "led": "on", "button": "on", "light": "11"}
    assert quiet.states == OFFLINE
    old = quiet.credentials
    await quiet.join()
    assert (quiet.name, quiet.credentials > old) == ("capteur02", True)
    new = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:02")
    await new.join()
    assert new.name == "capteur03"
    record = network.runtime_data.registry.boards[MAC]
    assert [value for _, value in record.readings[LIGHT.index]] == list(range(2, 12))


@pytest.mark.rule("S-05")
async def test_kill(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    hass_storage: dict[str, Any],
) -> None:
    """Sessions are on the disk before they are sent, values within seconds."""
    sessions = f"{DOMAIN}.{network.entry_id}.sessions"
    values = f"{DOMAIN}.{network.entry_id}.values"
    assert (
        hass_storage[sessions]["data"]["boards"][0]["session_id"] == online.session_id
    )
    assert values not in hass_storage
    await later(hass, freezer, 11)
    assert hass_storage[values]["data"][MAC]["led"] is False
    await online.light(99)
    await later(hass, freezer, 11)
    assert hass_storage[values]["data"][MAC]["light"] == 50
    await online.light(99)
    await later(hass, freezer, 50)
    assert hass_storage[values]["data"][MAC]["light"] == 99
    await online.light(98)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert hass_storage[values]["data"][MAC]["light"] == 98


async def test_file_of_sessions_is_lost(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_storage: dict[str, Any],
) -> None:
    """Without the file of names and sessions a board keeps its name, device and entities."""
    await network.runtime_data.management.async_rename(
        network.runtime_data.registry.boards[MAC], "Hall"
    )
    await online.join()
    await online.start()
    device, light = online.device, online.entity_id("sensor", "light")
    assert device.name == "Hall"
    await hass.config_entries.async_unload(network.entry_id)
    del hass_storage[f"{DOMAIN}.{network.entry_id}.sessions"]
    await hass.config_entries.async_setup(network.entry_id)
    await hass.async_block_till_done()
    # It goes on with its session, which is unknown now, until it joins.
    await online.light(50)
    other = FakeBoard(hass, online.mqtt, "61:EC:ED:3B:25:B7")
    for board, name in (other, "capteur01"), (online, "Hall"):
        await board.join()
        await board.start()
        assert board.name == name
    await online.light(51)
    assert online.device.id == device.id
    assert online.device.name == "Hall"
    assert online.entity_id("sensor", "light") == light
    assert online.states["light"] == "51"


async def test_lost_board_whose_device_is_deleted(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    network: ConfigEntry,
    online: FakeBoard,
    hass_storage: dict[str, Any],
) -> None:
    """Without its device, a board that is not known any more has no name to keep."""
    device = online.device
    await hass.config_entries.async_unload(network.entry_id)
    del hass_storage[f"{DOMAIN}.{network.entry_id}.sessions"]
    await hass.config_entries.async_setup(network.entry_id)
    registry = network.runtime_data.registry
    assert not registry.is_free("capteur01", "61:EC:ED:3B:25:B7")
    assert await async_setup_component(hass, "config", {})
    client = await hass_ws_client(hass)
    response = await client.remove_device(device.id)
    assert response["success"]
    assert registry.is_free("capteur01", "61:EC:ED:3B:25:B7")


async def test_lost_board_is_accepted_with_its_name(
    hass: HomeAssistant,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_storage: dict[str, Any],
) -> None:
    """Nobody else has the name that a board had before it was lost."""
    await applicant.join()
    await approval.runtime_data.management.async_accept(MAC, "Hall")
    await hass.config_entries.async_unload(approval.entry_id)
    del hass_storage[f"{DOMAIN}.{approval.entry_id}.sessions"]
    await hass.config_entries.async_setup(approval.entry_id)
    await applicant.join()
    await approval.runtime_data.management.async_accept(MAC, "Hall")
    assert applicant.device.name == "Hall"


async def test_values_of_an_older_session(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """After a crash, values of an older session are only readings."""
    await network.runtime_data.async_stop()
    await online.join()
    with patch.object(network.runtime_data, "async_stop"):
        await restart(hass, network)
    await online.light(10)
    assert online.states["led"] == "unknown"
    record = network.runtime_data.registry.boards[MAC]
    assert [value for _, value in record.readings[LIGHT.index]] == [50, 10]


async def test_no_values(
    hass: HomeAssistant, network: ConfigEntry, board: FakeBoard
) -> None:
    """After a crash there may be no values at all."""
    await network.runtime_data.async_stop()
    await board.join()
    with patch.object(network.runtime_data, "async_stop"):
        await restart(hass, network)
    await board.start()
    assert board.states["online"] == "on"


@pytest.mark.rule("S-04")
async def test_clock_set_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """Session ids increase also when the clock is set back."""
    await board.join()
    await board.start()
    first = board.session_id
    freezer.move_to("1999-12-31")
    await board.join()
    assert board.session_id > first
    assert len(board.session_id) == 17
