"""Tests of an application's topics on any MQTT broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
import json
import logging

import pytest

from simulator.mqtt.client import Broker, Connection
from simulator.mqtt.packets import Publish
from simulator.the_things_stack import broker as module
from simulator.the_things_stack.broker import BrokerApplication
from tests.simulator.conftest import Mosquitto, until

BASE = "v3/batteries@ttn/devices/bank"


@pytest.fixture
async def application(mosquitto: Mosquitto) -> AsyncIterator[BrokerApplication]:
    """Return a running application."""
    application = BrokerApplication(
        Broker(port=mosquitto.port), "batteries", "ttn", "bank"
    )
    running = asyncio.create_task(application.run())
    async with asyncio.timeout(5):
        await application.connected.wait()
    yield application
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def listening(mosquitto: Mosquitto) -> tuple[Connection, list[Publish]]:
    """Return a client of the broker, and what it hears."""
    heard: list[Publish] = []
    client = await Connection.open(
        Broker(port=mosquitto.port), "listener", heard.append
    )
    await client.subscribe([("v3/#", 0)])
    return client, heard


def test_tenant() -> None:
    """An application of an installation without tenants has no @."""
    uids = [
        BrokerApplication(Broker(), "batteries", tenant, "bank").uid
        for tenant in ("ttn", "")
    ]
    assert uids == ["batteries@ttn", "batteries"]


async def test_uplinks_and_downlinks(
    mosquitto: Mosquitto, application: BrokerApplication
) -> None:
    """Uplinks are published; what is pushed to the device leaves after the next one."""
    client, heard = await listening(mosquitto)
    device = application.device
    await device.join()
    await device.uplink(1, 0, b"\x00")
    await until(lambda: any(one.topic == f"{BASE}/up" for one in heard))
    downlink = {"f_port": 1, "frm_payload": "wDI="}
    for what in ("push", "replace"):
        await client.send(
            f"{BASE}/down/{what}", json.dumps({"downlinks": [downlink]}).encode()
        )
        await until(lambda: device.queue)
        received = await device.uplink(1, 1, b"\x00")
        assert received
        assert received.payload == b"\xc02"
    client.disconnect()


async def test_nonsense_is_ignored(
    mosquitto: Mosquitto, application: BrokerApplication
) -> None:
    """A downlink that cannot be read changes nothing."""
    client, heard = await listening(mosquitto)
    for payload in (b"", b"[", b'{"downlinks": 5}'):
        await client.send(f"{BASE}/down/push", payload)
    await until(lambda: len(heard) == 3)
    assert not application.device.queue
    client.disconnect()


async def test_broker_that_is_away(
    mosquitto: Mosquitto,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It connects again and again; what is published meanwhile is lost."""
    monkeypatch.setattr(module, "_PAUSE", 0.05)
    caplog.set_level(logging.WARNING)
    application = BrokerApplication(Broker(port=1), "batteries", "ttn", "bank")
    running = asyncio.create_task(application.run())
    await until(lambda: len(caplog.records) > 1)
    await application.device.join()
    assert not application.connected.is_set()
    application.broker = Broker(port=mosquitto.port)
    async with asyncio.timeout(5):
        await application.connected.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
