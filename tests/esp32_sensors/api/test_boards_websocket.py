"""Tests of the WebSocket command of the dashboards."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

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

from custom_components.esp32_sensors.api import subscription
from custom_components.esp32_sensors.api.boards_websocket import Viewer
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from tests.esp32_sensors.conftest import MAC, FakeBoard, SetUp, later

OTHER_MAC = "24:0A:C4:12:9F:03"

type Event = dict[str, Any]
type Subscribe = Callable[[], Awaitable[MockHAClientWebSocket]]


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch) -> float:
    """Send all changes without a delay."""
    monkeypatch.setattr(subscription, "PACE", 0)
    return 0


@pytest.fixture
async def subscribe(hass_ws_client: WebSocketGenerator, pace: float) -> Subscribe:
    """Return a function that subscribes to the boards."""

    async def subscribe() -> MockHAClientWebSocket:
        client = await hass_ws_client()
        await client.send_json_auto_id({"type": "esp32_sensors/subscribe_boards"})
        assert (await client.receive_json())["success"]
        return client

    return subscribe


async def event(client: MockHAClientWebSocket) -> Event:
    """Return the next event of a viewer about boards, without the states of networks.

    Those have their tests in ``test_network_states.py``; a snapshot has both.
    """
    async with asyncio.timeout(5):
        while True:
            message: Event = (await client.receive_json())["event"]
            if message.get("snapshot"):
                return message
            message.pop("networks", None)
            if message["boards"] or message["gone"]:
                return message


def key(entry: ConfigEntry, mac: str = MAC) -> str:
    """Return the key of a board in messages."""
    return f"{entry.entry_id}/{mac}"


@pytest.fixture
def start(freezer: FrozenDateTimeFactory) -> datetime:
    """Set the clock to a time with microseconds, as a session id has them."""
    start = datetime(2026, 11, 21, 8, 0, 0, 123456, UTC)
    freezer.move_to(start)
    return start


async def test_snapshot(
    start: datetime, network: ConfigEntry, online: FakeBoard, subscribe: Subscribe
) -> None:
    """The first message has all data of every board except its session id."""
    await online.button(1)
    viewer = await subscribe()
    message = await event(viewer)
    board = message["boards"][key(network)]
    readings = board.pop("readings")
    assert (
        board.items()
        >= {
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
        }.items()
    )
    values = {kind: [value for _, value in all_] for kind, all_ in readings.items()}
    for kind, expected in {"led": [0], "button": [1], "light": [50]}.items():
        assert values[kind] == expected
    assert (message["snapshot"], message["gone"]) == (True, [])


async def test_nothing_there(network: ConfigEntry, subscribe: Subscribe) -> None:
    """A network without boards leads to an empty snapshot."""
    viewer = await subscribe()
    assert await event(viewer) == {
        "snapshot": True,
        "boards": {},
        "gone": [],
        "networks": {network.entry_id: "connected"},
    }


async def test_changes(
    network: ConfigEntry, online: FakeBoard, subscribe: Subscribe
) -> None:
    """Each reading is sent once, with the state after it."""
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
    """Changes right after a message are collected, and none of them is lost."""
    viewer = await hass_ws_client()
    await viewer.send_json_auto_id({"type": "esp32_sensors/subscribe_boards"})
    await viewer.receive_json()
    await event(viewer)
    for value in 1, 0, 1:
        await online.button(value)
    await online.light(8)
    await later(hass, freezer, subscription.PACE + 0.1)
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
    """A new board is sent with all its data."""
    viewer = await subscribe()
    await event(viewer)
    board = FakeBoard(hass, mqtt_mock)
    await board.join()
    message = (await event(viewer))["boards"][key(network)]
    assert (message["mac"], message["online"], message["led"]) == (MAC, False, None)
    assert message["last_seen"] is None
    await board.start()
    while not message["online"]:
        message = (await event(viewer))["boards"][key(network)]


async def test_deleted_board(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
) -> None:
    """The key of a deleted board is sent."""
    second = timedelta(seconds=2)
    async_fire_time_changed(hass, dt_util.utcnow() + second)
    viewer = await subscribe()
    await event(viewer)
    running = network.runtime_data
    await running.management.async_forget(running.registry.boards[MAC], online.device)
    async_fire_time_changed(hass, dt_util.utcnow() + 2 * second)
    assert await event(viewer) == {"boards": {}, "gone": [key(network)]}


async def test_network_comes_and_goes(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    set_up: SetUp,
    subscribe: Subscribe,
) -> None:
    """The boards of an unloaded network are gone until it is loaded again."""
    viewer = await subscribe()
    await event(viewer)
    await hass.config_entries.async_unload(network.entry_id)
    assert await event(viewer) == {"boards": {}, "gone": [key(network)]}
    await hass.config_entries.async_setup(network.entry_id)
    message = (await event(viewer))["boards"][key(network)]
    assert (message["name"], message["online"], message["led"]) == (
        "capteur01",
        False,
        False,
    )
    other = await set_up("user/")
    other_board = FakeBoard(hass, online.mqtt, OTHER_MAC, prefix="user/")
    await other_board.join()
    assert list((await event(viewer))["boards"]) == [key(other, OTHER_MAC)]
    await hass.config_entries.async_remove(other.entry_id)
    assert (await event(viewer))["gone"] == [key(other, OTHER_MAC)]
    await viewer.close()
    await hass.async_block_till_done()


async def test_read_only_user(
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
    hass_admin_user: MockUser,
) -> None:
    """A user without permission to control gets ``control: false``."""
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({"entities": {"all": {"read": True}}})
    viewer = await subscribe()
    assert not (await event(viewer))["boards"][key(network)]["control"]


async def test_permission_on_one_board(
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
    hass_admin_user: MockUser,
) -> None:
    """Boards are sent only to users with permission on their LED, which must exist."""
    hass = online.hass
    other = FakeBoard(hass, online.mqtt, OTHER_MAC)
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
    """Changes of other config entries have no effect."""
    viewer = await subscribe()
    await event(viewer)
    (broker,) = hass.config_entries.async_entries("mqtt")
    hass.config_entries.async_update_entry(broker, title="Broker")
    hass.config_entries.async_update_entry(network, title="Garden")
    await online.light(3)
    assert list((await event(viewer))["boards"]) == [key(network)]


async def test_removed_before_it_was_sent(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A board that joins and is removed between two messages is not sent."""
    viewer = await hass_ws_client()
    await viewer.send_json_auto_id({"type": "esp32_sensors/subscribe_boards"})
    await viewer.receive_json()
    await event(viewer)
    await FakeBoard(hass, mqtt_mock).join()
    await hass.config_entries.async_unload(network.entry_id)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=1))
    monkeypatch.setattr(subscription, "PACE", 0)
    await hass.config_entries.async_setup(network.entry_id)
    assert list((await event(viewer))["boards"]) == [key(network)]


