"""Tests of the LED switch."""

import asyncio
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .conftest import MAC, FakeBoard


async def switch(hass: HomeAssistant, board: FakeBoard, service: str) -> None:
    """Switch the LED with the action of the switch."""
    await hass.services.async_call(
        "switch",
        service,
        {"entity_id": board.entity_id("switch", "led")},
        blocking=True,
    )


@pytest.mark.rule("S-33", "S-34")
async def test_led_command(hass: HomeAssistant, online: FakeBoard) -> None:
    """A command ends when the board has confirmed it, and not before."""
    online.waits = False
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await online.button(1)
    assert online.received("led/command") == [f"{online.credentials};1"]
    assert online.states["led"] == "off"
    assert not command.done()
    # Said twice before anyone could look.
    async_fire_mqtt_message(hass, "led/status", f"{online.credentials};1")
    await online.led(1)
    await command
    assert online.states["led"] == "on"


@pytest.mark.rule("S-34")
async def test_led_already_there(hass: HomeAssistant, online: FakeBoard) -> None:
    """A command without a change ends without a confirmation."""
    await switch(hass, online, "turn_off")
    assert online.received("led/command") == [f"{online.credentials};0"]


@pytest.mark.rule("S-30", "S-34")
async def test_led_two_at_once(hass: HomeAssistant, online: FakeBoard) -> None:
    """Two concurrent commands both end with their own confirmation."""
    online.waits = False
    on = asyncio.create_task(switch(hass, online, "turn_on"))
    off = asyncio.create_task(switch(hass, online, "turn_off"))
    await online.led(1)
    await online.led(1)
    assert on.done()
    assert not off.done()
    await online.led(0)
    await off
    assert online.states["led"] == "off"


@pytest.mark.rule("S-30", "S-34")
async def test_led_not_confirmed(hass: HomeAssistant, online: FakeBoard) -> None:
    """A missing confirmation raises an error, and the state stays the same."""
    with (
        patch(
            "custom_components.esp32_sensors.hub.led_commands.CONFIRMATION_TIMEOUT",
            0.01,
        ),
        pytest.raises(HomeAssistantError, match="did not confirm") as raised,
    ):
        await switch(hass, online, "turn_on")
    assert raised.value.translation_key == "not_confirmed"
    assert online.states["led"] == "off"


@pytest.mark.parametrize("gone", ["leave", "join"])
async def test_led_board_leaves(
    hass: HomeAssistant, online: FakeBoard, gone: str
) -> None:
    """A command ends with an error when the board leaves."""
    online.waits = False
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await asyncio.sleep(0)
    await getattr(online, gone)()
    await online.start()
    with pytest.raises(HomeAssistantError, match="left before"):
        await command


@pytest.mark.rule("S-33")
async def test_led_offline(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """No command is sent to an offline board."""
    await online.leave()
    record = network.runtime_data.registry.boards[MAC]
    with pytest.raises(HomeAssistantError, match="is offline"):
        await network.runtime_data.leds.async_switch(record, True)
    assert online.received("led/command") == []
