"""Tests of the stand-in's MQTT server."""

import json
from typing import Any

import aiomqtt
import pytest

from simulator.the_things_stack import Right, TheThingsStack, TheThingsStackDevice
from tests.simulator.conftest import until
from tests.simulator.the_things_stack.conftest import (
    APPLICATION,
    body,
    client,
    following,
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "NNSXS.WRONG"},
        {"username": "batteries"},
        {"username": "others@ttn"},
        {"username": None, "password": None},
    ],
)
async def test_wrong_login(stack: TheThingsStack, wrong: dict[str, Any]) -> None:
    """A wrong key is refused with CONNACK 5."""
    with pytest.raises(aiomqtt.MqttCodeError) as refused:
        async with client(stack, **wrong):
            pass
    assert refused.value.rc == "Not authorized"


async def test_speaks_version_3_1_1_only(stack: TheThingsStack) -> None:
    """MQTT 5 is refused with CONNACK 1."""
    with pytest.raises(aiomqtt.MqttError):
        async with client(stack, protocol=aiomqtt.ProtocolVersion.V5):
            pass


async def test_rate_limited(stack: TheThingsStack) -> None:
    """While rate limited, connections are refused with CONNACK 3."""
    stack.faults.connack = 3
    with pytest.raises(aiomqtt.MqttCodeError) as refused:
        async with client(stack):
            pass
    assert refused.value.rc == "Server unavailable"
    stack.faults.connack = None
    async with client(stack):
        pass


@pytest.mark.parametrize(
    ("topic", "fault"),
    [("v3/others@ttn/devices/+/up", False), (f"{APPLICATION}/devices/+/up", True)],
)
async def test_subscription_refused(
    stack: TheThingsStack, topic: str, fault: bool
) -> None:
    """A subscription to another application, or on request, is refused with 0x80."""
    stack.faults.suback_failure = fault
    async with client(stack) as listener:
        assert tuple(await listener.subscribe(topic)) == (0x80,)


async def test_unsubscribe(device: TheThingsStackDevice, heard: aiomqtt.Client) -> None:
    """The other subscriptions stay."""
    await heard.unsubscribe(f"{APPLICATION}/devices/+/up")
    await device.uplink(1, 0, b"\x00")
    await device.join()
    assert (await following(heard))[0] == "bank-1/join"


async def test_downlinks_over_mqtt(
    stack: TheThingsStack, device: TheThingsStackDevice
) -> None:
    """Push and replace are accepted; invalid publishes are dropped without an answer."""
    stack.add_key("NNSXS.READER", {Right.TRAFFIC_READ})
    down = f"{APPLICATION}/devices/bank-1/down"
    async with client(stack) as writer, client(stack, "NNSXS.READER") as reader:
        await writer.publish(f"{down}/push", json.dumps(body(b"\x01")))
        await writer.publish(f"{down}/push", json.dumps(body(b"\x02")))
        await until(lambda: len(device.queue) == 2)
        await writer.publish(f"{down}/replace", json.dumps(body(b"\x03")))
        await until(lambda: len(device.queue) == 1)
        await writer.publish(f"{down}/push", "{")
        await writer.publish(f"{down}/push", '{"downlinks": 1}')
        await writer.publish(f"{APPLICATION}/devices/none/down/push", "{}")
        await writer.publish("v3/others@ttn/devices/bank-1/down/push", "{}")
        await reader.publish(f"{down}/push", json.dumps(body()))
        await until(lambda: stack.mqtt.refused_publishes == 5)
        await writer.unsubscribe("x")
    assert [queued.payload for queued in device.queue] == [b"\x03"]


async def test_second_connection_of_a_client_ends_the_first(
    stack: TheThingsStack,
) -> None:
    """A second connection with the same client id ends the first (chapter 3.1.4)."""
    async with client(stack, identifier="me") as first, client(stack, identifier="me"):
        with pytest.raises(aiomqtt.MqttError):
            await anext(first.messages)


async def test_server_away_and_back(
    stack: TheThingsStack, device: TheThingsStackDevice
) -> None:
    """After a restart the port is the same, and nothing is replayed."""
    async with client(stack) as listener:
        await stack.stop_mqtt()
        with pytest.raises(aiomqtt.MqttError):
            await anext(listener.messages)
    with pytest.raises(aiomqtt.MqttError):
        async with client(stack):
            pass
    await device.uplink(1, 0, b"\x00")
    await stack.start_mqtt()
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await device.uplink(1, 1, b"\x00")
        _, message = await following(listener)
        assert message["uplink_message"]["f_cnt"] == 1


async def test_connection_cut_in_the_middle_of_a_message(
    stack: TheThingsStack, device: TheThingsStackDevice
) -> None:
    """A message that was cut is lost, and the next connection works."""
    stack.faults.cut_publish_after = 40
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await device.uplink(1, 0, b"\x00")
        with pytest.raises(aiomqtt.MqttError):
            await anext(listener.messages)
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await device.uplink(1, 1, b"\x00")
        await following(listener)


async def test_broken_json(
    stack: TheThingsStack, device: TheThingsStackDevice, heard: aiomqtt.Client
) -> None:
    """So many messages are cut, later ones are complete."""
    stack.faults.broken_json = 1
    await device.uplink(1, 0, b"\x00")
    message = await anext(heard.messages)
    assert isinstance(message.payload, bytes)
    with pytest.raises(ValueError):
        json.loads(message.payload)
    device.publish_raw("up", b"\xff")
    assert (await anext(heard.messages)).payload == b"\xff"
    await device.uplink(1, 1, b"\x00", change=lambda up: up.update(new=[{}]))
    _, changed = await following(heard)
    assert changed["new"] == [{}]


async def test_silent_server(
    stack: TheThingsStack, device: TheThingsStackDevice
) -> None:
    """The server accepts the connection, and sends neither messages nor ping responses."""
    stack.faults.silent = True
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await device.uplink(1, 0, b"\x00")
        stack.faults.silent = False
        await device.uplink(1, 1, b"\x00")
        _, message = await following(listener)
        assert message["uplink_message"]["f_cnt"] == 1
