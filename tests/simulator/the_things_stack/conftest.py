"""Fixtures and helpers of the tests of the stand-in for The Things Stack."""

from base64 import b64encode
from collections.abc import AsyncGenerator
import json
from typing import Any

import aiohttp
import aiomqtt
import pytest

from simulator.the_things_stack import (
    QueuedDownlink,
    TheThingsStack,
    TheThingsStackDevice,
)
from tests.simulator.conftest import KEY

APPLICATION = "v3/batteries@ttn"


SETTINGS = QueuedDownlink(1, b"\xd0\x32", correlation_ids=("battery_thermal:1",))


def client(stack: TheThingsStack, key: str = KEY, **options: Any) -> aiomqtt.Client:
    """Return an MQTT client as integrations use it."""
    defaults: dict[str, Any] = {
        "username": "batteries@ttn",
        "password": key,
        "protocol": aiomqtt.ProtocolVersion.V311,
    }
    return aiomqtt.Client("127.0.0.1", stack.mqtt_port, **defaults | options)


@pytest.fixture
async def device(stack: TheThingsStack) -> TheThingsStackDevice:
    """Return a device that has joined."""
    device = stack.add_device("bank-1", name="Bank one")
    await device.join()
    return device


@pytest.fixture
async def heard(stack: TheThingsStack) -> AsyncGenerator[aiomqtt.Client]:
    """Return a client that is subscribed to all events of all devices."""
    async with client(stack) as listener:
        await listener.subscribe(f"{APPLICATION}/devices/+/up")
        await listener.subscribe(f"{APPLICATION}/devices/+/join")
        await listener.subscribe(f"{APPLICATION}/devices/+/down/+")
        yield listener


async def following(listener: aiomqtt.Client) -> tuple[str, dict[str, Any]]:
    """Return the next message: its topic below the application, and its JSON."""
    message = await anext(listener.messages)
    assert isinstance(message.payload, bytes)
    topic = message.topic.value.removeprefix(f"{APPLICATION}/devices/")
    return topic, json.loads(message.payload)


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return an HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


def address(stack: TheThingsStack, path: str) -> str:
    """Return a URL of the API."""
    return f"http://127.0.0.1:{stack.http_port}/api/v3/{path}"


def bearer(key: str = KEY) -> dict[str, str]:
    """Return headers with a key."""
    return {"Authorization": f"Bearer {key}"}


DOWN = "as/applications/batteries/devices/bank-1/down"


EVERYTHING = "as/applications/batteries/packages/storage/uplink_message"


STORED = "as/applications/batteries/devices/bank-1/packages/storage/uplink_message"


def body(payload: bytes = b"\xd0\x32", **more: Any) -> dict[str, Any]:
    """Return a request for one downlink."""
    return {
        "downlinks": [
            {
                "f_port": 1,
                "frm_payload": b64encode(payload).decode(),
                "priority": "NORMAL",
                **more,
            }
        ]
    }
