"""Tests of a fleet of boards and its load."""

import asyncio
from contextlib import suppress
import itertools

import aiomqtt
import pytest

from simulator.boards import Board, Broker, Fleet, Timing, allow_connections, macs
from tests.simulator.conftest import Mosquitto, until

SILENT = Timing(join=0.5, reconnect=0.05, light=60, button=0.01, keepalive=10)


async def test_hundred_boards_and_a_load(mosquitto: Mosquitto) -> None:
    """All boards start; the load has the requested rate and a new value in each message."""
    heard: dict[str, list[str]] = {}
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        await client.subscribe([("state/join/#", 2), ("photoresistor/status/#", 0)])

        async def serve() -> None:
            async for message in client.messages:
                assert isinstance(message.payload, bytes)
                payload = message.payload.decode()
                mac = message.topic.value.rpartition("/")[2]
                if payload == mac:
                    answer = f"{mac};board {mac[-2:]};1.000000"
                    await client.publish(f"state/nameAssign/{mac}", answer, qos=2)
                elif "photoresistor" in message.topic.value:
                    heard.setdefault(mac, []).append(payload)

        server = asyncio.create_task(serve())
        broker = Broker(port=mosquitto.port)
        boards = [Board(mac, broker, directed=True, timing=SILENT) for mac in macs(100)]
        async with Fleet(boards) as fleet:
            async with asyncio.timeout(20):
                await fleet.until_started()
            sent = await fleet.load(rate=1000, seconds=1)
            assert sent == 1000
            # The first value of each board belongs to its start, all others to the load.
            await until(lambda: sum(map(len, heard.values())) == sent + 100)
        server.cancel()
        with suppress(asyncio.CancelledError):
            await server
    for values in heard.values():
        assert all(first != second for first, second in itertools.pairwise(values))


async def test_load_without_connections() -> None:
    """Without connections nothing is sent, and the result is zero."""
    boards = [Board(mac, Broker(port=1)) for mac in macs(3)]
    assert await Fleet(boards).load(rate=100, seconds=0.1) == 0


def test_macs() -> None:
    """MAC addresses are locally administered and consecutive."""
    assert macs(2, first=255) == ["02:00:00:00:00:FF", "02:00:00:00:01:00"]


def test_more_connections_than_allowed() -> None:
    """Too many connections are refused before any is opened."""
    with pytest.raises(OSError, match="files allowed"):
        allow_connections(10**12)
