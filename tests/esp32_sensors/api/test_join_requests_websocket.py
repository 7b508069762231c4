"""Tests of the WebSocket commands about boards that want to join."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    MqttMockHAClient,
    WebSocketGenerator,
)

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from tests.esp32_sensors.conftest import MAC, FakeBoard, later, restart

SUBSCRIBE = "esp32_sensors/subscribe_join_requests"


async def ask(
    client: MockHAClientWebSocket, kind: str, **details: str
) -> dict[str, Any]:
    """Send a command and return its result; events before it are left out."""
    await client.send_json_auto_id({"type": f"esp32_sensors/{kind}", **details})
    async with asyncio.timeout(5):
        while (message := await client.receive_json())["type"] != "result":
            pass
    result: dict[str, Any] = message
    return result


async def requests(client: MockHAClientWebSocket) -> list[dict[str, str]]:
    """Return the requests of the next event."""
    async with asyncio.timeout(5):
        found: list[dict[str, str]] = (await client.receive_json())["event"]["requests"]
    return found


@pytest.mark.rule("S-60")
async def test_accepted_with_name_and_area(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A board that waits is shown, and has name and area from its first session on."""
    area = ar.async_get(hass).async_create("Hall")
    viewer = await hass_ws_client()
    assert (await ask(viewer, "subscribe_join_requests"))["success"]
    assert await requests(viewer) == []
    await applicant.join()
    await later(hass, freezer, 1)
    (request,) = await requests(viewer)
    assert request == {
        "network": approval.entry_id,
        "title": "ESP32 network",
        "mac": MAC,
    }
    board = {"network": approval.entry_id, "mac": MAC}
    client = await hass_ws_client()
    result = await ask(client, "accept_board", **board, name=" LeBron ", area=area.id)
    assert result["success"]
    await hass.async_block_till_done(wait_background_tasks=True)
    await applicant.join()
    assert applicant.name == "LeBron"
    assert applicant.device.area_id == area.id
    assert applicant.entity_id("switch", "led") == "switch.hall_lebron_led"
    await later(hass, freezer, 1)
    assert await requests(viewer) == []


async def test_accepted_as_it_is(
    hass: HomeAssistant,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Without a name a board gets a default name, and without an area none."""
    await applicant.join()
    client = await hass_ws_client()
    board = {"network": approval.entry_id, "mac": MAC}
    assert (await ask(client, "accept_board", **board))["success"]
    await hass.async_block_till_done(wait_background_tasks=True)
    await applicant.join()
    assert (applicant.name, applicant.device.area_id) == ("capteur01", None)


@pytest.mark.parametrize(
    ("details", "key"),
    [
        ({"name": "a;b"}, "name_semicolon"),
        ({"name": "x" * 30}, "name_too_long"),
        ({"area": "nowhere"}, "no_area"),
        ({"mac": "61:EC:ED:3B:25:B2"}, "not_waiting"),
        ({"network": "nothing"}, "network_not_running"),
    ],
)
async def test_not_accepted(
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_ws_client: WebSocketGenerator,
    details: dict[str, str],
    key: str,
) -> None:
    """What cannot be done is an error with a text, and the board goes on waiting."""
    await applicant.join()
    client = await hass_ws_client()
    board = {"network": approval.entry_id, "mac": MAC} | details
    result = await ask(client, "accept_board", **board)
    assert result["error"]["translation_key"] == key
    assert approval.runtime_data.statistics.waiting == (MAC,)


async def test_name_of_another_board(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """No two boards get the same name."""
    client = await hass_ws_client()
    other = FakeBoard(hass, mqtt_mock, "24:0A:C4:12:9F:03")
    for board in applicant, other:
        await board.join()
    known = {"network": approval.entry_id, "name": "LeBron"}
    assert (await ask(client, "accept_board", **known, mac=MAC))["success"]
    result = await ask(client, "accept_board", **known, mac=other.mac)
    assert result["error"]["translation_key"] == "name_taken"
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_refused(
    approval: ConfigEntry, applicant: FakeBoard, hass_ws_client: WebSocketGenerator
) -> None:
    """A board that is refused does not wait any more."""
    await applicant.join()
    client = await hass_ws_client()
    board = {"network": approval.entry_id, "mac": MAC}
    assert (await ask(client, "refuse_board", **board))["success"]
    assert approval.runtime_data.statistics.waiting == ()
    assert list(approval.runtime_data.registry.admission.refused) == [MAC]


async def test_networks_come_and_go(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Boards of a network that was stopped do not wait; a restarted one is followed."""
    await applicant.join()
    viewer = await hass_ws_client()
    await ask(viewer, "subscribe_join_requests")
    assert len(await requests(viewer)) == 1
    await restart(hass, approval)
    assert await requests(viewer) == []
    await applicant.join()
    await later(hass, freezer, 1)
    assert len(await requests(viewer)) == 1
    # Other integrations come and go as well.
    (broker,) = hass.config_entries.async_entries("mqtt")
    hass.config_entries.async_update_entry(broker, title="Broker")
    await viewer.send_json_auto_id({"type": "unsubscribe_events", "subscription": 1})
    assert (await viewer.receive_json())["success"]
    await hass.config_entries.async_unload(approval.entry_id)


async def test_administrators_only(
    network: ConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    """Others are refused."""
    hass_admin_user.groups = []
    client = await hass_ws_client()
    board = {"network": network.entry_id, "mac": MAC}
    for kind, details in (
        ("subscribe_join_requests", {}),
        ("accept_board", board),
        ("refuse_board", board),
    ):
        result = await ask(client, kind, **details)
        assert result["error"]["code"] == "unauthorized", kind


async def test_administrator_no_more(
    hass: HomeAssistant,
    approval: ConfigEntry,
    applicant: FakeBoard,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    """Who is no administrator any more gets no board from then on."""
    await applicant.join()
    viewer = await hass_ws_client()
    assert (await ask(viewer, "subscribe_join_requests"))["success"]
    assert len(await requests(viewer)) == 1
    hass.bus.async_fire("user_updated", {"user_id": hass_admin_user.id})
    hass_admin_user.groups = []
    hass.bus.async_fire("user_updated", {"user_id": hass_admin_user.id})
    assert await requests(viewer) == []
    approval.runtime_data.statistics.async_notify()
    await viewer.send_json_auto_id({"type": "unsubscribe_events", "subscription": 1})
    async with asyncio.timeout(5):
        assert (await viewer.receive_json())["error"]["code"] == "not_found"
