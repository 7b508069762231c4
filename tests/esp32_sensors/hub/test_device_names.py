"""Tests of device names as names of boards."""

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.typing import (
    MqttMockHAClient,
    WebSocketGenerator,
)

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
from tests.esp32_sensors.conftest import (
    FakeBoard,
    SetUp,
    change_options,
    later,
    restart,
)


async def rename(hass: HomeAssistant, board: FakeBoard, **data: str) -> None:
    """Rename a board by the action."""
    await hass.services.async_call(
        DOMAIN, "rename_board", {"device_id": board.device.id, **data}, blocking=True
    )


async def test_device_names(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    mqtt_mock: MqttMockHAClient,
) -> None:
    """With the option, boards get the names of their devices."""
    devices = dr.async_get(hass)
    devices.async_update_device(online.device.id, name_by_user="Séjour")
    await online.join()
    assert online.name == "capteur01"
    await change_options(hass, network, device_names=True)
    await online.join()
    assert online.name == "Séjour"

    other = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await other.join()
    for name, key in (
        ("Se\u0301jour", "name_taken"),
        ("x" * 30, "name_too_long"),
        ("a;b", "name_semicolon"),
        ("a\u200bb", "name_invisible"),
    ):
        devices.async_update_device(other.device.id, name_by_user=name)
        await hass.async_block_till_done()
        await later(hass, freezer, 1)
        (issue,) = ir.async_get(hass).issues.values()
        assert issue.translation_key == key
    devices.async_update_device(other.device.id, name_by_user="54")
    await hass.async_block_till_done()
    await later(hass, freezer, 31)
    assert not ir.async_get(hass).issues
    await other.join()
    assert other.name == "54"
    await restart(hass, network)
    devices.async_update_device(other.device.id, name_by_user=None)
    await hass.async_block_till_done()
    await later(hass, freezer, 31)
    await other.join()
    assert other.name == "capteur02"
    assert other.device.name == "capteur02"


async def test_own_name_that_was_given_away(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    mqtt_mock: MqttMockHAClient,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A board whose own name was given to another board keeps its current one."""
    devices = dr.async_get(hass)
    await change_options(hass, network, device_names=True)
    devices.async_update_device(online.device.id, name_by_user="Séjour")
    await hass.async_block_till_done()
    await online.join()
    await online.start()
    other = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await other.join()
    await rename(hass, other, name="Capteur01")
    devices.async_update_device(online.device.id, name_by_user=None)
    await hass.async_block_till_done()
    await later(hass, freezer, 1)
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_key == "name_taken"
    await rename(hass, other, name="other")
    await later(hass, freezer, 1)
    await other.join()
    await later(hass, freezer, 1)
    assert not ir.async_get(hass).issues
    await online.join()
    assert online.name == "capteur01"


async def test_cleared_name_of_an_earlier_release(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A board without a stored own name gets a default name."""
    devices = dr.async_get(hass)
    devices.async_update_device(online.device.id, name_by_user="Séjour")
    await rename(hass, online)
    await online.join()
    await online.start()
    assert online.name == "Séjour"
    await change_options(hass, network, device_names=True)
    await online.start()
    devices.async_update_device(online.device.id, name_by_user=None)
    await hass.async_block_till_done()
    await online.join()
    assert online.name == "capteur02"


async def test_name_that_is_none_of_the_device(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A board that was renamed since keeps that name."""
    devices = dr.async_get(hass)
    await change_options(hass, network, device_names=True)
    devices.async_update_device(online.device.id, name_by_user="Séjour")
    await hass.async_block_till_done()
    await rename(hass, online, name="LeBron")
    devices.async_update_device(online.device.id, name_by_user=None)
    await hass.async_block_till_done()
    await online.join()
    assert online.name == "LeBron"


async def test_device_name_that_becomes_free(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    mqtt_mock: MqttMockHAClient,
    freezer: FrozenDateTimeFactory,
    *,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A refused name is given when the board that had it is removed."""
    devices = dr.async_get(hass)
    await change_options(hass, network, device_names=True)
    other = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await other.join()
    await other.start()
    devices.async_update_device(other.device.id, name_by_user="capteur01")
    await hass.async_block_till_done()
    await later(hass, freezer, 1)
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_key == "name_taken"
    assert await delete(hass, hass_ws_client, online.device)
    await later(hass, freezer, 1)
    assert not ir.async_get(hass).issues
    await other.join()
    assert other.name == "capteur01"


async def test_device_name_that_comes_back(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    *,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A deleted device that comes back has its name again."""
    await change_options(hass, network, device_names=True)
    dr.async_get(hass).async_update_device(online.device.id, name_by_user="Séjour")
    await hass.async_block_till_done()
    assert await delete(hass, hass_ws_client, online.device)
    await online.join()
    assert online.device.name_by_user == "Séjour"
    await online.start()
    await online.join()
    assert online.name == "Séjour"


async def test_device_names_of_others(
    hass: HomeAssistant, network: ConfigEntry, set_up: SetUp, online: FakeBoard
) -> None:
    """Devices of other networks are ignored."""
    other = await set_up("user/", device_names=True)
    dr.async_get(hass).async_update_device(online.device.id, name_by_user="Séjour")
    (hub,) = dr.async_entries_for_config_entry(dr.async_get(hass), other.entry_id)
    dr.async_get(hass).async_update_device(hub.id, name_by_user="House")
    await hass.async_block_till_done()
    await online.join()
    assert online.name == "capteur01"


async def delete(
    hass: HomeAssistant, websockets: WebSocketGenerator, device: dr.DeviceEntry
) -> bool:
    """Delete a device in the interface."""
    assert await async_setup_component(hass, "config", {})
    client = await websockets(hass)
    response = await client.remove_device(device.id)
    await hass.async_block_till_done()
    return bool(response["success"])


async def test_delete_network(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The device of a network cannot be deleted, those of boards only while it is loaded."""
    devices = dr.async_get(hass)
    hub = devices.async_get_device_by_identifier(
        (DOMAIN, network.entry_id), network.entry_id
    )
    assert hub is not None
    assert not await delete(hass, hass_ws_client, hub)
    device = online.device
    await hass.config_entries.async_unload(network.entry_id)
    assert not await delete(hass, hass_ws_client, device)
