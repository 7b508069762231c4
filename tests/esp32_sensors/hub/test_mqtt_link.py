"""Tests of the MQTT topics of a network."""

from collections.abc import Callable
from pathlib import Path
import re
from unittest.mock import MagicMock

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.core import protocol
from custom_components.esp32_sensors.core.firmware import INFO
from custom_components.esp32_sensors.core.readings import KINDS
from custom_components.esp32_sensors.hub.clock import now
from custom_components.esp32_sensors.hub.mqtt_link import MqttLink
from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from tests.esp32_sensors.conftest import MAC, FakeBoard, SetUp, later, restart


def qos_of_assignments(mqtt_mock: MqttMockHAClient) -> list[int]:
    """Return the QoS of each assignment that was published."""
    return [
        call.kwargs["qos"] if "qos" in call.kwargs else call.args[2]
        for call in mqtt_mock.async_publish.call_args_list
        if call.args[0].startswith("state/nameAssign")
    ]


@pytest.mark.rule("S-16")
@pytest.mark.parametrize(
    ("delivered", "published"), [(0, 1), (1, 1), (2, 2)], ids=lambda qos: f"QoS {qos}"
)
async def test_highest_qos_that_was_delivered(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    delivered: int,
    published: int,
) -> None:
    """QoS 2 is used only with a broker that has delivered it."""
    board = FakeBoard(hass, mqtt_mock, highest_qos=delivered)
    await board.join()
    await board.start()
    assert board.states["online"] == "on"
    assert qos_of_assignments(mqtt_mock) == [published]


@pytest.mark.rule("S-16")
async def test_any_message_is_a_proof(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> None:
    """A message of any board proves the QoS of the broker."""
    await FakeBoard(hass, mqtt_mock).join()
    await FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01", highest_qos=0).publish(
        "state/join", "AA:00:00:00:00:01"
    )
    assert qos_of_assignments(mqtt_mock) == [2, 2]


@pytest.mark.rule("S-16")
@pytest.mark.parametrize(
    "reconnect",
    [
        lambda hass: async_dispatcher_send(hass, MQTT_CONNECTION_STATE, False),
        lambda hass: async_dispatcher_send(hass, MQTT_CONNECTION_STATE, True),
    ],
    ids=["lost", "opened"],
)
async def test_another_connection_may_be_another_broker(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    reconnect: Callable[[HomeAssistant], None],
) -> None:
    """The proof ends when the connection with the broker changes."""
    await FakeBoard(hass, mqtt_mock).join()
    reconnect(hass)
    await FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01", highest_qos=1).publish(
        "state/join", "AA:00:00:00:00:01"
    )
    assert qos_of_assignments(mqtt_mock) == [2, 1]


async def test_no_empty_message(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> None:
    """Publishing an empty payload, which crashes boards, raises an error."""
    link = MqttLink(hass, network, "", now)
    before = mqtt_mock.async_publish.call_count
    with pytest.raises(ValueError, match="led/command"):
        await link.async_publish("led/command", "", 1)
    assert mqtt_mock.async_publish.call_count == before


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
        ("state/info", "{name};{session};firmware", "malformed"),
        ("state/info", "{name};{session};firmware;", "bad_value"),
        ("state/info", "{name};1743946777.603371;firmware;1.0", "other_session"),
        ("photoresistor/status", b"\xff;1;1", "not_utf8"),
        ("photoresistor/status", b"0" * 65536, "too_long"),
    ],
)
async def test_invalid_messages(
    online: FakeBoard,
    network: ConfigEntry,
    caplog: pytest.LogCaptureFixture,
    *,
    topic: str,
    payload: str | bytes,
    reason: str,
) -> None:
    """Invalid messages are counted, logged once, and change nothing."""
    if isinstance(payload, str):
        payload = payload.format(name=online.name, session=online.session_id)
    before = online.states
    caplog.clear()
    await online.publish(topic, payload)
    await online.publish(topic, payload)
    assert online.states == before
    assert network.runtime_data.statistics.discarded == {reason: 2}
    logged = [r for r in caplog.records if r.name.startswith("custom_components")]
    assert len(logged) == 1
    assert len(logged[0].getMessage()) < 300


async def test_log_level_is_raised(
    network: ConfigEntry, online: FakeBoard, caplog: pytest.LogCaptureFixture
) -> None:
    """The first message after the log level was raised is logged."""
    logger = "custom_components.esp32_sensors"
    caplog.set_level("INFO", logger)
    old = f"{online.name};0000000000.000000;1"
    await online.publish("led/status", old)
    assert "other_session" not in caplog.text
    caplog.set_level("DEBUG", logger)
    await online.publish("led/status", old)
    await online.publish("led/status", old)
    assert caplog.text.count("other_session") == 1
    assert network.runtime_data.statistics.discarded == {"other_session": 3}


