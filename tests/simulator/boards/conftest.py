"""A session server and boards of the tests of the simulated boards."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

import aiomqtt
import pytest

from simulator.boards import Board, BoardKind, Broker, Timing
from tests.simulator.conftest import Mosquitto, until

MAC = "61:EC:ED:3B:25:B1"


QUICK = Timing(
    join=0.5, reconnect=0.1, patience=1, light=0.05, button=0.02, keepalive=2
)


"""Waits of the published firmware, at least ten times as fast."""


type Heard = list[tuple[str, str, int]]


class Server:
    """A minimal server: it subscribes to all topics, and assigns on request."""

    def __init__(self, client: aiomqtt.Client) -> None:
        """Initialize with a connected client."""
        self.client = client
        self.heard: Heard = []
        """Topic, payload and QoS of each received message."""
        self.assign = True
        self.numbers = count(1)
        self.subscribed = asyncio.Event()
        self._unstarted: dict[str, str] = {}

    async def run(self) -> None:
        """Receive messages, and assign the name capteur01 and a new session to every MAC.

        A board that joins again before it has started its session gets the same one: on a
        busy machine it may not wait for the answer.
        """
        await self.client.subscribe("#", qos=2)
        self.subscribed.set()
        async for message in self.client.messages:
            assert isinstance(message.payload, bytes)
            topic, payload = message.topic.value, message.payload.decode()
            self.heard.append((topic, payload, message.qos))
            if "state/join" not in topic:
                continue
            if payload.count(":") == 5 and self.assign:
                await self._answer(topic, payload)
            for mac, answer in tuple(self._unstarted.items()):
                if answer.endswith(f";{payload}"):
                    del self._unstarted[mac]

    async def name(self, topic: str, mac: str) -> None:
        """Publish an assignment with a new session."""
        self._unstarted[mac] = f"{mac};capteur01;{next(self.numbers)}.000000"
        await self._answer(topic, mac)

    async def _answer(self, topic: str, mac: str) -> None:
        if mac not in self._unstarted:
            await self.name(topic, mac)
            return
        await self.client.publish(
            topic.replace("state/join", "state/nameAssign"),
            self._unstarted[mac],
            qos=2,
        )

    async def command(self, payload: str, topic: str = "led/command") -> None:
        """Publish an LED command."""
        await self.client.publish(topic, payload, qos=1)

    def payloads(self, topic: str) -> list[str]:
        """Return the payloads received on a topic."""
        return [payload for where, payload, _ in self.heard if where == topic]


@pytest.fixture
async def server(mosquitto: Mosquitto) -> AsyncGenerator[Server]:
    """Return a server on a broker."""
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        server = Server(client)
        task = asyncio.create_task(server.run())
        await until(server.subscribed.is_set)
        yield server
        task.cancel()
        with suppress(asyncio.CancelledError, aiomqtt.MqttError):
            await task


@asynccontextmanager
async def living(
    mosquitto: Mosquitto, kind: BoardKind = BoardKind.FIELD, **options: Any
) -> AsyncIterator[Board]:
    """Run a board until the test ends."""
    options = {"timing": QUICK} | options
    broker = Broker(port=mosquitto.port, protocol=options.pop("protocol", 5))
    board = Board(MAC, broker, kind=kind, **options)
    task = asyncio.create_task(board.run())
    try:
        yield board
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


BOTH = pytest.mark.parametrize("kind", list(BoardKind))
