"""Replacement of boards over the WebSocket connection of a browser."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    MqttMockHAClient,
    WebSocketGenerator,
)

from custom_components.esp32_sensors.core.admission import Mode
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..conftest import MAC, FakeBoard
from .test_boards_websocket import Subscribe, event, key, pace, subscribe

__all__ = ["pace", "subscribe"]

NEW_MAC = "61:EC:ED:3B:25:B2"


async def ask(
    websockets: WebSocketGenerator, kind: str, entry: ConfigEntry, **data: str
) -> dict[str, Any]:
    """Send a command about the first board; return the answer."""
    client = await websockets()
    message = {"type": f"esp32_sensors/{kind}", "network": entry.entry_id, "mac": MAC}
    await client.send_json_auto_id(message | data)
    return dict(await client.receive_json())


async def test_candidates(
    mqtt_mock: MqttMockHAClient,
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Boards that joined later have a name; those that wait have none."""
    answer = await ask(hass_ws_client, "replacements", network)
    assert answer["result"] == []
    await FakeBoard(hass, mqtt_mock, NEW_MAC).join()
    network.runtime_data.registry.admission.mode = Mode.APPROVAL
    waiting = NEW_MAC.replace("B2", "B3")
    await FakeBoard(hass, mqtt_mock, waiting).join()
    answer = await ask(hass_ws_client, "replacements", network)
    assert answer["result"] == [
        {"mac": waiting, "name": None},
        {"mac": NEW_MAC, "name": "capteur02"},
    ]


@pytest.mark.rule("S-73")
async def test_dashboards_follow(
    mqtt_mock: MqttMockHAClient,
    hass: HomeAssistant,
    online: FakeBoard,
    hass_ws_client: WebSocketGenerator,
    subscribe: Subscribe,
) -> None:
    """A viewer gets the whole board under its new key, and the old key is gone."""
    new = FakeBoard(hass, mqtt_mock, NEW_MAC)
    await new.join()
    await new.start()
    await new.light(77)
    (network,) = hass.config_entries.async_entries("esp32_sensors")
    viewer = await subscribe()
    assert len((await event(viewer))["boards"]) == 2
    answer = await ask(hass_ws_client, "replace", network, new_mac=NEW_MAC)
    assert answer["success"]
    boards: dict[str, Any] = {}
    gone: set[str] = set()
    while key(network) not in gone:
        changed = await event(viewer)
        boards |= changed["boards"]
        gone |= set(changed["gone"])
    board = boards[key(network, NEW_MAC)]
    assert [value for _, value in board["readings"]["light"]] == [50, 77]
    assert (board["mac"], board["online"]) == (NEW_MAC, True)
    await new.light(78)
    assert key(network, NEW_MAC) in (await event(viewer))["boards"]


async def test_errors(
    network: ConfigEntry,
    online: FakeBoard,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    """A command says why it is refused; it is for administrators."""
    answer = await ask(hass_ws_client, "replace", network, new_mac=NEW_MAC)
    assert answer["error"]["translation_key"] == "not_waiting"
    for kind in "replacements", "replace":
        data = {"new_mac": NEW_MAC} if kind == "replace" else {}
        answer = await ask(hass_ws_client, kind, network, mac=NEW_MAC, **data)
        assert answer["error"]["translation_key"] == "no_board"
        answer = await ask(hass_ws_client, kind, network, network="none", **data)
        assert answer["error"]["translation_key"] == "no_board"
    hass_admin_user.groups = []
    for kind in "replacements", "replace":
        data = {"new_mac": NEW_MAC} if kind == "replace" else {}
        answer = await ask(hass_ws_client, kind, network, **data)
        assert answer["error"]["code"] == "unauthorized"
