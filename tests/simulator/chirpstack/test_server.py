"""Tests of the stand-in for ChirpStack: its topics, its commands, and other brokers."""

import asyncio
import json

import pytest

from simulator.chirpstack import (
    BrokerOutlet,
    ChirpStack,
    ChirpStackWithBroker,
    QueueItem,
)
from simulator.mqtt.client import Broker, Connection
from simulator.mqtt.packets import Publish
from tests.chirpstack_api import parse_event
from tests.simulator.conftest import persistent

from .conftest import EUI, events_of, until


@pytest.mark.parametrize("version", [4, 5])
async def test_uplinks_and_downlinks(
    server: ChirpStackWithBroker, version: int
) -> None:
    """Events arrive with the QoS of the server, and a command reaches the device."""
    device = server.devices[EUI]
    async with persistent(server.mqtt_port, version=version) as client:
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


async def test_stop_and_start(server: ChirpStackWithBroker) -> None:
    """After a restart the broker has the same port and sessions."""
    port = server.mqtt_port
    async with persistent(server.mqtt_port, version=5) as client:
        await client.subscribe(events_of(server), qos=1)
    await server.stop_mqtt()
    await server.stop_mqtt()
    server.devices[EUI].enqueue(QueueItem("", 1, b"\0"))
    await server.devices[EUI].join()
    await server.start_mqtt()
    assert server.mqtt_port == port
    async with persistent(server.mqtt_port, version=5) as client:
        async with asyncio.timeout(5):
            message = await anext(aiter(client.messages))
        assert str(message.topic).endswith("/join")


async def test_refused_commands(server: ChirpStackWithBroker) -> None:
    """A command for another application or an unknown device is only recorded."""
    base = f"application/{server.application_id}/device"
    body = json.dumps({"devEui": EUI, "fPort": 1, "data": ""}).encode()
    server.command(f"application/other/device/{EUI}/command/down", body)
    server.command(f"{base}/0000000000000000/command/down", body)
    server.command(f"{base}/{EUI}/command/up", body)
    server.command(f"{base}/{EUI}/command/down", b"[]")
    assert len(server.refused_commands) == 4
    assert not server.devices[EUI].queue


async def test_protobuf(
    server: ChirpStackWithBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `json=false` events are not JSON."""
    server.json = False
    published: list[bytes] = []

    def publish(_topic: str, payload: bytes, _qos: int) -> None:
        published.append(payload)

    monkeypatch.setattr(server.broker, "publish", publish)
    await server.devices[EUI].join()
    assert published[0][:1] == b"\x0a"


async def test_prefixes() -> None:
    """Topics may have a prefix, one for events and one for commands."""
    async with ChirpStackWithBroker(event_prefix="eu/", command_prefix="cs/") as server:
        device = server.add_device(EUI)
        heard: list[Publish] = []
        connection = await Connection.open(
            Broker(port=server.mqtt_port), "a", heard.append
        )
        await connection.subscribe([("eu/#", 0)])
        base = f"cs/application/{server.application_id}/device/{EUI}/command/down"
        body = json.dumps({"devEui": EUI, "fPort": 1, "data": ""}).encode()
        await connection.send(base, body, 1)
        assert len(device.queue) == 1
        await device.join()
        await until(lambda: heard)
        connection.disconnect()


async def test_any_broker(server: ChirpStackWithBroker) -> None:
    """A server publishes on any broker, and reconnects."""
    outlet = BrokerOutlet(Broker(port=server.mqtt_port))
    other = ChirpStack(outlet, seed=2)
    other.add_device(EUI)
    await other.devices[EUI].join()  # Lost, because nothing is connected yet.
    running = asyncio.create_task(outlet.run(other))
    async with persistent(server.mqtt_port, version=5) as client:
        for _ in range(2):
            async with asyncio.timeout(5):
                await outlet.connected.wait()
            await client.subscribe(events_of(other), qos=1)
            await other.devices[EUI].join()
            async with asyncio.timeout(5):
                message = await anext(aiter(client.messages))
            assert other.application_id in str(message.topic)
            base = f"application/{other.application_id}/device/{EUI}/command/down"
            body = json.dumps({"devEui": EUI, "fPort": 1, "data": ""}).encode()
            await client.publish(base, body, qos=1)
            await until(lambda: other.devices[EUI].queue)
            other.devices[EUI].queue.clear()
            for connection in list(server.broker.connections):
                if connection.client_id.startswith("chirpstack"):
                    connection.abort()
            await until(lambda: not outlet.connected.is_set())
    await server.stop_mqtt()
    await asyncio.sleep(1.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
