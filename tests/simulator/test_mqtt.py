"""MQTT by the byte: against the standard, against pieces, against a mute broker."""

import asyncio
from collections.abc import AsyncGenerator

from hypothesis import given, strategies as st
import pytest

from simulator.mqtt.client import Broker, Connection, RefusedError
from simulator.mqtt.packets import (
    Connect,
    Decoder,
    MalformedPacketError,
    PacketType,
    Publish,
    Subscribe,
    Will,
    decode_acknowledgement,
    decode_connect,
    decode_publish,
    decode_suback,
    decode_subscribe,
    encode,
    encode_acknowledgement,
    encode_connect,
    encode_publish,
    encode_subscribe,
    matches,
)

from .conftest import Mosquitto, until


def only(data: bytes) -> tuple[int, bytes]:
    """Return the one packet in some bytes."""
    ((first, body),) = Decoder().feed(data)
    return first, body


# Packets


def test_connect_as_in_the_standard() -> None:
    """The example of MQTT 3.1.1, chapter 3.1.2 (figure 3.6), with its payload."""
    connect = Connect(
        "me", 4, True, 10, username="u", password="p", will=Will("t", b"w", 1)
    )
    assert encode_connect(connect) == (
        b"\x10\x1a\x00\x04MQTT\x04\xce\x00\x0a\x00\x02me\x00\x01t\x00\x01w\x00\x01u\x00\x01p"
    )


def test_version_5_has_properties() -> None:
    """An empty set in CONNECT, its will, PUBLISH and SUBSCRIBE."""
    connect = encode_connect(Connect("me", 5, will=Will("t", b"w")))
    assert connect[-12:] == b"\x00\x00\x02me\x00\x00\x01t\x00\x01w"
    assert encode_publish(Publish("t", b"p", 1, packet_id=2), 5) == (
        b"\x32\x07\x00\x01t\x00\x02\x00p"
    )
    assert encode_subscribe(Subscribe(3, (("t", 2),)), 5) == (
        b"\x82\x07\x00\x03\x00\x00\x01t\x02"
    )


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
short = st.integers(0, 0xFFFF)


@given(
    st.builds(
        Connect,
        text,
        st.just(4),
        st.booleans(),
        short,
        st.none() | text,
        st.none() | text,
        st.none()
        | st.builds(
            Will, text, st.binary(max_size=50), st.integers(0, 2), st.booleans()
        ),
    )
)
def test_connect_round_trip(connect: Connect) -> None:
    """What a client of 3.1.1 says, a server understands."""
    assert decode_connect(only(encode_connect(connect))[1]) == connect


def test_connect_of_another_version() -> None:
    """Its level is all that can be known."""
    for connect in (Connect("me", 5, username="u"), Connect("", 3)):
        assert decode_connect(only(encode_connect(connect))[1]).level == connect.level


@given(
    text,
    st.binary(max_size=300),
    st.integers(0, 2),
    st.booleans(),
    st.sampled_from([4, 5]),
)
def test_publish_round_trip(
    topic: str, payload: bytes, qos: int, flag: bool, level: int
) -> None:
    """In both versions."""
    publish = Publish(topic, payload, qos, flag, not flag, 7 if qos else 0)
    assert decode_publish(*only(encode_publish(publish, level)), level) == publish


@given(st.lists(st.tuples(text, st.integers(0, 2)), min_size=1))
def test_subscribe_round_trip(filters: list[tuple[str, int]]) -> None:
    """As 3.1.1 has it."""
    subscribe = Subscribe(9, tuple(filters))
    assert decode_subscribe(*only(encode_subscribe(subscribe, 4))) == subscribe


def test_properties_are_skipped() -> None:
    """Those of version 5 that a broker may send."""
    assert decode_suback(b"\x00\x01\x03\x1f\x00\x00\x02", 5) == (1, b"\x02")
    assert decode_suback(b"\x00\x01\x02\x80", 4) == (1, b"\x02\x80")
    packet = b"\x00\x01t" + b"\x05\x02\x00\x00\x00\x01" + b"p"
    assert decode_publish(0x30, packet, 5) == Publish("t", b"p")
    assert decode_acknowledgement(b"\x00\x01") == (1, 0)
    assert decode_acknowledgement(b"\x00\x01\x87\x00") == (1, 0x87)


