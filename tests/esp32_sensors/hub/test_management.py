"""Tests of the decisions of the owner about boards."""

import asyncio
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
    WebSocketGenerator,
)

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.hub.storage import CheckedStore
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_setup_component
from homeassistant.util.file import WriteError
from tests.esp32_sensors.conftest import MAC, FakeBoard, restart


async def test_decide_too_late(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_client: ClientSessionGenerator,
) -> None:
    """A decision about a board that does not wait any more raises an error."""
    await applicant.join()
    await approval.runtime_data.management.async_accept(MAC)
    for decide_again in (
        approval.runtime_data.management.async_accept,
        approval.runtime_data.management.async_refuse,
    ):
        with pytest.raises(ServiceValidationError) as error:
            await decide_again(MAC)
        assert error.value.translation_key == "not_waiting"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(applicant.received("state/nameAssign")) == 1


@pytest.mark.rule("S-52", "S-63")
async def test_deleted_board_may_share(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> None:
    """A deleted board may join on shared topics."""
    own = FakeBoard(hass, mqtt_mock, directed=True)
    await own.join()
    shared = FakeBoard(hass, mqtt_mock)
    await shared.join()
    running = network.runtime_data
    await running.management.async_forget(running.registry.boards[MAC], own.device)
    await hass.async_block_till_done()
    await shared.join()
    assert shared.name == "capteur02"


async def test_disk_full(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    approval: ConfigEntry,
    applicant: FakeBoard,
) -> None:
    """A full disk raises an error in the options flow and in actions."""
    await applicant.join()
    await approval.runtime_data.management.async_refuse(MAC)
    with patch(
        "homeassistant.helpers.storage.Store._async_write_data", side_effect=WriteError
    ):
        result = await hass.config_entries.options.async_init(approval.entry_id)
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], {"next_step_id": "refused"}
        )
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], {"boards": [MAC]}
        )
        assert result["errors"] == {"base": "not_saved"}
        board = approval.runtime_data.registry.boards[MAC]
        with pytest.raises(HomeAssistantError) as raised:
            await approval.runtime_data.management.async_rename(board, "LeBron")
        assert raised.value.translation_key == "not_saved"


async def rename(hass: HomeAssistant, board: FakeBoard, **data: object) -> None:
    """Rename a board by the action."""
    await hass.services.async_call(
        DOMAIN, "rename_board", {"device_id": board.device.id, **data}, blocking=True
    )


async def delete(
    hass: HomeAssistant, websockets: WebSocketGenerator, device: dr.DeviceEntry
) -> bool:
    """Delete a device in the interface."""
    assert await async_setup_component(hass, "config", {})
    client = await websockets(hass)
    response = await client.remove_device(device.id)
    await hass.async_block_till_done()
    return bool(response["success"])


@pytest.mark.rule("S-62")
async def test_rename(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A new name is valid from the next session on, the old one until then."""
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


async def test_rename_to_a_number(hass: HomeAssistant, online: FakeBoard) -> None:
    """A name without quotes in YAML may be a number."""
    await rename(hass, online, name=54)
    await online.join()
    assert online.name == "54"


async def test_rename_back(hass: HomeAssistant, online: FakeBoard) -> None:
    """A next name can be replaced by the current one."""
    await rename(hass, online, name="LeBron")
    await rename(hass, online, name="capteur01")
    await online.join()
    assert online.name == "capteur01"


@pytest.mark.rule("S-02", "S-03")
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("a;b", "name_semicolon"),
        ("x" * 30, "name_too_long"),
        ("a\u200bb", "name_invisible"),
        ("capteur02", "name_taken"),
        ("LeBron", "name_taken"),
        ("lebron", "name_taken"),
    ],
)
async def test_rename_refused(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    online: FakeBoard,
    name: str,
    key: str,
) -> None:
    """Invalid and taken names are refused."""
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
    """Without a name, the action uses the name of the device."""
    await rename(hass, online)
    await online.join()
    await online.start()
    assert online.name == "capteur01"
    dr.async_get(hass).async_update_device(online.device.id, name_by_user="Séjour")
    await rename(hass, online)
    await online.join()
    assert online.name == "Séjour"


@pytest.mark.rule("S-63")
async def test_delete(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A deleted board is a new one when it joins again."""
    await rename(hass, online, name="LeBron")
    old = online.credentials
    assert await delete(hass, hass_ws_client, online.device)
    assert not network.runtime_data.registry.boards
    await online.light(1)
    assert network.runtime_data.statistics.discarded == {"unknown_name": 1}
    await restart(hass, network)
    await online.join()
    assert online.name == "capteur02"
    assert online.session_id > old.split(";")[1]
    await online.start()
    assert online.states["online"] == "on"


async def test_delete_while_it_joins(
    hass: HomeAssistant, online: FakeBoard, hass_ws_client: WebSocketGenerator
) -> None:
    """A board that joins during its deletion is answered after it."""
    write, writing, go_on = (
        Store._async_write_data,
        asyncio.Event(),
        asyncio.Event(),
    )

    async def slow_disk(store: Store[Any], data: dict[str, Any]) -> None:
        if isinstance(store, CheckedStore):
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


async def test_delete_stranger(
    hass: HomeAssistant, network: ConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """A device without a known board can be deleted."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=network.entry_id, identifiers={(DOMAIN, MAC)}
    )
    assert await delete(hass, hass_ws_client, device)
