"""Boards and Home Assistant, over MQTT."""

import asyncio
from functools import partial
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util.file import WriteError

from .conftest import MAC, FakeBoard, SetUp, later, restart

OFFLINE = {
    "online": "off",
    "led": "unavailable",
    "button": "unavailable",
    "light": "unavailable",
}


async def switch(hass: HomeAssistant, board: FakeBoard, service: str) -> None:
    """Switch the LED as a person does."""
    await hass.services.async_call(
        "switch",
        service,
        {"entity_id": board.entity_id("switch", "led")},
        blocking=True,
    )


@pytest.mark.rule("S-10", "S-11", "S-13", "S-15", "S-20", "S-30", "S-32", "S-40")
async def test_session(hass: HomeAssistant, board: FakeBoard) -> None:
    """A board joins, starts, tells, leaves, and comes again."""
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
        await board.say(topic, f"{old};1")
    await board.say("state/leave", old)
    assert board.states == shown


async def test_subscriptions(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: MqttMockHAClient
) -> None:
    """What boards say is subscribed to in the QoS they say it in, on shared topics and on their own."""
    entry = await set_up("user/")
    asked_for = {
        call.args[0]: call.args[2]
        for call in mqtt_mock.async_subscribe.call_args_list
        if isinstance(call.args[1], partial)
        and call.args[1].func == entry.runtime_data._receive
    }
    qos = {
        "user/state/join": 2,
        "user/state/leave": 2,
        "user/led/status": 1,
        "user/button/status": 0,
        "user/photoresistor/status": 0,
    }
    assert asked_for == qos | {f"{topic}/+": qos[topic] for topic in qos}


