"""Tests of messages from the boards."""

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.core.readings import KINDS
from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from simulator.boards.behaviour import QOS
from tests.esp32_sensors.conftest import MAC, FakeBoard, SetUp, change_options, later


@pytest.mark.rule("S-60")
async def test_closed(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, set_up: SetUp
) -> None:
    """A closed network admits no new boards and serves the known ones."""
    entry = await set_up()
    known = FakeBoard(hass, mqtt_mock)
    await known.join()
    await change_options(hass, entry, admission="closed")
    await known.join()
    await known.start()
    assert known.states["online"] == "on"
    stranger = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await stranger.join()
    assert stranger.name == ""
    assert entry.runtime_data.statistics.discarded == {"not_admitted": 1}


OFFLINE = {
    "online": "off",
    "led": "unavailable",
    "button": "unavailable",
    "light": "unavailable",
}


@pytest.mark.rule("S-10", "S-11", "S-13", "S-15", "S-20", "S-30", "S-32", "S-40")
async def test_session(hass: HomeAssistant, board: FakeBoard) -> None:
    """A board joins, starts, reports, leaves, and joins again."""
    await board.join()
    assert board.name == "capteur01"
    assert board.states == OFFLINE
    await board.start()
    assert board.states == {
        "online": "on",
        "led": "unknown",
        "button": "off",
        "light": "unknown",
    }
    await board.led(1)
    await board.button(1)
    await board.light(58)
    shown = {"online": "on", "led": "on", "button": "on", "light": "58"}
    assert board.states == shown
    await board.leave()
    assert board.states == OFFLINE

    old = board.credentials
    await board.join()
    assert (board.name, board.credentials > old) == ("capteur01", True)
    await board.start()
    await board.led(0)
    await board.light(3)
    shown = {"online": "on", "led": "off", "button": "off", "light": "3"}
    assert board.states == shown
    for topic in ("led/status", "button/status", "photoresistor/status"):
        await board.publish(topic, f"{old};1")
    await board.publish("state/leave", old)
    assert board.states == shown


async def test_subscriptions(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: MqttMockHAClient
) -> None:
    """The subscriptions have the QoS of the boards and match shared and directed topics."""
    await set_up("user/")
    asked_for = {
        call.args[0]: call.args[2]
        for call in mqtt_mock.async_subscribe.call_args_list
        if call.args[0].startswith("user/")
    }
    qos = {
        "user/state/join": 2,
        "user/state/leave": 2,
        "user/state/nameAssign": 0,
        "user/state/info": 0,
        **{f"user/{kind.topic}": QOS[kind.topic] for kind in KINDS},
    }
    assert asked_for == {f"{topic}/#": qos[topic] for topic in qos}


@pytest.mark.rule("S-02", "S-03", "S-12")
async def test_many_boards(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> None:
    """Boards that join at the same time get different names."""
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:{n:02X}") for n in range(20)]
    for board in boards:
        async_fire_mqtt_message(hass, "state/join", board.mac, qos=2)
    await hass.async_block_till_done(wait_background_tasks=True)
    for board in boards:
        await board.join()
        await board.start()
    assert [board.name for board in boards] == [f"capteur{n:02}" for n in range(1, 21)]
    assert len({board.session_id for board in boards}) == 20
    # No more than asked for: the repeated join was answered with the same once more.
    assert len(boards[0].received("state/nameAssign")) == 40
    assert all(board.state("binary_sensor", "connectivity") == "on" for board in boards)


@pytest.mark.rule("S-01")
async def test_lower_case(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, online: FakeBoard
) -> None:
    """A board that writes its MAC in lower case is answered in lower case and is the same board."""
    lower = FakeBoard(hass, mqtt_mock, MAC.lower())
    await lower.join()
    assert lower.name == online.name


@pytest.mark.rule("S-50", "S-51")
async def test_directed(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, set_up: SetUp
) -> None:
    """On directed topics only messages of their board are accepted."""
    entry = await set_up("user/")
    board = FakeBoard(hass, mqtt_mock, prefix="user/", directed=True)
    await board.join()
    await board.start()
    await board.led(1)
    assert board.states["led"] == "on"
    other = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01", "user/", directed=True)
    await other.publish("state/leave", board.credentials)
    await other.publish("state/join", board.mac)
    assert board.states["led"] == "on"
    assert entry.runtime_data.statistics.discarded == {"other_topic": 2}


@pytest.mark.rule("S-12")
async def test_repeated_join(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """A repeated join gets the same assignment for 30 s."""
    await board.join()
    first = board.credentials
    freezer.tick(29)
    await board.join()
    assert board.credentials == first
    freezer.tick(2)
    await board.join()
    assert board.credentials != first


@pytest.mark.rule("S-14", "S-15", "S-23")
async def test_connection_lost(hass: HomeAssistant, online: FakeBoard) -> None:
    """All boards are offline without a broker, and online again with their next message."""
    await online.button(1)
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, False)
    assert online.states == OFFLINE
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, True)
    assert online.states == OFFLINE
    await online.light(50)
    assert online.states == {
        "online": "on",
        "led": "off",
        "button": "off",
        "light": "50",
    }


@pytest.mark.rule("S-14", "S-22")
async def test_silence(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """A board is offline after the silence limit and online with its next message."""
    await later(hass, freezer, 29)
    assert online.states["online"] == "on"
    await later(hass, freezer, 2)
    assert online.states == OFFLINE
    await online.light(7)
    assert online.states["light"] == "7"
    assert online.states["led"] == "off"
