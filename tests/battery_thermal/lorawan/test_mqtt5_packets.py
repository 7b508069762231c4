"""Tests of the MQTT 5 packets that this client writes and reads."""

import struct

import pytest

from custom_components.battery_thermal.lorawan import mqtt5_packets as packets
from custom_components.battery_thermal.lorawan.mqtt5_packets import Connack, Published
from custom_components.battery_thermal.lorawan.mqtt_packets import PacketError
from simulator.mqtt import broker_packets
from simulator.mqtt.packets import Decoder, Publish, encode_publish


def body_of(packet: bytes) -> tuple[int, bytes]:
    """Return the first byte and the body of a packet."""
    [(first, body)] = Decoder().feed(packet)
    return first, body


@pytest.mark.parametrize("expiry", [0, 86400])
@pytest.mark.parametrize(
    ("user_name", "password"),
    [(None, None), ("owner", None), (None, "secret"), ("owner", "secret")],
)
def test_connect(expiry: int, user_name: str | None, password: str | None) -> None:
    """A CONNECT has the given values; a session is new unless it is to be kept."""
    packet = packets.connect(
        "ha-1", user_name, password, keepalive=30, session_expiry=expiry
    )
    connect = broker_packets.read_connect(body_of(packet)[1])
    assert connect == broker_packets.ClientConnect(
        "ha-1", 5, not expiry, 30, user_name, password, expiry
    )


def test_subscribe_and_publish() -> None:
    """Subscriptions and messages are of QoS 1."""
    subscribe = broker_packets.read_subscribe(
        *body_of(packets.subscribe(1, ["a", "b/+"])), 5
    )
    assert (subscribe.packet_id, subscribe.filters) == (1, (("a", 1), ("b/+", 1)))
    publish = broker_packets.read_publish(*body_of(packets.publish(7, "a", b"x")), 5)
    assert publish == Publish("a", b"x", 1, packet_id=7)
    assert body_of(packets.puback(7)) == (0x40, b"\0\7")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\0\0\0", Connack(0, False, None)),
        (b"\1\0\0", Connack(0, True, None)),
        (b"\0\5", Connack(5, False, None)),
        (b"\0\x87\0", Connack(0x87, False, None)),
        (b"\0\0\3\x13\0\x0a", Connack(0, False, 10)),
        # Reason text, user property, topic alias maximum, server keep alive.
        (
            b"\0\0\x14\x1f\0\2no\x26\0\1a\0\1b\x22\0\5\x13\0\x0a\x24\1",
            Connack(0, False, 10),
        ),
    ],
)
def test_connack(body: bytes, expected: Connack) -> None:
    """The reason, the session, and the keep alive of the server are read."""
    assert packets.read_connack(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"\0\0\1",
        b"\0\0\1\x77",
        b"\0\0\2\x13\0",
        b"\0\0\3\x1f\0\7",
        b"\0\0\x80",
    ],
)
def test_bad_connack(body: bytes) -> None:
    """Anything else is refused."""
    with pytest.raises(PacketError):
        packets.read_connack(body)


def test_suback() -> None:
    """There is a reason code for each topic."""
    body = body_of(broker_packets.suback(5, 1, b"\1\x87"))[1]
    assert packets.read_suback(body, 1, 2) == b"\1\x87"


@pytest.mark.parametrize(
    "body", [b"", b"\0\1", b"\0\2\0\1\1", b"\0\1\0\1", b"\0\1\7\1\1", b"\0\1\0\1\1\1"]
)
def test_bad_suback(body: bytes) -> None:
    """Anything else is no answer to the subscription."""
    with pytest.raises(PacketError):
        packets.read_suback(body, 1, 2)


def test_puback_and_disconnect() -> None:
    """Without a reason both report success."""
    assert packets.read_puback(b"\0\7") == (7, 0)
    assert packets.read_puback(b"\0\7\x10\0") == (7, 0x10)
    assert packets.read_disconnect(b"") == 0
    assert packets.read_disconnect(b"\x8e\0") == 0x8E
    with pytest.raises(PacketError):
        packets.read_puback(b"\0")


@pytest.mark.parametrize(
    ("publish", "expected"),
    [
        (Publish("a/b", b"x"), Published("a/b", b"x", None)),
        (Publish("a/b", b"x", 1, packet_id=7), Published("a/b", b"x", 7)),
        (Publish("a", b""), Published("a", b"", None)),
    ],
)
def test_publish(publish: Publish, expected: Published) -> None:
    """Topic, payload and packet identifier are read."""
    assert packets.read_publish(*body_of(encode_publish(publish, 5))) == expected


def test_properties_are_skipped() -> None:
    """Properties of a message are skipped, however many they are."""
    properties = b"\x26\0\1a\0\1b" * 30
    body = b"\0\1a\0\7" + struct.pack("BB", 210 & 0x7F | 0x80, 1) + properties + b"x"
    assert packets.read_publish(0x32, body) == Published("a", b"x", 7)


@pytest.mark.parametrize(
    ("first", "body"),
    [
        (0x34, b"\0\1a\0\1\0"),
        (0x30, b""),
        (0x30, b"\0\5a"),
        (0x30, b"\0\1a"),
        (0x30, b"\0\1a\7x"),
        (0x30, b"\0\1\xff\0"),
        (0x32, b"\0\1a\0"),
        (0x30, b"\0\1a\xff\xff\xff\xff\1"),
    ],
)
def test_bad_publish(first: int, body: bytes) -> None:
    """A message that ends too early, has QoS 2 or no valid topic is refused."""
    with pytest.raises(PacketError):
        packets.read_publish(first, body)