async def test_device(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A board is a device that belongs to its network."""
    devices = dr.async_get(hass)
    device = devices.async_get_device_by_identifier((DOMAIN, MAC), network.entry_id)
    assert device is not None
    assert device.name == "capteur01"
    assert device.connections == {(dr.CONNECTION_NETWORK_MAC, MAC.lower())}
    hub = devices.async_get_device_by_identifier(
        (DOMAIN, network.entry_id), network.entry_id
    )
    assert hub is not None
    assert device.via_device_id == hub.id
    assert online.entity_id("switch", "led") == "switch.capteur01_led"
    assert online.entity_id("event", "button") == "event.capteur01_button"


@pytest.mark.rule("S-02", "S-03", "S-12")
async def test_many_boards(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> None:
    """Boards that join at once get a name each."""
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:{n:02X}") for n in range(20)]
    for board in boards:
        async_fire_mqtt_message(hass, "state/join", board.mac)
    await hass.async_block_till_done(wait_background_tasks=True)
    for board in boards:
        await board.join()
        await board.start()
    assert [board.name for board in boards] == [f"capteur{n:02}" for n in range(1, 21)]
    assert len({board.session_id for board in boards}) == 20
    # No more than asked for: the repeated join was answered with the same once more.
    assert len(boards[0].heard("state/nameAssign")) == 40
    assert all(board.state("binary_sensor", "connectivity") == "on" for board in boards)


async def test_asks_while_answer_waits(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> None:
    """Assignments go out a few at a time; who asks while it waits is answered once."""
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:{n:02X}") for n in range(6)]
    gate = asyncio.Event()
    publish = mqtt_mock.async_publish

    async def slow(*args: Any, **kwargs: Any) -> None:
        await gate.wait()
        await publish(*args, **kwargs)

    with patch.object(mqtt_mock, "async_publish", side_effect=slow) as sent:
        for board in boards:
            board.waits = False
            await board.say("state/join", board.mac)
        assert sent.call_count == 4
        await boards[5].say("state/join", boards[5].mac)
        assert sent.call_count == 4
        gate.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert sent.call_count == 6


@pytest.mark.rule("S-31")
async def test_event(hass: HomeAssistant, online: FakeBoard) -> None:
    """Every push and release is an event."""
    seen = []
    hass.bus.async_listen(
        "state_changed",
        lambda event: (
            seen.append(event.data["new_state"].attributes.get("event_type"))
            if event.data["entity_id"] == online.entity_id("event", "button")
            else None
        ),
    )
    for value in (1, 0, 1, 1, 0):
        await online.button(value)
    assert seen == [
        "press_start",
        "press_end",
        "press_start",
        "press_start",
        "press_end",
    ]
    await online.leave()
    assert online.state("event", "button") == "unavailable"


@pytest.mark.rule("S-14", "S-31")
async def test_push_that_brings_it_back(hass: HomeAssistant, online: FakeBoard) -> None:
    """A push is one also where it is the first that is heard of a board again."""
    await online.button(1)
    await online.leave()
    seen = async_capture_events(hass, "state_changed")
    for value in (1, 0):
        await online.button(value)
    told = [
        (old.state, old.attributes.get("event_type"), new.attributes["event_type"])
        for event in seen
        if (new := event.data["new_state"]).entity_id
        == online.entity_id("event", "button")
        and (old := event.data["old_state"])
    ]
    # What automations take as a push does not begin as unavailable.
    assert [(before, now) for state, before, now in told if state != "unavailable"] == [
        ("press_start", "press_start"),
        ("press_start", "press_end"),
    ]
    pushed = [
        (event.data["old_state"].state, event.data["new_state"].state)
        for event in seen
        if event.data["entity_id"] == online.entity_id("binary_sensor", "button")
    ]
    assert pushed == [("unavailable", "off"), ("off", "on"), ("on", "off")]


@pytest.mark.rule("S-32", "S-40", "S-42")
@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("state/join", "61:EC:ED:3B:25", "malformed"),
        ("state/join", "{name};{session};1", "malformed"),
        ("state/join", "nobody;1743946777.603371", "unknown_name"),
        ("state/leave", "{name};1743946777.603371", "other_session"),
        ("state/leave", MAC, "malformed"),
        ("led/status", "{name};{session}", "malformed"),
        ("led/status", "{name};{session};2", "bad_value"),
        ("button/status", "{name};{session};on", "bad_value"),
        ("photoresistor/status", "{name};{session};101", "bad_value"),
        ("photoresistor/status", "{name};{session};-1", "bad_value"),
        ("photoresistor/status", "{name};{session};5.5", "bad_value"),
        ("photoresistor/status", "{name};{session};²", "bad_value"),
        ("photoresistor/status", "{name};{session};", "bad_value"),
        ("photoresistor/status", b"\xff;1;1", "not_utf8"),
        ("photoresistor/status", b"0" * 65536, "too_long"),
    ],
)
async def test_garbage(
    online: FakeBoard,
    network: ConfigEntry,
    caplog: pytest.LogCaptureFixture,
    *,
    topic: str,
    payload: str | bytes,
    reason: str,
) -> None:
    """What cannot be understood is counted, logged once, and changes nothing."""
    if isinstance(payload, str):
        payload = payload.format(name=online.name, session=online.session_id)
    before = online.states
    caplog.clear()
    await online.say(topic, payload)
    await online.say(topic, payload)
    assert online.states == before
    assert network.runtime_data.discarded == {reason: 2}
    logged = [r for r in caplog.records if r.name.startswith("custom_components")]
    assert len(logged) == 1
    assert len(logged[0].getMessage()) < 300


async def test_first_that_can_be_seen(
    network: ConfigEntry, online: FakeBoard, caplog: pytest.LogCaptureFixture
) -> None:
    """What is only logged for who wants to see more is there when they do."""
    logger = "custom_components.esp32_sensors"
    caplog.set_level("INFO", logger)
    old = f"{online.name};0000000000.000000;1"
    await online.say("led/status", old)
    assert "other_session" not in caplog.text
    caplog.set_level("DEBUG", logger)
    await online.say("led/status", old)
    await online.say("led/status", old)
    assert caplog.text.count("other_session") == 1
    assert network.runtime_data.discarded == {"other_session": 3}


async def test_value_is_shown(
    online: FakeBoard, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever writes firmware reads in the log which value it was."""
    await online.light("101")
    assert f"b'{online.name};...;101'" in caplog.text


@pytest.mark.parametrize("topic", ["state/join", "state/leave", "led/status"])
async def test_session_ids_stay_secret(
    online: FakeBoard, caplog: pytest.LogCaptureFixture, topic: str
) -> None:
    """Whatever a board says wrongly, its session id is not in the log."""
    caplog.clear()
    await online.say(topic, f"{MAC};{online.credentials}")
    await online.say("state/join", f"{online.credentials}\n;1")
    logged = [r for r in caplog.records if r.name.startswith("custom_components")]
    assert logged
    assert not any(online.session_id in r.getMessage() for r in logged)


@pytest.mark.rule("S-41")
async def test_retained(online: FakeBoard, network: ConfigEntry) -> None:
    """Whatever is retained is dropped."""
    await online.say("state/leave", online.credentials, retain=True)
    await online.say("state/join", "AA:00:00:00:00:01", retain=True)
    assert online.states["online"] == "on"
    assert len(network.runtime_data.registry.boards) == 1
    assert network.runtime_data.discarded == {"retained": 2}


@pytest.mark.rule("S-01")
async def test_lower_case(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, online: FakeBoard
) -> None:
    """A board that writes its MAC in lower case is answered so, and is the same."""
    lower = FakeBoard(hass, mqtt_mock, MAC.lower())
    await lower.join()
    assert lower.name == online.name


@pytest.mark.rule("S-50", "S-51")
async def test_directed(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, set_up: SetUp
) -> None:
    """A board may have topics of its own; nobody else is heard on them."""
    entry = await set_up("user/")
    board = FakeBoard(hass, mqtt_mock, prefix="user/", directed=True)
    await board.join()
    await board.start()
    await board.led(1)
    assert board.states["led"] == "on"
    other = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01", "user/", directed=True)
    await other.say("state/leave", board.credentials)
    await other.say("state/join", board.mac)
    assert board.states["led"] == "on"
    assert entry.runtime_data.discarded == {"other_topic": 2}


@pytest.mark.rule("S-33", "S-34")
async def test_led_command(hass: HomeAssistant, online: FakeBoard) -> None:
    """A command is done when the board has confirmed it, and not before."""
    online.waits = False
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await online.button(1)
    assert online.heard("led/command") == [f"{online.credentials};1"]
    assert online.states["led"] == "off"
    assert not command.done()
    # Said twice before anyone could look.
    async_fire_mqtt_message(hass, "led/status", f"{online.credentials};1")
    await online.led(1)
    await command
    assert online.states["led"] == "on"


@pytest.mark.rule("S-34")
async def test_led_already_there(hass: HomeAssistant, online: FakeBoard) -> None:
    """A board says nothing when its LED is as it should be: there is no waiting."""
    await switch(hass, online, "turn_off")
    assert online.heard("led/command") == [f"{online.credentials};0"]


@pytest.mark.rule("S-30", "S-34")
async def test_led_two_at_once(hass: HomeAssistant, online: FakeBoard) -> None:
    """Two who switch at once both see what became of it."""
    online.waits = False
    on = asyncio.create_task(switch(hass, online, "turn_on"))
    off = asyncio.create_task(switch(hass, online, "turn_off"))
    await online.led(1)
    await online.led(1)
    assert on.done()
    assert not off.done()
    await online.led(0)
    await off
    assert online.states["led"] == "off"


@pytest.mark.rule("S-30", "S-34")
async def test_led_not_confirmed(hass: HomeAssistant, online: FakeBoard) -> None:
    """Without a confirmation it is an error, and nothing pretends to be on."""
    with (
        patch("custom_components.esp32_sensors.commands.CONFIRMATION_TIMEOUT", 0.01),
        pytest.raises(HomeAssistantError, match="did not confirm") as raised,
    ):
        await switch(hass, online, "turn_on")
    assert raised.value.translation_key == "not_confirmed"
    assert online.states["led"] == "off"


@pytest.mark.parametrize("gone", ["leave", "join"])
async def test_led_board_leaves(
    hass: HomeAssistant, online: FakeBoard, gone: str
) -> None:
    """A board that leaves will not confirm."""
    online.waits = False
    command = asyncio.create_task(switch(hass, online, "turn_on"))
    await asyncio.sleep(0)
    await getattr(online, gone)()
    await online.start()
    with pytest.raises(HomeAssistantError, match="left before"):
        await command


@pytest.mark.rule("S-33")
async def test_led_offline(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A board that is offline is sent nothing."""
    await online.leave()
    record = network.runtime_data.registry.boards[MAC]
    with pytest.raises(HomeAssistantError, match="is offline"):
        await network.runtime_data.leds.async_switch(record, True)
    assert online.heard("led/command") == []


@pytest.mark.rule("S-14", "S-22")
async def test_silence(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """A board that is silent too long is gone, and back when it is heard."""
    await later(hass, freezer, 29)
    assert online.states["online"] == "on"
    await later(hass, freezer, 2)
    assert online.states == OFFLINE
    await online.light(7)
    assert online.states["light"] == "7"
    assert online.states["led"] == "off"


@pytest.mark.rule("S-12")
async def test_repeated_join(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """A board that asks again gets the same again, for 30 s."""
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
    """Nobody is online without a broker; those who are heard again are."""
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


@pytest.mark.rule("S-02", "S-04", "S-23")
async def test_restart(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    mqtt_mock: MqttMockHAClient,
) -> None:
    """Boards go on with their sessions; who is not heard is not there."""
    quiet = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01")
    await quiet.join()
    await quiet.start()
    await online.led(1)
    for value in range(12):
        await online.light(value)
    await restart(hass, network)
    assert online.states == quiet.states == OFFLINE
    await online.button(1)
    assert online.states == {"online": "on", "led": "on", "button": "on", "light": "11"}
    assert quiet.states == OFFLINE
    old = quiet.credentials
    await quiet.join()
    assert (quiet.name, quiet.credentials > old) == ("capteur02", True)
    new = FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:02")
    await new.join()
    assert new.name == "capteur03"
    record = network.runtime_data.registry.boards[MAC]
    assert [value for _, value in record.light_readings] == list(range(2, 12))


@pytest.mark.rule("S-05")
async def test_kill(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    hass_storage: dict[str, Any],
) -> None:
    """What a board was told is on the disk before; values follow within seconds."""
    sessions = f"{DOMAIN}.{network.entry_id}.sessions"
    values = f"{DOMAIN}.{network.entry_id}.values"
    assert (
        hass_storage[sessions]["data"]["boards"][0]["session_id"] == online.session_id
    )
    assert values not in hass_storage
    await later(hass, freezer, 11)
    assert hass_storage[values]["data"][MAC]["led"] is False
    await online.light(99)
    await later(hass, freezer, 11)
    assert hass_storage[values]["data"][MAC]["light"] == 50
    await online.light(99)
    await later(hass, freezer, 50)
    assert hass_storage[values]["data"][MAC]["light"] == 99
    await online.light(98)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert hass_storage[values]["data"][MAC]["light"] == 98


async def test_values_of_an_older_session(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """After a crash, values may be older than the session: they are only history."""
    await network.runtime_data.async_stop()
    await online.join()
    with patch.object(network.runtime_data, "async_stop"):
        await restart(hass, network)
    await online.light(10)
    assert online.states["led"] == "unknown"
    record = network.runtime_data.registry.boards[MAC]
    assert [value for _, value in record.light_readings] == [50, 10]


async def test_no_values(
    hass: HomeAssistant, network: ConfigEntry, board: FakeBoard
) -> None:
    """After a crash there may be no values at all."""
    await network.runtime_data.async_stop()
    await board.join()
    with patch.object(network.runtime_data, "async_stop"):
        await restart(hass, network)
    await board.start()
    assert board.states["online"] == "on"


@pytest.mark.rule("S-04")
async def test_clock_set_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """Session ids grow whatever the clock says."""
    await board.join()
    await board.start()
    first = board.session_id
    freezer.move_to("1999-12-31")
    await board.join()
    assert board.session_id > first
    assert len(board.session_id) == 17


@pytest.mark.rule("S-05")
async def test_disk_full(
    hass: HomeAssistant, board: FakeBoard, caplog: pytest.LogCaptureFixture
) -> None:
    """No board is told a name that is not on the disk; it is told when it is."""
    with (
        patch("custom_components.esp32_sensors.assignments._RETRY", 0),
        patch(
            "homeassistant.helpers.storage.Store._async_write_data",
            side_effect=[WriteError, None],
        ) as write,
    ):
        async_fire_mqtt_message(hass, "state/join", MAC)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert write.call_count == 2
    assert len(board.heard("state/nameAssign")) == 1
    assert "Error writing config for esp32_sensors" in caplog.text


async def test_broker_gone_while_answering(
    hass: HomeAssistant, board: FakeBoard, mqtt_mock: MqttMockHAClient
) -> None:
    """An assignment that cannot be sent is sent when the board asks again."""
    with patch.object(mqtt_mock, "async_publish", side_effect=HomeAssistantError):
        await board.say("state/join", MAC)
    await board.join()
    assert board.name == "capteur01"


async def test_without_mqtt(hass: HomeAssistant, network: ConfigEntry) -> None:
    """Without MQTT the network waits for it."""
    await hass.config_entries.async_unload(network.entry_id)
    with patch(
        "homeassistant.components.mqtt.async_wait_for_mqtt_client", return_value=False
    ):
        await hass.config_entries.async_setup(network.entry_id)
    assert network.state is ConfigEntryState.SETUP_RETRY


async def test_mqtt_reloaded(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """A network that was unloaded is silent, also if MQTT was reloaded before."""
    (mqtt_entry,) = hass.config_entries.async_entries("mqtt")
    # The mock answers for properties itself; behind it is a true client, of which MQTT
    # takes along what it has not subscribed to itself.
    mqtt_mock.subscriptions = {
        subscription
        for subscription in mqtt_mock.return_value.subscriptions
        if "Network._receive" in str(subscription.job)
    }
    assert await hass.config_entries.async_reload(mqtt_entry.entry_id)
    # The client is a new one.
    online._mqtt = hass.data["mqtt"].client
    online._mqtt.connected = True
    await online.join()
    assert len(online.heard("state/nameAssign")) == 1
    await restart(hass, network)
    await online.join()
    assert len(online.heard("state/nameAssign")) == 2
    await hass.config_entries.async_remove(network.entry_id)
    await online.join()
    assert len(online.heard("state/nameAssign")) == 2


async def test_join_while_unloading(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """A board that comes while its network is reloaded is a board like others."""
    early, late = (FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{n}") for n in (1, 2))
    unload = hass.config_entries.async_unload_platforms

    async def unload_and_join(*args: Any) -> bool:
        unloaded = await unload(*args)
        await late.say("state/join", late.mac)
        return unloaded

    with patch.object(hass.config_entries, "async_unload_platforms", unload_and_join):
        # Not shown yet when the network closes.
        async_fire_mqtt_message(hass, "state/join", early.mac)
        await restart(hass, network)
    for board in (early, late):
        await board.join()
        await board.start()
        await board.light(7)
        assert board.states["light"] == "7"


async def test_unload_refused(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A network that cannot be unloaded goes on."""
    with patch.object(
        hass.config_entries, "async_unload_platforms", return_value=False
    ):
        assert not await hass.config_entries.async_unload(network.entry_id)
    await online.light(7)
    assert online.states["light"] == "7"


async def test_remove(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_storage: dict[str, Any],
) -> None:
    """A network that is removed leaves nothing behind."""
    await hass.config_entries.async_remove(network.entry_id)
    await hass.async_block_till_done()
    assert not [key for key in hass_storage if key.startswith(DOMAIN)]
    assert not er.async_entries_for_config_entry(er.async_get(hass), network.entry_id)
