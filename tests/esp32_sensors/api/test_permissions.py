"""Tests of the permissions on boards."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.esp32_sensors.api.permissions import async_check_administrator
from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er
from tests.esp32_sensors.conftest import FakeBoard


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


async def test_rights(
    hass: HomeAssistant, online: FakeBoard, hass_read_only_user: MockUser
) -> None:
    """A read-only user may read the values, but neither switch nor rename."""
    reader = hass_read_only_user.id
    assert await call(hass, "get_last_values", online, reader)
    for action, data in ("set_led", {"led": True}), ("rename_board", {"name": "x"}):
        with pytest.raises(Unauthorized):
            await call(hass, action, online, reader, **data)
    assert online.received("led/command") == []
    await online.join()
    assert online.name == "capteur01"


async def test_rights_of_one_board(
    hass: HomeAssistant, online: FakeBoard, hass_read_only_user: MockUser
) -> None:
    """A user with permission on the LED of a board may read that board."""
    hass_read_only_user.mock_policy({})
    with pytest.raises(Unauthorized):
        await call(hass, "get_last_values", online, hass_read_only_user.id)
    led = online.entity_id("switch", "led")
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {led: True}}})
    assert await call(hass, "get_last_values", online, hass_read_only_user.id)


async def test_deleted_user(hass: HomeAssistant, online: FakeBoard) -> None:
    """A deleted user has no permission."""
    with pytest.raises(UnknownUser):
        await call(hass, "set_led", online, "deleted", led=True)


async def test_administrator_without_the_led(
    hass: HomeAssistant, online: FakeBoard, hass_admin_user: MockUser
) -> None:
    """An administrator may use a board whose switch was removed."""
    device_id = online.device.id
    er.async_get(hass).async_remove(online.entity_id("switch", "led"))
    values = await hass.services.async_call(
        DOMAIN,
        "get_last_values",
        {"device_id": device_id},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
        return_response=True,
    )
    assert values is not None
    assert values["name"] == "capteur01"


async def test_administrators_and_automations(
    hass: HomeAssistant, hass_admin_user: MockUser, hass_read_only_user: MockUser
) -> None:
    """Administrators and automations pass the check, other users do not."""
    for context in None, Context(), Context(user_id=hass_admin_user.id):
        await async_check_administrator(hass, context)
    with pytest.raises(Unauthorized):
        await async_check_administrator(hass, Context(user_id=hass_read_only_user.id))
    with pytest.raises(UnknownUser):
        await async_check_administrator(hass, Context(user_id="deleted"))
