"""Tests of what the simulated brokers have in common."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
import socket
from typing import override

import pytest

from simulator.mqtt import listener
from simulator.mqtt.body import MalformedPacketError
from simulator.mqtt.listener import Listener, ServedConnection
from simulator.mqtt.packets import PacketType, encode
from simulator.raw import Raw, Where, raw
from tests.simulator.conftest import until

PING = encode(PacketType.PINGREQ)
PONG = encode(PacketType.PINGRESP)


@dataclass
class Faults:
    """Bytes to send instead of answers."""

    raw: dict[Where, Raw] = field(default_factory=dict)


class Connection(ServedConnection):
    """A client that logs in with its first packet, which is a ping as all others."""

    @override
    def handle(self, first: int, body: bytes) -> bool:
        if first >> 4 == PacketType.DISCONNECT:
            return False
        if first >> 4 != PacketType.PINGREQ:
            raise MalformedPacketError("not a ping")
        if not self._send_raw(Where.CONNECT):
            self.account = "someone"
            self._writer.write(PONG)
        return True


class Broker(Listener[Connection]):
    """A broker of such clients."""

    def __init__(self) -> None:
        """Initialize without faults."""
        super().__init__()
        self.faults = Faults()

    @override
    def accept(self, writer: asyncio.StreamWriter) -> Connection:
        return Connection(writer, self.faults)


@pytest.fixture
async def broker() -> AsyncIterator[Broker]:
    """Return a broker that listens."""
    broker = Broker()
    await broker.start()
    yield broker
    await broker.stop()


type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connect(broker: Broker, first: bytes = PING) -> Streams:
    """Connect and send a packet."""
    reader, writer = await asyncio.open_connection("127.0.0.1", broker.port)
    writer.write(first)
    return reader, writer


async def ended(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until the broker ends the connection."""
    received = b""
    async with asyncio.timeout(5):
        try:
            while part := await reader.read(100):
                received += part
        except ConnectionError:
            pass
    return received


async def test_cut(broker: Broker) -> None:
    """Connections of an account are cut, and then those of all."""
    (first, _), (other, _) = await connect(broker), await connect(broker, b"")
    assert await first.readexactly(len(PONG)) == PONG
    broker.cut("nobody")
    await until(lambda: len(broker.connections) == 2)
    broker.cut("someone")
    assert await ended(first) == b""
    broker.cut()
    assert await ended(other) == b""


async def test_started_again(broker: Broker) -> None:
    """It listens on the same port, and clients of before are gone."""
    port = broker.port
    reader, _ = await connect(broker)
    await reader.readexactly(len(PONG))
    await broker.stop(keep_port=True)
    assert await ended(reader) == b""
    with pytest.raises(ConnectionRefusedError):
        await connect(broker)
    await broker.start()
    assert broker.port == port
    reader, _ = await connect(broker)
    assert await reader.readexactly(len(PONG)) == PONG


@pytest.mark.parametrize("keep_port", [True, False])
async def test_port_while_stopped(broker: Broker, keep_port: bool) -> None:
    """Nobody else gets the port if it is kept, until the broker is stopped for good."""
    await broker.stop(keep_port=keep_port)
    assert is_free(broker.port) is not keep_port
    await broker.stop()
    await broker.stop()
    assert is_free(broker.port)


def is_free(port: int) -> bool:
    """Return whether a program that asks for no more than a port can have this one."""
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@pytest.mark.parametrize(
    "packet", [encode(PacketType.DISCONNECT), encode(PacketType.PUBACK, b"\x00\x01")]
)
async def test_ends(broker: Broker, packet: bytes) -> None:
    """After DISCONNECT, and after what no client sends, it ends the connection."""
    reader, _ = await connect(broker, PING + packet)
    assert await ended(reader) == PONG


async def test_no_connect(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that says nothing is not waited for."""
    monkeypatch.setattr(listener, "_CONNECT_PATIENCE", 0.05)
    reader, _ = await connect(broker, b"")
    assert await ended(reader) == b""


async def test_other_bytes(broker: Broker) -> None:
    """They are sent in place of the answer, and nothing is answered after them."""
    broker.faults.raw[Where.CONNECT] = raw(b"\xff" * 5)
    reader, writer = await connect(broker)
    assert await reader.readexactly(5) == b"\xff" * 5
    broker.faults.raw = {}
    writer.write(PING)
    assert await ended(reader) == b""
