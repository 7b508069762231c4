"""Tests of the button that permits joining."""

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import entity_registry as er


async def test_permit_joining_is_for_administrators(
    hass: HomeAssistant,
    network: ConfigEntry,
    hass_admin_user: MockUser,
) -> None:
    """Users of the default group may press other buttons but not this one."""
    user = await hass.auth.async_create_user("user", group_ids=[GROUP_ID_USER])
    button = er.async_get(hass).async_get_entity_id(
        "button", DOMAIN, f"{network.entry_id}_permit_joining"
    )

    async def press(user_id: str) -> None:
        await hass.services.async_call(
            "button",
            "press",
            {"entity_id": button},
            blocking=True,
            context=Context(user_id=user_id),
        )

    with pytest.raises(Unauthorized):
        await press(user.id)
    assert network.runtime_data.joining.until is None
    await press(hass_admin_user.id)
    assert network.runtime_data.joining.until is not None
