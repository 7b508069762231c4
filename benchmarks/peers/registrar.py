"""A minimal server that answers joins without Home Assistant, to measure the broker's share."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count

from demo.broker import Broker
from simulator.mqtt.client import Broker as Address, Connection
from simulator.mqtt.packets import Publish

_AT_ONCE = 4
"""Limit of assignments in flight, as in the integration."""


class Registrar:
    """A server that assigns names to all boards on shared topics."""

    def __init__(self) -> None:
        """Prepare; to be had from ``of``."""
        self._connection: Connection
        self._numbers = count(1)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._answers: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def of(cls, broker: Broker) -> AsyncGenerator[None]:
        """Answer joins while the context is open."""
        registrar = cls()
        connection = registrar._connection = await Connection.open(
            Address(broker.host, broker.port), "registrar", registrar._receive
        )
        await connection.subscribe([("state/join", 2)])
        try:
            yield
        finally:
            connection.disconnect()

    def _receive(self, message: Publish) -> None:
        mac = message.payload.decode()
        # The other joins start a session.
        if ";" not in mac:
            task = asyncio.create_task(self._answer(mac))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _answer(self, mac: str) -> None:
        payload = f"{mac};capteur{next(self._numbers):02};1743946777.603371"
        async with self._turns:
            await self._connection.send("state/nameAssign", payload.encode(), 2)