@given(st.lists(st.binary(max_size=300)), st.integers(1, 50))
def test_stream_in_pieces(bodies: list[bytes], size: int) -> None:
    """However it is cut."""
    stream = b"".join(encode(PacketType.PUBLISH, body) for body in bodies)
    decoder, found = Decoder(), []
    for at in range(0, len(stream), size):
        found += decoder.feed(stream[at : at + size])
    assert [body for _, body in found] == bodies


@given(st.binary(max_size=100))
def test_any_bytes(data: bytes) -> None:
    """Packets or MalformedPacketError, nothing else."""
    try:
        for first, body in Decoder().feed(data):
            decode_publish(first, body, 5)
            decode_subscribe(first, body)
            decode_connect(body)
    except MalformedPacketError:
        pass


@pytest.mark.parametrize(
    ("wanted", "topic", "taken"),
    [
        ("a/b", "a/b", True),
        ("a/+", "a/b", True),
        ("+/+", "a/b", True),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("#", "a/b", True),
        ("a/+", "a/b/c", False),
        ("a/b/c", "a/b", False),
        ("a/+/c", "a/b/d", False),
        ("a", "a/b", False),
    ],
)
def test_topic_filters(wanted: str, topic: str, taken: bool) -> None:
    """Chapter 4.7."""
    assert matches(wanted, topic) is taken


def test_too_large() -> None:
    """Four bytes of length at most, written and read."""
    with pytest.raises(MalformedPacketError):
        list(Decoder().feed(b"\x30\xff\xff\xff\xff\x01"))


# A connection


class Peer:
    """A broker by hand: what the test writes is what it says."""

    def __init__(self) -> None:
        """Listen on any port."""
        self.heard: list[tuple[int, bytes]] = []
        self.accept: bytes = b"\x20\x02\x00\x00"
        self.writer: asyncio.StreamWriter | None = None
        self.server: asyncio.Server | None = None

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer CONNECT, remember the rest."""
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
        """Return the types of what was heard."""
        return [first >> 4 for first, _ in self.heard]


@pytest.fixture
async def peer() -> AsyncGenerator[Peer]:
    """Return a broker by hand."""
    peer = Peer()
    yield peer
    if peer.server is not None:
        peer.server.close()
        if peer.writer is not None:
            peer.writer.transport.abort()
        await peer.server.wait_closed()


async def test_qos_2_is_delivered_once(peer: Peer) -> None:
    """However often it is sent before its release; then the number is free again."""
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


async def test_no_more_under_way_than_a_broker_allows(peer: Peer) -> None:
    """Twenty; the others wait for a place."""
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
    """Of a connection, a subscription and of messages."""
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


async def test_gives_up_on_a_mute_broker(peer: Peer) -> None:
    """A ping without an answer."""
    connection = await Connection.open(
        await peer.start(), "me", lambda _: None, keepalive=1
    )
    async with asyncio.timeout(10):
        await connection.closed
    assert peer.types() == [PacketType.CONNECT, PacketType.PINGREQ]


async def test_pings_while_it_only_listens(peer: Peer) -> None:
    """A broker counts what it hears, not what it says."""
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


async def test_rubbish_ends_it(peer: Peer) -> None:
    """Bytes that are no MQTT."""
    connection = await Connection.open(await peer.start(), "me", lambda _: None)
    peer.say(b"\x30\xff\xff\xff\xff\xff")
    await connection.closed


async def test_nobody_answers(peer: Peer) -> None:
    """A broker that takes the connection and says nothing."""
    peer.accept = b""
    with pytest.raises(TimeoutError):
        await Connection.open(await peer.start(), "me", lambda _: None, patience=0.05)


@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize("qos", [0, 1, 2])
async def test_with_mosquitto(mosquitto: Mosquitto, protocol: int, qos: int) -> None:
    """There and back, a hundred messages, in order."""
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
