"""What a simulated broker needs of the network: it listens, and reads clients' packets."""

from abc import ABC, abstractmethod
import asyncio
from contextlib import suppress
import socket
import ssl
from typing import Protocol

from simulator.mqtt.body import MalformedPacketError
from simulator.mqtt.packets import Decoder
from simulator.raw import Raw, Where, send

_CONNECT_PATIENCE = 5.0
"""Timeout in seconds of a client's CONNECT."""


class RawFaults(Protocol):
    """Faults of a broker."""

    raw: dict[Where, Raw]
    """Bytes to send instead of an answer."""


class Listener[ConnectionT: ServedConnection](ABC):
    """Accepts clients."""

    def __init__(self) -> None:
        """Initialize without a socket."""
        self.port = 0
        self.connections: set[ConnectionT] = set()
        self._server: asyncio.Server | None = None
        self._kept: socket.socket | None = None

    @abstractmethod
    def accept(self, writer: asyncio.StreamWriter) -> ConnectionT:
        """Return the connection of a new client."""

    async def start(
        self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """Listen; port 0 takes the one of before, at first any free one."""
        self._server = await asyncio.start_server(
            self._serve, host, port or self.port, ssl=tls
        )
        self._release_port()
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self, *, keep_port: bool = False) -> None:
        """Stop listening and cut all connections.

        ``keep_port``: the system gives the port to nobody else until the next start or stop.
        """
        self._release_port()
        if self._server is None:
            return
        listening = self._server.sockets[0]
        family, address = listening.family, listening.getsockname()
        self._server.close()
        if keep_port:
            # It does not listen: clients are refused. With this option, another socket may listen on its port.
            self._kept = socket.socket(family)
            self._kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._kept.bind(address)
        self.cut()
        await self._server.wait_closed()
        self._server = None
        while self.connections:
            await asyncio.sleep(0)

    def _release_port(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def cut(self, account: str | None = None) -> None:
        """Cut the connections of an account, or all, without DISCONNECT."""
        for connection in list(self.connections):
            if account is None or connection.account == account:
                connection.abort()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        connection = self.accept(writer)
        self.connections.add(connection)
        try:
            await connection.run(reader)
        finally:
            connection.end()
            self.connections.discard(connection)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


class ServedConnection(ABC):
    """The connection of one client."""

    account: str | None = None
    """By which the client has logged in; None before that."""

    def __init__(self, writer: asyncio.StreamWriter, faults: RawFaults) -> None:
        """Initialize before CONNECT."""
        self._writer = writer
        self._faults = faults
        self._patience: float | None = _CONNECT_PATIENCE
        self._raw: asyncio.Task[None] | None = None

    @abstractmethod
    def handle(self, first: int, body: bytes) -> bool:
        """Handle a packet; return False to end the connection.

        Raises MalformedPacketError.
        """

    def abort(self) -> None:
        """Cut the connection without DISCONNECT."""
        self._writer.transport.abort()

    def end(self) -> None:
        """Clean up after the connection."""
        if self._raw is not None:
            self._raw.cancel()

    async def run(self, reader: asyncio.StreamReader) -> None:
        """Handle packets until either side ends the connection."""
        decoder = Decoder()
        with suppress(OSError, MalformedPacketError, TimeoutError):
            while True:
                async with asyncio.timeout(self._patience):
                    data = await reader.read(65536)
                if not data:
                    return
                for first, body in decoder.feed(data):
                    # Who sends other bytes does not answer any more.
                    if self._raw is None and not self.handle(first, body):
                        await self._writer.drain()
                        return

    def _send_raw(self, where: Where) -> bool:
        """Send the configured bytes instead of an answer; return whether there were any."""
        if (what := self._faults.raw.get(where)) is None:
            return False
        self._patience = None
        self._raw = asyncio.create_task(send(self._writer.transport, what))
        return True