async def test_permission_is_withdrawn(
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
    hass_admin_user: MockUser,
) -> None:
    """A board is removed for a user who loses the permission, and added when it is granted again."""
    viewer = await subscribe()
    await event(viewer)
    hass_admin_user.mock_policy({})
    hass_admin_user.groups = []
    await online.light(2)
    assert await event(viewer) == {"boards": {}, "gone": [key(network)]}
    hass_admin_user.mock_policy({"entities": {"all": {"read": True}}})
    online.hass.bus.async_fire("user_updated", {"user_id": hass_admin_user.id})
    online.hass.bus.async_fire("user_updated", {"user_id": "somebody else"})
    board = (await event(viewer))["boards"][key(network)]
    assert (board["light"], board["control"]) == (2, False)
    hass_admin_user.mock_policy({"entities": {"all": True}})
    online.hass.bus.async_fire("user_updated", {"user_id": hass_admin_user.id})
    board = (await event(viewer))["boards"][key(network)]
    assert board["control"]


async def test_led_that_is_removed(
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
    hass_admin_user: MockUser,
) -> None:
    """A user with permission on an LED loses the board when the LED is removed or renamed."""
    led = online.entity_id("switch", "led")
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({"entities": {"entity_ids": {led: True}}})
    viewer = await subscribe()
    assert list((await event(viewer))["boards"]) == [key(network)]
    entities = er.async_get(online.hass)
    entities.async_update_entity(led, name="Lamp")
    entities.async_update_entity(led, new_entity_id="switch.lamp")
    await online.hass.async_block_till_done()
    assert (await event(viewer))["gone"] == [key(network)]
    hass_admin_user.mock_policy({"entities": {"entity_ids": {"switch.lamp": True}}})
    await online.light(3)
    assert list((await event(viewer))["boards"]) == [key(network)]
    entities.async_remove("switch.lamp")
    await online.hass.async_block_till_done()
    assert (await event(viewer))["gone"] == [key(network)]


