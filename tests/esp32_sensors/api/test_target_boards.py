"""Tests of the boards in the target of an action, and of its caller's permissions."""

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from tests.esp32_sensors.conftest import FakeBoard

from .test_target import Target, by_area, last_values


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ({"area_id": "nowhere"}, "no_board_in_target"),
        ({"entity_id": "light.kitchen"}, "no_board_in_target"),
        ({"entity_id": "none"}, "no_board_in_target"),
        ({"device_id": ["nothing"]}, "no_board"),
    ],
)
async def test_nothing_matches(
    hass: HomeAssistant, boards: list[FakeBoard], target: Target, key: str
) -> None:
    """A target without a board raises an error."""
    with pytest.raises(ServiceValidationError) as error:
        await last_values(hass, target)
    assert error.value.translation_key == key


async def test_other_devices(
    hass: HomeAssistant, network: ConfigEntry, boards: list[FakeBoard]
) -> None:
    """Other devices in an area are ignored; one that is named raises an error."""
    (broker,) = hass.config_entries.async_entries("mqtt")
    target = by_area(hass, boards)
    other = dr.async_get(hass).async_get_or_create(
        config_entry_id=broker.entry_id, identifiers={("mqtt", "other")}, name="Other"
    )
    hub = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, network.entry_id), network.entry_id
    )
    assert hub
    for device in other, hub:
        dr.async_get(hass).async_update_device(device.id, area_id=target["area_id"])
    assert len((await last_values(hass, target))["boards"]) == 2
    with pytest.raises(ServiceValidationError) as error:
        await last_values(hass, {"device_id": [boards[0].device.id, other.id]})
    assert error.value.translation_placeholders == {"device": "Other"}
    await hass.config_entries.async_unload(network.entry_id)
    with pytest.raises(ServiceValidationError) as error:
        await last_values(hass, target)
    assert error.value.translation_key == "no_board_in_target"


async def test_disabled(hass: HomeAssistant, boards: list[FakeBoard]) -> None:
    """A disabled board in an area is ignored; one that is named raises an error."""
    target = by_area(hass, boards)
    disabled = boards[0].device
    dr.async_get(hass).async_update_device(
        disabled.id, disabled_by=dr.DeviceEntryDisabler.USER
    )
    await hass.async_block_till_done()
    result = await last_values(hass, target)
    assert list(result["boards"]) == [boards[1].device.id]
    result = await last_values(hass, {"device_id": [boards[1].device.id]})
    assert result["mac"] == boards[1].mac
    with pytest.raises(ServiceValidationError) as error:
        await hass.services.async_call(
            DOMAIN,
            "set_led",
            {"led": True},
            target={"device_id": disabled.id},
            blocking=True,
        )
    assert error.value.translation_key == "board_disabled"
    assert boards[0].received("led/command") == []


async def test_rights(
    hass: HomeAssistant, boards: list[FakeBoard], hass_read_only_user: MockUser
) -> None:
    """With all entities as target, boards without permission are ignored; otherwise they raise an error."""
    led = boards[0].entity_id("switch", "led")
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {led: True}}})
    user_id = hass_read_only_user.id
    result = await last_values(hass, {"entity_id": "all"}, user_id)
    assert list(result["boards"]) == [boards[0].device.id]
    with pytest.raises(Unauthorized):
        await last_values(hass, by_area(hass, boards), user_id)
