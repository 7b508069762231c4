"""Tests of the actions."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    label_registry as lr,
)
from tests.esp32_sensors.conftest import FakeBoard, later, settle
from tests.esp32_sensors.hub.test_led_commands import pass_seconds


async def call(
    hass: HomeAssistant,
    action: str,
    board: FakeBoard,
    user_id: str | None = None,
    **data: Any,
) -> object:
    """Call an action on a board as a user, or as an automation without one."""
    return await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": board.device.id, **data},
        blocking=True,
        context=Context(user_id=user_id),
        return_response=action == "get_last_values",
    )


async def test_set_led(hass: HomeAssistant, online: FakeBoard) -> None:
    """The action ends when the board has confirmed the command."""
    online.waits = False
    switching = hass.async_create_task(call(hass, "set_led", online, led=True))
    await settle()
    assert online.received("led/command")[-1] == f"{online.credentials};1"
    assert not switching.done()
    await online.led(1)
    await switching
    assert online.states["led"] == "on"


async def test_set_led_offline(hass: HomeAssistant, online: FakeBoard) -> None:
    """An offline board raises an error, while Home Assistant would skip its switch."""
    await online.leave()
    with pytest.raises(HomeAssistantError) as error:
        await call(hass, "set_led", online, led=True)
    assert error.value.translation_key == "board_offline"
    assert error.value.translation_placeholders == {"name": "capteur01"}
    assert online.received("led/command") == []


async def test_set_led_not_confirmed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """A board that does not confirm raises an error, and the state of the LED stays the same."""
    online.waits = False
    switching = hass.async_create_task(call(hass, "set_led", online, led=True))
    await settle()
    await later(hass, freezer, 6)
    with pytest.raises(HomeAssistantError) as error:
        await switching
    assert error.value.translation_key == "not_confirmed"
    assert online.states["led"] == "off"


@pytest.mark.rule("S-39")
async def test_set_led_of_an_area(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
) -> None:
    """The response says for each board of an area and a label what became of it."""
    others = [FakeBoard(hass, mqtt_mock, f"61:EC:ED:3B:25:C{n}") for n in range(2)]
    for board in others:
        await board.join()
        await board.start()
        await board.led(0)
    await others[1].leave()
    area = ar.async_get(hass).async_create("Attic")
    label = lr.async_get(hass).async_create("Loud")
    devices = dr.async_get(hass)
    devices.async_update_device(online.device.id, area_id=area.id)
    for board in others:
        devices.async_update_device(board.device.id, labels={label.label_id})
    for board in online, *others:
        board.waits = False
    switching = hass.async_create_task(
        hass.services.async_call(
            DOMAIN,
            "set_led",
            {"area_id": area.id, "label_id": label.label_id, "led": True},
            blocking=True,
            return_response=True,
        )
    )
    await settle()
    # On shared topics one after the other.
    assert len(online.received("led/command")) == 1
    for board in online, others[0]:
        await pass_seconds(hass, freezer, 0.2)
        await board.led(1)
    response = await switching
    assert response is not None
    outcomes = response["boards"]
    assert isinstance(outcomes, dict)
    assert outcomes == {
        board.device.id: {
            "name": board.name,
            "mac": board.mac,
            "switched": board is not others[1],
            "error": "board_offline" if board is others[1] else None,
            "message": "capteur03 is offline" if board is others[1] else None,
        }
        for board in (online, *others)
    }


async def test_set_led_with_an_unexpected_error(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """An error that nobody expects is no result of a board."""
    leds = network.runtime_data.leds
    with (
        patch.object(leds, "_send", side_effect=RuntimeError("broken")),
        pytest.raises(RuntimeError, match="broken"),
    ):
        await hass.services.async_call(
            DOMAIN,
            "set_led",
            {"device_id": online.device.id, "led": True},
            blocking=True,
            return_response=True,
        )


START = datetime(2026, 11, 21, 8, 0, 0, 123456, UTC)


@pytest.fixture(autouse=True)
def start(freezer: FrozenDateTimeFactory) -> None:
    """Set the clock to a known time."""
    freezer.move_to(START)


async def test_last_values(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """The action returns the data of a board, with the newest readings first."""
    for value in range(12):
        freezer.tick(2)
        await online.light(value)
    await online.button(1)
    await online.info("My firmware", "1.2")
    values = await hass.services.async_call(
        DOMAIN,
        "get_last_values",
        {"device_id": online.device.id},
        blocking=True,
        return_response=True,
    )
    assert values is not None
    assert values["name"] == online.name
    assert values["mac"] == online.mac
    assert values["online"] is True
    assert values["joined_at"] == "2026-11-21T08:00:00+00:00"
    assert values["last_seen"] == "2026-11-21T08:00:24.123456+00:00"
    assert values["firmware"] == {"name": "My firmware", "version": "1.2"}
    assert values["led"] == [
        {"time": "2026-11-21T08:00:00.123456+00:00", "value": False}
    ]
    assert values["button"] == [
        {"time": "2026-11-21T08:00:24.123456+00:00", "value": True}
    ]
    light = values["light"]
    assert isinstance(light, list)
    assert light[0] == {"time": "2026-11-21T08:00:24.123456+00:00", "value": 11}
    assert light[-1] == {"time": "2026-11-21T08:00:06.123456+00:00", "value": 2}
    assert len(light) == 10
