"""Tests of the MQTT packets that a client reads and writes."""

from hypothesis import given, strategies as st
import pytest

from simulator.mqtt.body import MalformedPacketError
from simulator.mqtt.broker_packets import read_connect, read_subscribe
from simulator.mqtt.packets import (
    Connect,
    Decoder,
    PacketType,
    Publish,
    Subscribe,
    Will,
    decode_acknowledgement,
    decode_publish,
    decode_suback,
    encode,
    encode_connect,
    encode_publish,
    encode_subscribe,
    matches,
)


def only(data: bytes) -> tuple[int, bytes]:
    """Return the only packet in some bytes."""
    ((first, body),) = Decoder().feed(data)
    return first, body


def test_connect_as_in_the_standard() -> None:
    """CONNECT is encoded as in the example of MQTT 3.1.1, chapter 3.1.2 (figure 3.6)."""
    connect = Connect(
        "me", 4, True, 10, username="u", password="p", will=Will("t", b"w", 1)
    )
    assert encode_connect(connect) == (
        b"\x10\x1a\x00\x04MQTT\x04\xce\x00\x0a\x00\x02me\x00\x01t\x00\x01w\x00\x01u\x00\x01p"
    )


def test_version_5_has_properties() -> None:
    """Version 5 has empty properties in CONNECT, will, PUBLISH and SUBSCRIBE."""
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
    """A broker reads a CONNECT of version 3.1.1 as it was encoded."""
    read = read_connect(only(encode_connect(connect))[1])
    assert (read.client_id, read.level, read.clean, read.keepalive) == (
        *(connect.client_id, connect.level, connect.clean, connect.keepalive),
    )
    assert (read.user_name, read.password) == (connect.username, connect.password)


def test_connect_of_another_version() -> None:
    """Of a CONNECT of another version than 3.1.1 and 5 only the level is read."""
    for connect in (Connect("me", 5, username="u"), Connect("", 3)):
        assert read_connect(only(encode_connect(connect))[1]).level == connect.level


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
    """A PUBLISH is decoded as it was encoded, in both versions."""
    publish = Publish(topic, payload, qos, flag, not flag, 7 if qos else 0)
    assert decode_publish(*only(encode_publish(publish, level)), level) == publish


@given(st.lists(st.tuples(text, st.integers(0, 2)), min_size=1))
def test_subscribe_round_trip(filters: list[tuple[str, int]]) -> None:
    """A broker reads a SUBSCRIBE as it was encoded, in both versions."""
    subscribe = Subscribe(9, tuple(filters))
    for level in 4, 5:
        packet = only(encode_subscribe(subscribe, level))
        assert read_subscribe(*packet, level) == subscribe


def test_properties_are_skipped() -> None:
    """Properties that a broker of version 5 may send are skipped."""
    assert decode_suback(b"\x00\x01\x03\x1f\x00\x00\x02", 5) == (1, b"\x02")
    assert decode_suback(b"\x00\x01\x02\x80", 4) == (1, b"\x02\x80")
    packet = b"\x00\x01t" + b"\x05\x02\x00\x00\x00\x01" + b"p"
    assert decode_publish(0x30, packet, 5) == Publish("t", b"p")
    assert decode_acknowledgement(b"\x00\x01") == (1, 0)
    assert decode_acknowledgement(b"\x00\x01\x87\x00") == (1, 0x87)


@given(st.lists(st.binary(max_size=300)), st.integers(1, 50))
def test_stream_in_pieces(bodies: list[bytes], size: int) -> None:
    """Packets are decoded from a stream cut at any place."""
    stream = b"".join(encode(PacketType.PUBLISH, body) for body in bodies)
    decoder = Decoder()
    found: list[tuple[int, bytes]] = []
    for at in range(0, len(stream), size):
        found += decoder.feed(stream[at : at + size])
    assert [body for _, body in found] == bodies


@given(st.binary(max_size=100))
def test_any_bytes(data: bytes) -> None:
    """Any bytes are decoded to packets or raise MalformedPacketError."""
    try:
        for first, body in Decoder().feed(data):
            decode_publish(first, body, 5)
            read_subscribe(first, body, 4)
            read_connect(body)
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
    """Topic filters match as in chapter 4.7."""
    assert matches(wanted, topic) is taken


def test_too_large() -> None:
    """A length of more than four bytes is refused, reading and writing."""
    with pytest.raises(MalformedPacketError):
        list(Decoder().feed(b"\x30\xff\xff\xff\xff\x01"))
