"""Tests of the broker with two client libraries."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiomqtt
import pytest

from simulator.mqtt.answers import RefusedError
from simulator.mqtt.broker import NO_SUBSCRIBERS, NOT_AUTHORIZED, EmbeddedBroker, User
from simulator.mqtt.client import Broker, Connection
from simulator.mqtt.packets import Publish
from simulator.raw import Where, raw
from tests.simulator.conftest import persistent, until


@pytest.fixture
async def broker() -> AsyncIterator[EmbeddedBroker]:
    """Return a running broker."""
    broker = EmbeddedBroker()
    await broker.start()
    yield broker
    await broker.stop()


@pytest.mark.parametrize("version", [4, 5])
async def test_session_is_kept(broker: EmbeddedBroker, version: int) -> None:
    """Messages published while a persistent client was away are delivered in order."""
    async with persistent(broker.port, version=version) as client:
        await client.subscribe("a/#", qos=1)
    sent = [str(number).encode() for number in range(30)]
    for payload in sent:
        broker.publish("a/b", payload, 1)
    async with persistent(broker.port, version=version) as client:
        messages = [await anext(client.messages) for _ in sent]
    assert [message.payload for message in messages] == sent
    assert {message.qos for message in messages} == {1}


@pytest.mark.parametrize("qos", [0, 1])
async def test_session_ends(broker: EmbeddedBroker, qos: int) -> None:
    """Without an expiry, or with QoS 0, no messages are queued for a client that is not connected."""
    client = (
        aiomqtt.Client("127.0.0.1", broker.port)
        if qos
        else persistent(broker.port, version=5)
    )
    async with client as connected:
        await connected.subscribe("a/#", qos=1)
        await connected.unsubscribe("b/#")
    await until(lambda: not any(one.connected for one in broker.sessions.values()))
    assert bool(broker.sessions) is not bool(qos)
    broker.publish("a/b", b"", qos)
    assert not any(session.queued for session in broker.sessions.values())


async def test_users(broker: EmbeddedBroker) -> None:
    """Access lists limit reading and writing; version 5 has the reason."""
    broker.users["owner"] = User("secret", ("a/#",), ("a/#",))
    address = Broker(port=broker.port, username="owner", password="wrong")
    with pytest.raises(RefusedError) as refused:
        await Connection.open(address, "a", print)
    assert refused.value.code == NOT_AUTHORIZED
    address = Broker(port=broker.port, username="owner", password="secret")
    heard: list[Publish] = []
    connection = await Connection.open(address, "a", heard.append)
    with pytest.raises(RefusedError):
        await connection.subscribe([("+/b", 1)])
    await connection.subscribe([("a/+", 1)])
    with pytest.raises(RefusedError) as refused:
        await connection.send("b/b", b"", 1)
    assert refused.value.code == NOT_AUTHORIZED
    await connection.send("a/b/nobody", b"", 1)
    assert broker.published[-1].topic.endswith("nobody")
    broker.publish("a/b", b"", 1)
    await until(lambda: heard)
    connection.disconnect()


async def test_message_without_subscribers(broker: EmbeddedBroker) -> None:
    """A message without subscribers is acknowledged with that reason (version 5)."""
    properties: list[int] = []
    taken: list[str] = []
    broker.listen("a/+", lambda topic, _payload: taken.append(topic))
    async with persistent(broker.port, version=5) as client:
        paho: Any = client._client
        paho.on_publish = lambda *arguments: properties.append(arguments[3].value)
        paho.publish("nobody", b"", 1)
        paho.publish("a/b", b"", 1)
        await until(lambda: len(properties) == 2)
    assert properties == [NO_SUBSCRIBERS, 0]
    assert taken == ["a/b"]


async def test_faults(broker: EmbeddedBroker) -> None:
    """The broker refuses, is silent, or sends any bytes on request."""
    faults = broker.faults
    address = Broker(port=broker.port)
    faults.connack = 0x88
    with pytest.raises(RefusedError):
        await Connection.open(address, "a", print)
    faults.connack, faults.only_version_4 = None, True
    with pytest.raises(RefusedError):
        await Connection.open(address, "a", print)
    faults.only_version_4 = False
    connection = await Connection.open(address, "a", print)
    faults.suback_failure = True
    with pytest.raises(RefusedError):
        await connection.subscribe([("a", 1)])
    faults.suback_failure, faults.silent, faults.no_puback = False, True, True
    await connection.subscribe([("a", 1)])
    assert not broker.publish("a", b"")
    sent = connection.send("a", b"", 1)
    await asyncio.sleep(0.05)
    assert not sent.done()
    broker.cut()
    await connection.closed
    faults.raw = {Where.CONNECT: raw(b"\xff" * 5)}
    with pytest.raises(ConnectionError):
        await Connection.open(address, "a", print)
    faults.raw = {Where.SUBSCRIBE: raw(b"\xff" * 5)}
    connection = await Connection.open(address, "a", print)
    with pytest.raises(ConnectionError):
        await connection.subscribe([("a", 1)])
    faults.raw = {}


async def test_stop_and_start(broker: EmbeddedBroker) -> None:
    """After a restart the broker has the same port and sessions."""
    port = broker.port
    async with persistent(port, version=5) as client:
        await client.subscribe("a/#", qos=1)
    await broker.stop(keep_port=True)
    broker.publish("a/b", b"kept", 1)
    await broker.start()
    assert broker.port == port
    async with persistent(port, version=5) as client:
        async with asyncio.timeout(5):
            message = await anext(aiter(client.messages))
        assert message.payload == b"kept"