async def test_value_is_shown(
    online: FakeBoard, caplog: pytest.LogCaptureFixture
) -> None:
    """The log contains the invalid value, for developers of firmware."""
    await online.light("101")
    assert f"b'{online.name};...;101'" in caplog.text


@pytest.mark.parametrize("topic", ["state/join", "state/leave", "led/status"])
async def test_session_ids_stay_secret(
    online: FakeBoard, caplog: pytest.LogCaptureFixture, topic: str
) -> None:
    """Session ids are not in the log, whatever the error."""
    caplog.clear()
    await online.publish(topic, f"{MAC};{online.credentials}")
    await online.publish("state/join", f"{online.credentials}\n;1")
    logged = [r for r in caplog.records if r.name.startswith("custom_components")]
    assert logged
    assert not any(online.session_id in r.getMessage() for r in logged)


@pytest.mark.rule("S-41")
async def test_retained(online: FakeBoard, network: ConfigEntry) -> None:
    """Retained messages are discarded."""
    await online.publish("state/leave", online.credentials, retain=True)
    await online.publish("state/join", "AA:00:00:00:00:01", retain=True)
    assert online.states["online"] == "on"
    assert len(network.runtime_data.registry.boards) == 1
    assert network.runtime_data.statistics.discarded == {"retained": 2}


# The new MQTT client waits for a broker that does not exist.
@pytest.mark.parametrize("expected_lingering_tasks", [True])
async def test_mqtt_reloaded(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """An unloaded network does not answer, also after a reload of MQTT."""
    (mqtt_entry,) = hass.config_entries.async_entries("mqtt")
    # The mock has properties of its own. The client behind it has the subscriptions, of
    # which MQTT moves those to the new client that are not its own.
    topics = [protocol.JOIN, protocol.LEAVE, protocol.NAME_ASSIGN]
    topics += [kind.topic for kind in KINDS]
    mqtt_mock.subscriptions = {
        subscription
        for subscription in mqtt_mock.return_value.subscriptions
        if subscription.topic in {f"{topic}/#" for topic in topics}
    }
    assert await hass.config_entries.async_reload(mqtt_entry.entry_id)
    # The client is a new one, and its broker has not proven QoS 2.
    online.highest_qos = 1
    online.mqtt = hass.data["mqtt"].client
    online.mqtt.connected = True
    await online.join()
    assert len(online.received("state/nameAssign")) == 1
    await restart(hass, network)
    await online.join()
    assert len(online.received("state/nameAssign")) == 2
    await hass.config_entries.async_remove(network.entry_id)
    await online.join()
    assert len(online.received("state/nameAssign")) == 2


@pytest.mark.parametrize("prefix", ["", "user/", "nine_lng/", f"{'p' * 63}/"])
async def test_unsubscribe_packet_of_a_long_prefix(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_client_mock: MagicMock,
    set_up: SetUp,
    prefix: str,
) -> None:
    """The packet is as long as the page says, which also says which prefixes fit 200 bytes.

    Home Assistant subscribes to wildcards one by one, but unsubscribes in one packet.
    """
    page = (Path(__file__).parents[3] / "docs" / "esp32_sensors.md").read_text()
    said = re.search(
        r"in one packet of (\d+) bytes and (\d+) bytes for each character of the topic"
        r" prefix\. With a prefix of more than (\d+) characters",
        page,
    )
    assert said
    without_prefix, for_each, longest = map(int, said.groups())
    entry = await set_up(prefix)
    assert await hass.config_entries.async_remove(entry.entry_id)
    await later(hass, freezer, 5)
    (call,) = mqtt_client_mock.unsubscribe.mock_calls
    topics = set(call.args[0])
    assert topics == {
        *([protocol.LEAVE] if prefix else []),
        *(
            f"{prefix}{topic}/#"
            for topic in (
                protocol.JOIN,
                protocol.LEAVE,
                protocol.NAME_ASSIGN,
                INFO,
                *(kind.topic for kind in KINDS),
            )
        ),
    }
    # MQTT 5.0, 3.10: packet identifier and properties, then each topic with its length.
    rest = 3 + sum(2 + len(topic) for topic in topics)
    length = 1 + (2 if rest > 127 else 1) + rest
    assert (length <= 200) == (len(prefix) <= longest)
    assert 200 - for_each < without_prefix + for_each * longest <= 200
    if prefix:
        assert length == without_prefix + for_each * len(prefix)
