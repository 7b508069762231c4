"""Tests of the connection of an MQTT client."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from simulator.mqtt.answers import RefusedError
from simulator.mqtt.client import Broker, Connection
from simulator.mqtt.packets import (
    Decoder,
    PacketType,
    Publish,
    encode,
    encode_acknowledgement,
    encode_publish,
)
from tests.simulator.conftest import Mosquitto, until


class Peer:
    """A broker that sends only what the test writes."""

    def __init__(self) -> None:
        """Listen on any port."""
        self.heard: list[tuple[int, bytes]] = []
        self.accept: bytes = b"\x20\x02\x00\x00"
        self.writer: asyncio.StreamWriter | None = None
        self.server: asyncio.Server | None = None

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer CONNECT, and store all other packets."""
        self.writer = writer
        decoder = Decoder()
        while data := await reader.read(65536):
            for first, body in decoder.feed(data):
                self.heard.append((first, body))
                if first >> 4 == PacketType.CONNECT:
                    writer.write(self.accept)
        writer.close()

    async def start(self) -> Broker:
        """Start."""
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return Broker(port=self.server.sockets[0].getsockname()[1], protocol=4)

    def say(self, data: bytes) -> None:
        """Send some bytes."""
        assert self.writer is not None
        self.writer.write(data)

    def types(self) -> list[int]:
        """Return the types of the received packets."""
        return [first >> 4 for first, _ in self.heard]


@pytest.fixture
async def peer() -> AsyncGenerator[Peer]:
    """Return a scripted broker."""
    peer = Peer()
    yield peer
    if peer.server is not None:
        peer.server.close()
        if peer.writer is not None:
            peer.writer.transport.abort()
        await peer.server.wait_closed()


async def test_qos_2_is_delivered_once(peer: Peer) -> None:
    """A repeated QoS 2 message is delivered once; after its release the identifier is free."""
    got: list[bytes] = []
    connection = await Connection.open(
        await peer.start(), "me", lambda publish: got.append(publish.payload)
    )
    first = encode_publish(Publish("t", b"1", 2, packet_id=5), 4)
    release = encode_acknowledgement(PacketType.PUBREL, 5)
    peer.say(first + first + release + first)
    await until(lambda: peer.types().count(PacketType.PUBCOMP) == 1)
    await until(lambda: peer.types().count(PacketType.PUBREC) == 3)
    assert got == [b"1", b"1"]
    connection.abort()


async def test_limit_of_messages_in_flight(peer: Peer) -> None:
    """At most twenty messages are in flight; others wait."""
    connection = await Connection.open(await peer.start(), "me", lambda _: None)
    sent = [connection.send("t", b"", 1) for _ in range(25)]
    await until(lambda: peer.types().count(PacketType.PUBLISH) == 20)
    for packet_id in (1, 2, 77):
        peer.say(encode_acknowledgement(PacketType.PUBACK, packet_id))
    await until(lambda: peer.types().count(PacketType.PUBLISH) == 23)
    assert [done.done() for done in sent] == [True] * 2 + [False] * 23
    connection.abort()
    await connection.closed
    with pytest.raises(ConnectionError):
        await sent[24]
    with pytest.raises(ConnectionError):
        await connection.send("t", b"")
    with pytest.raises(ConnectionError):
        await connection.subscribe([("t", 0)])


async def test_refusals(peer: Peer) -> None:
    """Refused connections, subscriptions and messages raise RefusedError."""
    peer.accept = b"\x20\x02\x00\x05"
    broker = await peer.start()
    with pytest.raises(RefusedError) as refused:
        await Connection.open(broker, "me", lambda _: None)
    assert refused.value.code == 5
    peer.accept = b"\x20\x02\x00\x00"
    connection = await Connection.open(broker, "me", lambda _: None)
    subscribing = asyncio.ensure_future(connection.subscribe([("a", 0), ("b", 0)]))
    await until(lambda: PacketType.SUBSCRIBE in peer.types())
    peer.say(encode(PacketType.SUBACK, b"\x00\x01\x00\x80"))
    with pytest.raises(RefusedError):
        await subscribing
    sent = [connection.send("t", b"", qos) for qos in (1, 2, 2)]
    peer.say(encode(PacketType.PUBACK, b"\x00\x02\x87"))
    peer.say(encode(PacketType.PUBREC, b"\x00\x03\x87"))
    peer.say(encode(PacketType.PUBREC, b"\x00\x04"))
    for refusal in sent[:2]:
        with pytest.raises(RefusedError):
            await refusal
    await until(lambda: PacketType.PUBREL in peer.types())
    peer.say(encode_acknowledgement(PacketType.PUBCOMP, 4))
    await sent[2]
    connection.abort()


async def test_connection_ends_without_answer_to_ping(peer: Peer) -> None:
    """The connection ends when a ping is not answered."""
    connection = await Connection.open(
        await peer.start(), "me", lambda _: None, keepalive=1
    )
    async with asyncio.timeout(10):
        await connection.closed
    assert peer.types() == [PacketType.CONNECT, PacketType.PINGREQ]


async def test_ping_while_only_receiving(peer: Peer) -> None:
    """A client that only receives sends pings too."""
    connection = await Connection.open(
        await peer.start(), "me", lambda _: None, keepalive=1
    )

    async def chatter() -> None:
        while PacketType.PINGREQ not in peer.types():
            peer.say(encode_publish(Publish("t", b""), 4))
            await asyncio.sleep(0.1)

    async with asyncio.timeout(10):
        await chatter()
    assert connection.is_open
    connection.abort()


async def test_connection_ends_with_invalid_bytes(peer: Peer) -> None:
    """Bytes that are no MQTT end the connection."""
    connection = await Connection.open(await peer.start(), "me", lambda _: None)
    peer.say(b"\x30\xff\xff\xff\xff\xff")
    await connection.closed


async def test_time_out_of_connecting(peer: Peer) -> None:
    """Connecting times out when the broker does not answer."""
    peer.accept = b""
    with pytest.raises(TimeoutError):
        await Connection.open(await peer.start(), "me", lambda _: None, patience=0.05)


@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize("qos", [0, 1, 2])
async def test_with_mosquitto(mosquitto: Mosquitto, protocol: int, qos: int) -> None:
    """A hundred messages pass through mosquitto in order."""
    got: list[bytes] = []
    broker = Broker(port=mosquitto.port, protocol=5 if protocol == 5 else 4)
    connection = await Connection.open(
        broker, "me", lambda publish: got.append(publish.payload)
    )
    assert await connection.subscribe([("t/+", qos)]) == bytes((qos,))
    payloads = [b"%d" % number for number in range(100)]
    await asyncio.gather(
        *(connection.send("t/x", payload, qos) for payload in payloads)
    )
    await until(lambda: len(got) == 100)
    assert got == payloads
    connection.disconnect()
    await connection.closed
