"""Renaming boards, and deleting them."""

import asyncio
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import (
    MqttMockHAClient,
    WebSocketGenerator,
)

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_setup_component

from .conftest import MAC, FakeBoard, SetUp, change_options, later, restart


async def rename(hass: HomeAssistant, board: FakeBoard, **data: str) -> None:
    """Rename a board by the action."""
    await hass.services.async_call(
        DOMAIN, "rename_board", {"device_id": board.device.id, **data}, blocking=True
    )


@pytest.mark.rule("S-62")
async def test_rename(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A new name counts from the next session on; until then the old one does."""
    await rename(hass, online, name="LeBron")
    await restart(hass, network)
    await online.light(33)
    assert online.states["light"] == "33"
    await online.join()
    assert online.name == "LeBron"
    assert online.device.name == "LeBron"
    await online.start()
    await online.light(34)
    assert online.states["light"] == "34"
    await online.join()
    assert online.name == "LeBron"


async def test_rename_back(hass: HomeAssistant, online: FakeBoard) -> None:
    """A name that was never used can be taken back."""
    await rename(hass, online, name="LeBron")
    await rename(hass, online, name="capteur01")
    await online.join()
    assert online.name == "capteur01"


@pytest.mark.rule("S-02", "S-03")
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("a;b", "name_invalid"),
        ("x" * 30, "name_invalid"),
        ("capteur02", "name_taken"),
        ("LeBron", "name_taken"),
    ],
)
async def test_rename_refused(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    online: FakeBoard,
    name: str,
    key: str,
) -> None:
    """A name must fit, and be nobody else's."""
    other = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await other.join()
    await rename(hass, other, name="LeBron")
    with pytest.raises(ServiceValidationError) as refused:
        await rename(hass, online, name=name)
    assert refused.value.translation_key == key


async def test_rename_no_board(hass: HomeAssistant, network: ConfigEntry) -> None:
    """Only boards can be renamed."""
    (hub,) = dr.async_entries_for_config_entry(dr.async_get(hass), network.entry_id)
    for device_id in (hub.id, "nothing"):
        with pytest.raises(ServiceValidationError) as refused:
            await hass.services.async_call(
                DOMAIN, "rename_board", {"device_id": device_id}, blocking=True
            )
        assert refused.value.translation_key == "no_board"


async def test_rename_as_device(hass: HomeAssistant, online: FakeBoard) -> None:
    """Without a name, the action takes the device's."""
    await rename(hass, online)
    await online.join()
    await online.start()
    assert online.name == "capteur01"
    dr.async_get(hass).async_update_device(online.device.id, name_by_user="Séjour")
    await rename(hass, online)
    await online.join()
    assert online.name == "Séjour"


async def test_device_names(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    mqtt_mock: MqttMockHAClient,
) -> None:
    """When the owner wants it, boards are called as their devices are."""
    devices = dr.async_get(hass)
    devices.async_update_device(online.device.id, name_by_user="Séjour")
    await online.join()
    assert online.name == "capteur01"
    await change_options(hass, network, device_names=True)
    await online.join()
    assert online.name == "Séjour"

    other = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await other.join()
    for name, key in (("Séjour", "name_taken"), ("x" * 30, "name_invalid")):
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
    devices.async_update_device(other.device.id, name_by_user=None)
    await hass.async_block_till_done()
    await later(hass, freezer, 31)
    await other.join()
    assert other.name == "54"


async def test_device_name_that_becomes_free(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    mqtt_mock: MqttMockHAClient,
    freezer: FrozenDateTimeFactory,
    *,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A name that another board had is given as soon as that one is gone."""
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
    """Home Assistant remembers what a device was called that was deleted."""
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
    """Devices of other networks are none of this one's business."""
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


@pytest.mark.rule("S-63")
async def test_delete(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A board that is deleted is forgotten, and new if it comes again."""
    await rename(hass, online, name="LeBron")
    old = online.credentials
    assert await delete(hass, hass_ws_client, online.device)
    assert not network.runtime_data.registry.boards
    await online.light(1)
    assert network.runtime_data.discarded == {"unknown_name": 1}
    await restart(hass, network)
    await online.join()
    assert online.name == "capteur02"
    assert online.session_id > old.split(";")[1]
    await online.start()
    assert online.states["online"] == "on"


async def test_delete_while_it_joins(
    hass: HomeAssistant, online: FakeBoard, hass_ws_client: WebSocketGenerator
) -> None:
    """A board that asks while it is being deleted is answered when that is done."""
    write, writing, go_on = (
        Store._async_write_data,
        asyncio.Event(),
        asyncio.Event(),
    )

    async def slow_disk(store: Store[Any], data: dict[str, Any]) -> None:
        writing.set()
        await go_on.wait()
        await write(store, data)

    online.waits = False
    with patch.object(Store, "_async_write_data", slow_disk):
        deleting = asyncio.create_task(delete(hass, hass_ws_client, online.device))
        await writing.wait()
        await online.join()
        go_on.set()
        assert await deleting
    online.waits = True
    assert online.name == "capteur01"
    await online.join()
    await online.start()
    assert online.name == "capteur02"
    assert online.device.name == "capteur02"
    await online.light(33)
    assert online.states["light"] == "33"


async def test_delete_network(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The network's own device goes with the network only; boards while it runs."""
    devices = dr.async_get(hass)
    hub = devices.async_get_device_by_identifier(
        (DOMAIN, network.entry_id), network.entry_id
    )
    assert hub is not None
    assert not await delete(hass, hass_ws_client, hub)
    device = online.device
    await hass.config_entries.async_unload(network.entry_id)
    assert not await delete(hass, hass_ws_client, device)


async def test_delete_stranger(
    hass: HomeAssistant, network: ConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """A device whose board is not known any more can be deleted."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=network.entry_id, identifiers={(DOMAIN, MAC)}
    )
    assert await delete(hass, hass_ws_client, device)
