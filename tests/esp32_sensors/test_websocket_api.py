"""What a dashboard is told of the boards."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    MqttMockHAClient,
    WebSocketGenerator,
)

from custom_components.esp32_sensors import websocket_api
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from .conftest import MAC, FakeBoard, SetUp, later

OTHER_MAC = "24:0A:C4:12:9F:03"

type Event = dict[str, Any]
type Subscribe = Callable[[], Awaitable[MockHAClientWebSocket]]


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch) -> float:
    """Tell viewers of everything at once."""
    monkeypatch.setattr(websocket_api, "PACE", 0)
    return 0


@pytest.fixture
async def subscribe(hass_ws_client: WebSocketGenerator, pace: float) -> Subscribe:
    """Look at the boards."""

    async def subscribe() -> MockHAClientWebSocket:
        client = await hass_ws_client()
        await client.send_json_auto_id({"type": "esp32_sensors/subscribe_boards"})
        assert (await client.receive_json())["success"]
        return client

    return subscribe


async def event(client: MockHAClientWebSocket) -> Event:
    """Return what a viewer is told next."""
    async with asyncio.timeout(5):
        return (await client.receive_json())["event"]


def key(entry: ConfigEntry, mac: str = MAC) -> str:
    """Return what a board is called on the wire."""
    return f"{entry.entry_id}/{mac}"


@pytest.fixture
def start(freezer: FrozenDateTimeFactory) -> datetime:
    """Begin at a time of which a session id has the microseconds."""
    start = datetime(2026, 11, 21, 8, 0, 0, 123456, UTC)
    freezer.move_to(start)
    return start


async def test_snapshot(
    start: datetime, network: ConfigEntry, online: FakeBoard, subscribe: Subscribe
) -> None:
    """The first message tells of every board, with all that is known of it but its session id."""
    await online.button(1)
    viewer = await subscribe()
    told = await event(viewer)
    board = told["boards"][key(network)]
    readings = board.pop("readings")
    assert board == {
        "network": network.entry_id,
        "joined_at": int(start.timestamp()),
        "last_seen": round(start.timestamp(), 3),
        "mac": MAC,
        "name": "capteur01",
        "online": True,
        "led": False,
        "button": True,
        "light": 50,
        "control": True,
    }
    values = {kind: [value for _, value in all_] for kind, all_ in readings.items()}
    assert values == {"led": [0], "button": [1], "light": [50]}
    assert (told["snapshot"], told["gone"]) == (True, [])


async def test_nothing_there(network: ConfigEntry, subscribe: Subscribe) -> None:
    """A network without boards is told of as well."""
    viewer = await subscribe()
    assert await event(viewer) == {"snapshot": True, "boards": {}, "gone": []}


async def test_changes(
    network: ConfigEntry, online: FakeBoard, subscribe: Subscribe
) -> None:
    """Each reading is told of once, with the state it leads to."""
    viewer = await subscribe()
    await event(viewer)
    await online.led(1)
    board = (await event(viewer))["boards"][key(network)]
    ((time, value),) = board["new"]["led"]
    assert (board["led"], value) == (True, 1)
    assert time == board["last_seen"]
    assert "readings" not in board
    await online.light(7)
    board = (await event(viewer))["boards"][key(network)]
    assert [value for _, value in board["new"]["light"]] == [7]
    assert (board["light"], list(board["new"])) == (7, ["light"])
    await online.leave()
    board = (await event(viewer))["boards"][key(network)]
    assert (board["online"], board["new"]) == (False, {})


async def test_quick_changes_are_one_message(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """What happens right after a message waits, and nothing of it is lost."""
    viewer = await hass_ws_client()
    await viewer.send_json_auto_id({"type": "esp32_sensors/subscribe_boards"})
    await viewer.receive_json()
    await event(viewer)
    for value in 1, 0, 1:
        await online.button(value)
    await online.light(8)
    await later(hass, freezer, websocket_api.PACE + 0.1)
    board = (await event(viewer))["boards"][key(network)]
    assert [value for _, value in board["new"]["button"]] == [1, 0, 1]
    assert [value for _, value in board["new"]["light"]] == [8]
    await viewer.close()
    await hass.async_block_till_done()
    # Somebody who left while something was on its way.
    viewer = await hass_ws_client()
    await viewer.send_json_auto_id({"type": "esp32_sensors/subscribe_boards"})
    await viewer.receive_json()
    await event(viewer)
    await online.light(9)
    await viewer.close()


async def test_new_board(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    subscribe: Subscribe,
) -> None:
    """A board that comes is told of with all that is known of it."""
    viewer = await subscribe()
    await event(viewer)
    board = FakeBoard(hass, mqtt_mock)
    await board.join()
    told = (await event(viewer))["boards"][key(network)]
    assert (told["mac"], told["online"], told["led"]) == (MAC, False, None)
    assert told["last_seen"] is None
    await board.start()
    while not told["online"]:
        told = (await event(viewer))["boards"][key(network)]


async def test_deleted_board(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
) -> None:
    """A board that is deleted is gone from the page."""
    second = timedelta(seconds=2)
    async_fire_time_changed(hass, dt_util.utcnow() + second)
    viewer = await subscribe()
    await event(viewer)
    running = network.runtime_data
    await running.async_forget(running.registry.boards[MAC], online.device)
    async_fire_time_changed(hass, dt_util.utcnow() + 2 * second)
    assert await event(viewer) == {"boards": {}, "gone": [key(network)]}


async def test_network_comes_and_goes(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    set_up: SetUp,
    subscribe: Subscribe,
) -> None:
    """The boards of a network that is unloaded are gone, until it is back."""
    viewer = await subscribe()
    await event(viewer)
    await hass.config_entries.async_unload(network.entry_id)
    assert await event(viewer) == {"boards": {}, "gone": [key(network)]}
    await hass.config_entries.async_setup(network.entry_id)
    told = (await event(viewer))["boards"][key(network)]
    assert (told["name"], told["online"], told["led"]) == ("capteur01", False, False)
    other = await set_up("user/")
    other_board = FakeBoard(hass, online._mqtt, OTHER_MAC, prefix="user/")
    await other_board.join()
    assert list((await event(viewer))["boards"]) == [key(other, OTHER_MAC)]
    await hass.config_entries.async_remove(other.entry_id)
    assert (await event(viewer))["gone"] == [key(other, OTHER_MAC)]
    await viewer.close()
    await hass.async_block_till_done()


async def test_who_may_only_look(
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
    hass_admin_user: MockUser,
) -> None:
    """Somebody who may read but not control is told so."""
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({"entities": {"all": {"read": True}}})
    viewer = await subscribe()
    assert not (await event(viewer))["boards"][key(network)]["control"]


async def test_who_may_see_one_board(
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
    hass_admin_user: MockUser,
) -> None:
    """Boards whose LED somebody may not see are not told of; nor is one without."""
    hass = online.hass
    other = FakeBoard(hass, online._mqtt, OTHER_MAC)
    await other.join()
    await other.start()
    seen = online.entity_id("switch", "led")
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({"entities": {"entity_ids": {seen: True}}})
    viewer = await subscribe()
    boards = (await event(viewer))["boards"]
    assert list(boards) == [key(network)]
    assert boards[key(network)]["control"]
    er.async_get(hass).async_remove(other.entity_id("switch", "led"))
    await other.light(1)
    await online.light(2)
    assert list((await event(viewer))["boards"]) == [key(network)]


async def test_other_integrations_change(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
) -> None:
    """Entries of other integrations are nobody's business."""
    viewer = await subscribe()
    await event(viewer)
    (broker,) = hass.config_entries.async_entries("mqtt")
    hass.config_entries.async_update_entry(broker, title="Broker")
    hass.config_entries.async_update_entry(network, title="Garden")
    await online.light(3)
    assert list((await event(viewer))["boards"]) == [key(network)]


async def test_gone_before_it_was_told_of(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a board that comes and goes between two messages nothing is said."""
    viewer = await hass_ws_client()
    await viewer.send_json_auto_id({"type": "esp32_sensors/subscribe_boards"})
    await viewer.receive_json()
    await event(viewer)
    await FakeBoard(hass, mqtt_mock).join()
    await hass.config_entries.async_unload(network.entry_id)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=1))
    monkeypatch.setattr(websocket_api, "PACE", 0)
    await hass.config_entries.async_setup(network.entry_id)
    assert list((await event(viewer))["boards"]) == [key(network)]
