"""A stand-in for ChirpStack with a broker, and helpers of its tests."""

import asyncio
from collections.abc import AsyncIterator, Callable

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


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.002)
