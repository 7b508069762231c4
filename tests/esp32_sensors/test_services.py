"""The action on a LED, and who may call which action."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser

from .conftest import FakeBoard, later, settle


async def call(
    hass: HomeAssistant,
    action: str,
    board: FakeBoard,
    user_id: str | None = None,
    **data: Any,
) -> object:
    """Call an action on a board, as somebody or as an automation."""
    return await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": board.device.id, **data},
        blocking=True,
        context=Context(user_id=user_id),
        return_response=action == "get_last_values",
    )


async def test_set_led(hass: HomeAssistant, online: FakeBoard) -> None:
    """The action is over when the board has confirmed it."""
    online.waits = False
    switching = hass.async_create_task(call(hass, "set_led", online, led=True))
    await settle()
    assert online.heard("led/command")[-1] == f"{online.credentials};1"
    assert not switching.done()
    await online.led(1)
    await switching
    assert online.states["led"] == "on"


async def test_set_led_offline(hass: HomeAssistant, online: FakeBoard) -> None:
    """A board that is offline is an error, where the switch would be left out."""
    await online.leave()
    with pytest.raises(HomeAssistantError) as error:
        await call(hass, "set_led", online, led=True)
    assert error.value.translation_key == "board_offline"
    assert error.value.translation_placeholders == {"name": "capteur01"}
    assert online.heard("led/command") == []


async def test_set_led_not_confirmed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """A board that does not confirm is an error, and the LED is shown as it was."""
    online.waits = False
    switching = hass.async_create_task(call(hass, "set_led", online, led=True))
    await settle()
    await later(hass, freezer, 6)
    with pytest.raises(HomeAssistantError) as error:
        await switching
    assert error.value.translation_key == "not_confirmed"
    assert online.states["led"] == "off"


async def test_rights(
    hass: HomeAssistant, online: FakeBoard, hass_read_only_user: MockUser
) -> None:
    """Who may only look may read the values, but neither switch nor rename."""
    reader = hass_read_only_user.id
    assert await call(hass, "get_last_values", online, reader)
    for action, data in ("set_led", {"led": True}), ("rename_board", {"name": "x"}):
        with pytest.raises(Unauthorized):
            await call(hass, action, online, reader, **data)
    assert online.heard("led/command") == []
    await online.join()
    assert online.name == "capteur01"


async def test_rights_of_one_board(
    hass: HomeAssistant, online: FakeBoard, hass_read_only_user: MockUser
) -> None:
    """Who may see one board's LED may see that board."""
    hass_read_only_user.mock_policy({})
    with pytest.raises(Unauthorized):
        await call(hass, "get_last_values", online, hass_read_only_user.id)
    led = online.entity_id("switch", "led")
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {led: True}}})
    assert await call(hass, "get_last_values", online, hass_read_only_user.id)


async def test_nobody(hass: HomeAssistant, online: FakeBoard) -> None:
    """Somebody who has been deleted may nothing."""
    with pytest.raises(UnknownUser):
        await call(hass, "set_led", online, "deleted", led=True)
