"""A stand-in for ChirpStack with a broker, and helpers of its tests."""

import asyncio
from collections.abc import AsyncIterator, Callable

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
import pytest

from simulator.chirpstack import ChirpStack, ChirpStackWithBroker

EUI = "70b3d57ed0001234"


@pytest.fixture
async def server() -> AsyncIterator[ChirpStackWithBroker]:
    """Return a server with one device."""
    async with ChirpStackWithBroker(qos=1) as server:
        server.add_device(EUI, name="Garage", frame_counter_check=False)
        yield server


def events_of(server: ChirpStack) -> str:
    """Return the filter of the application's events."""
    return f"application/{server.application_id}/device/+/event/+"


def persistent(server: ChirpStackWithBroker, *, version: int) -> aiomqtt.Client:
    """Return a client with a session that outlives its connection."""
    if version == 4:
        return aiomqtt.Client(
            "127.0.0.1",
            server.mqtt_port,
            identifier="keeper",
            clean_session=False,
            protocol=aiomqtt.ProtocolVersion.V311,
        )
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 86400
    properties.UserProperty = ("key", "value")
    return aiomqtt.Client(
        "127.0.0.1",
        server.mqtt_port,
        identifier="keeper",
        clean_start=False,
        protocol=aiomqtt.ProtocolVersion.V5,
        properties=properties,
    )


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.002)
