"""Tests of the stand-in and its broker with two client libraries."""

import asyncio
import json
from typing import Any

import aiomqtt
import pytest

from simulator.chirpstack import ChirpStackWithBroker, QueueItem, User
from simulator.chirpstack.broker import NO_SUBSCRIBERS, NOT_AUTHORIZED
from simulator.mqtt.client import Broker, Connection, RefusedError
from simulator.mqtt.packets import Publish
from simulator.the_things_stack.raw import Where, raw
from tests.chirpstack_api import parse_event

from .conftest import EUI, events_of, persistent, until


@pytest.mark.parametrize("version", [4, 5])
async def test_uplinks_and_downlinks(
    server: ChirpStackWithBroker, version: int
) -> None:
    """Events arrive with the QoS of the server, and a command reaches the device."""
    device = server.devices[EUI]
    async with persistent(server, version=version) as client:
        await client.subscribe(events_of(server), qos=1)
        await device.join()
        base = f"application/{server.application_id}/device/{EUI}"
        body = {"devEui": EUI, "fPort": 1, "data": "0DI="}
        await client.publish(f"{base}/command/down", json.dumps(body), qos=1)
        assert len(device.queue) == 1
        await device.uplink(1, 0, b"\0")
        names = []
        async for message in client.messages:
            name = str(message.topic).rpartition("/")[2]
            assert message.qos == 1
            parse_event(name, bytes(message.payload))
            names.append(name)
            if name == "txack":
                break
        assert names == ["join", "up", "txack"]
        await client.unsubscribe(events_of(server))
    assert server.refused_commands == []


@pytest.mark.parametrize("version", [4, 5])
async def test_session_is_kept(server: ChirpStackWithBroker, version: int) -> None:
    """Messages published while a persistent client was away are delivered in order."""
    device = server.devices[EUI]
    await device.join()
    async with persistent(server, version=version) as client:
        await client.subscribe(events_of(server), qos=1)
    for f_cnt in range(30):
        await device.uplink(1, f_cnt, b"\0")
    async with persistent(server, version=version) as client:
        counters = []
        async for message in client.messages:
            counters.append(json.loads(message.payload).get("fCnt", 0))
            if len(counters) == 30:
                break
        assert counters == list(range(30))


@pytest.mark.parametrize("qos", [0, 1])
async def test_session_ends(server: ChirpStackWithBroker, qos: int) -> None:
    """Without an expiry, or with QoS 0, no messages are queued for a client that is not connected."""
    server.qos = qos
    await server.devices[EUI].join()
    client = aiomqtt.Client if qos else None
    first = (
        aiomqtt.Client("127.0.0.1", server.mqtt_port)
        if client
        else persistent(server, version=5)
    )
    async with first as connected:
        await connected.subscribe(events_of(server), qos=1)
    await until(lambda: not any(s.connected for s in server.broker.sessions.values()))
    assert bool(server.broker.sessions) is not bool(qos)
    await server.devices[EUI].uplink(1, 0, b"\0")
    assert not any(session.queued for session in server.broker.sessions.values())


async def test_users(server: ChirpStackWithBroker) -> None:
    """Access lists limit reading and writing; version 5 has the reason."""
    own = f"application/{server.application_id}/#"
    server.broker.users["owner"] = User("secret", (own,), (own,))
    broker = Broker(port=server.mqtt_port, username="owner", password="wrong")
    with pytest.raises(RefusedError) as refused:
        await Connection.open(broker, "a", print)
    assert refused.value.code == NOT_AUTHORIZED
    broker = Broker(port=server.mqtt_port, username="owner", password="secret")
    heard: list[Publish] = []
    connection = await Connection.open(broker, "a", heard.append)
    with pytest.raises(RefusedError):
        await connection.subscribe([("application/+/device/+/event/+", 1)])
    await connection.subscribe([(events_of(server), 1)])
    with pytest.raises(RefusedError) as refused:
        await connection.send("application/x/device/y/command/down", b"", 1)
    assert refused.value.code == NOT_AUTHORIZED
    await connection.send(f"application/{server.application_id}/nobody", b"", 1)
    assert server.broker.published[-1].topic.endswith("nobody")
    await server.devices[EUI].join()
    await until(lambda: heard)
    connection.disconnect()


async def test_message_without_subscribers(server: ChirpStackWithBroker) -> None:
    """A message without subscribers is acknowledged with that reason (version 5)."""
    properties: list[int] = []
    async with persistent(server, version=5) as client:
        paho: Any = client._client
        paho.on_publish = lambda *arguments: properties.append(arguments[3].value)
        paho.publish("nobody", b"", 1)
        paho.publish(f"application/{server.application_id}/device/x/command/y", b"", 1)
        await until(lambda: len(properties) == 2)
    assert properties == [NO_SUBSCRIBERS, 0]
    assert server.refused_commands == ["Unknown command type"]


async def test_faults(server: ChirpStackWithBroker) -> None:
    """The broker refuses, is silent, or sends any bytes on request."""
    faults = server.faults
    broker = Broker(port=server.mqtt_port)
    faults.connack = 0x88
    with pytest.raises(RefusedError):
        await Connection.open(broker, "a", print)
    faults.connack, faults.only_version_4 = None, True
    with pytest.raises(RefusedError):
        await Connection.open(broker, "a", print)
    faults.only_version_4 = False
    connection = await Connection.open(broker, "a", print)
    faults.suback_failure = True
    with pytest.raises(RefusedError):
        await connection.subscribe([("a", 1)])
    faults.suback_failure, faults.silent, faults.no_puback = False, True, True
    await connection.subscribe([("a", 1)])
    assert not server.broker.publish("a", b"")
    sent = connection.send("a", b"", 1)
    await asyncio.sleep(0.05)
    assert not sent.done()
    server.broker.cut()
    await connection.closed
    faults.raw = {Where.CONNECT: raw(b"\xff" * 5)}
    with pytest.raises(ConnectionError):
        await Connection.open(broker, "a", print)
    faults.raw = {Where.SUBSCRIBE: raw(b"\xff" * 5)}
    connection = await Connection.open(broker, "a", print)
    with pytest.raises(ConnectionError):
        await connection.subscribe([("a", 1)])
    faults.raw = {}
    assert server.now.tzinfo is not None


async def test_stop_and_start(server: ChirpStackWithBroker) -> None:
    """After a restart the broker has the same port and sessions."""
    port = server.mqtt_port
    async with persistent(server, version=5) as client:
        await client.subscribe(events_of(server), qos=1)
    await server.stop_mqtt()
    await server.stop_mqtt()
    server.devices[EUI].enqueue(QueueItem("", 1, b"\0"))
    await server.devices[EUI].join()
    await server.start_mqtt()
    assert server.mqtt_port == port
    async with persistent(server, version=5) as client:
        async with asyncio.timeout(5):
            message = await anext(aiter(client.messages))
        assert str(message.topic).endswith("/join")