@pytest.mark.parametrize("how", ["deleted", "deactivated"])
async def test_user_is_deleted_or_deactivated(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    subscribe: Subscribe,
    hass_admin_user: MockUser,
    *,
    how: str,
) -> None:
    """A subscription ends when its user is deleted or deactivated."""
    viewer = await subscribe()
    await event(viewer)
    if how == "deactivated":
        hass_admin_user.is_active = False
        hass.bus.async_fire("user_updated", {"user_id": hass_admin_user.id})
    else:
        hass.bus.async_fire("user_removed", {"user_id": hass_admin_user.id})
    await hass.async_block_till_done()
    assert await event(viewer) == {"boards": {}, "gone": [key(network)]}
    await online.light(4)
    await viewer.send_json_auto_id({"type": "ping"})
    assert (await viewer.receive_json())["type"] == "pong"


async def test_token_is_revoked(
    hass: HomeAssistant,
    online: FakeBoard,
    subscribe: Subscribe,
    hass_admin_user: MockUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A subscription ends when the token of its connection is revoked."""
    stop = Viewer.async_stop
    stopped: list[Viewer] = []

    def async_stop(viewer: Viewer) -> None:
        stopped.append(viewer)
        stop(viewer)

    monkeypatch.setattr(Viewer, "async_stop", async_stop)
    await event(await subscribe())
    assert not stopped
    (token,) = hass_admin_user.refresh_tokens.values()
    hass.auth.async_remove_refresh_token(token)
    await hass.async_block_till_done()
    assert len(stopped) == 1


async def test_disabled_device(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard, subscribe: Subscribe
) -> None:
    """A board whose device is disabled is not shown, until it is enabled again."""
    viewer = await subscribe()
    await event(viewer)
    devices = dr.async_get(hass)
    device = online.device
    devices.async_update_device(device.id, name_by_user="Hall")
    devices.async_update_device(device.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await hass.async_block_till_done()
    message = await event(viewer)
    assert message == {"boards": {}, "gone": [key(network)]}
    await online.light(5)
    assert (await event(await subscribe()))["boards"] == {}
    devices.async_update_device(device.id, disabled_by=None)
    await hass.async_block_till_done()
    assert (await event(viewer))["boards"][key(network)]["light"] == 5


async def test_discarded_message_drops_no_board(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """Changed statistics remove no board from the page."""
    connection = Mock(refresh_token_id=None)
    viewer = Viewer(hass, connection, 1)
    viewer.async_start()
    await online.light("x")
    await later(hass, freezer, 1)
    assert network.runtime_data.statistics.discarded.total() == 1
    await online.light(7)
    await later(hass, freezer, 1)
    events = [call.args[1] for call in connection.send_event.call_args_list]
    assert [event["gone"] for event in events] == [[]] * len(events)
    assert list(events[-1]["boards"]) == [key(network)]
    viewer.async_stop()


async def test_pace(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A message is sent at once after a pause, and else 0.2 s after the last one."""
    waits: list[float] = []
    clock = [1000.0]
    monkeypatch.setattr(subscription, "monotonic", lambda: clock[0])
    call_later = async_call_later

    def record(hass: HomeAssistant, delay: float, action: Any) -> Callable[[], None]:
        waits.append(delay)
        return call_later(hass, delay, action)

    monkeypatch.setattr(subscription, "async_call_later", record)
    connection = Mock(refresh_token_id=None)
    viewer = Viewer(hass, connection, 1)
    viewer.async_start()
    await later(hass, freezer, 1)
    waits.clear()
    await online.light(1)
    assert waits == [pytest.approx(0.2)]
    # Further changes wait for the same message.
    await online.light(2)
    assert len(waits) == 1
    assert connection.send_event.call_count == 1
    await later(hass, freezer, 1)
    assert connection.send_event.call_count == 2
    _, message = connection.send_event.call_args.args
    new = message["boards"][key(network)]["new"]["light"]
    assert [value for _, value in new] == [1, 2]
    clock[0] += 0.15
    await online.light(3)
    await later(hass, freezer, 1)
    clock[0] += 0.2
    await online.light(4)
    assert waits[1:] == [pytest.approx(0.05), 0]
    viewer.async_stop()


async def test_nothing_after_unsubscribing(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    set_up: SetUp,
) -> None:
    """A viewer that has unsubscribed gets nothing, also of networks that are added."""
    sent: list[Event] = []
    connection = Mock(refresh_token_id=None)
    connection.send_event = lambda _subscription, event: sent.append(event)
    viewer = Viewer(hass, connection, 1)
    viewer.async_start()
    await online.light(1)
    viewer.async_stop()
    await online.light(2)
    await set_up("user/")
    await FakeBoard(hass, online.mqtt, OTHER_MAC, prefix="user/").join()
    await later(hass, freezer, 1)
    assert len(sent) == 1
