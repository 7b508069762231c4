"""Tests of MQTT packets, byte by byte as in the standard (OASIS MQTT 3.1.1)."""

import pytest

from custom_components.battery_thermal.lorawan import mqtt_packets as packets
from custom_components.battery_thermal.lorawan.mqtt_packets import (
    LONGEST_PACKET,
    PacketError,
    PacketLength,
)
from simulator.mqtt.broker_packets import read_connect, read_subscribe
from simulator.mqtt.packets import Decoder, Publish, encode_publish


def test_connect() -> None:
    """An independent decoder reads the same values."""
    ((_first, body),) = Decoder().feed(packets.connect("ha", "a@ttn", "KEY" * 50, 30))
    connect = read_connect(body)
    assert (connect.level, connect.client_id, connect.user_name) == (4, "ha", "a@ttn")
    assert (connect.password, connect.keepalive) == ("KEY" * 50, 30)


def test_subscribe() -> None:
    """All topics are subscribed to with QoS 0."""
    topics = ["v3/a/devices/+/up", "v3/a/devices/+/down/+"]
    ((first, body),) = Decoder().feed(packets.subscribe(7, topics))
    subscribe = read_subscribe(first, body, 4)
    assert subscribe.packet_id == 7
    assert list(subscribe.filters) == [(topic, 0) for topic in topics]


def test_ping_and_disconnect() -> None:
    """Both packets have no content."""
    assert packets.ping() == b"\xc0\x00"
    assert packets.disconnect() == b"\xe0\x00"


def test_text_that_is_too_long() -> None:
    """The length of a text has two bytes."""
    with pytest.raises(PacketError):
        packets.connect("ha", "a", "K" * 70_000, 30)


@pytest.mark.parametrize(
    ("data", "length"),
    [(b"\x00", 0), (b"\x7f", 127), (b"\x80\x01", 128), (b"\x80\x80\x10", 256 * 1024)],
)
def test_length(data: bytes, length: int) -> None:
    """A byte of the length has seven bits, the lowest first."""
    found = PacketLength()
    assert [found.feed(byte) for byte in data] == [False] * (len(data) - 1) + [True]
    assert found.value == length


@pytest.mark.parametrize(
    "data", [b"\x81\x80\x10", b"\xff\xff\xff\x7f", b"\x80\x80\x80\x80", b"\xff\xff\xff"]
)
def test_length_that_is_refused(data: bytes) -> None:
    """A packet that is too long is refused before it is read."""
    found = PacketLength()
    with pytest.raises(PacketError):
        list(map(found.feed, data))
    assert LONGEST_PACKET == 256 * 1024


def test_connack() -> None:
    """The second of two bytes is the code."""
    assert packets.return_code(b"\x01\x05") == 5
    with pytest.raises(PacketError):
        packets.return_code(b"\x00")


def test_suback() -> None:
    """All topics are granted, or not; another packet identifier is refused."""
    assert packets.granted(b"\x00\x07\x00\x01", 7, 2)
    assert not packets.granted(b"\x00\x07\x00\x80", 7, 2)
    for other in (b"\x00\x08\x00\x00", b"\x00\x07\x00", b""):
        with pytest.raises(PacketError):
            packets.granted(other, 7, 2)


def test_publish() -> None:
    """A PUBLISH has a topic and a payload."""
    packet = encode_publish(Publish("v3/ä", b"{}"), 4)
    assert packets.published(packet[0], packet[2:]) == ("v3/ä", b"{}")
    assert packets.published(0x31, b"\x00\x01a") == ("a", b"")


@pytest.mark.parametrize(
    ("first", "body"),
    [
        (0x30, b""),
        (0x30, b"\x00"),
        (0x30, b"\x00\x02a"),
        (0x30, b"\x00\x01\xff"),
        (0x32, b"\x00\x01a\x00\x01"),
        (0x34, b"\x00\x01a\x00\x01"),
    ],
)
def test_publish_that_is_refused(first: int, body: bytes) -> None:
    """A PUBLISH that is too short, has no valid topic, or an unexpected QoS is refused."""
    with pytest.raises(PacketError):
        packets.published(first, body)
