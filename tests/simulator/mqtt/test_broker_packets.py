"""Tests of the MQTT packets that a broker reads and writes."""

import struct

import pytest

from simulator.mqtt.body import SESSION_EXPIRY
from simulator.mqtt.broker_packets import (
    ClientConnect,
    connack,
    puback,
    read_connect,
    read_publish,
    read_subscribe,
    suback,
    unsuback,
)
from simulator.mqtt.packets import (
    Connect,
    PacketType,
    Publish,
    Subscribe,
    Will,
    encode_connect,
    encode_publish,
    encode_subscribe,
)


def text(value: str) -> bytes:
    """Return a text with its length in front."""
    return struct.pack("!H", len(value.encode())) + value.encode()


def body_of(packet: bytes) -> bytes:
    """Return a packet of less than 128 bytes without its fixed header."""
    assert packet[1] == len(packet) - 2
    return packet[2:]


@pytest.mark.parametrize("level", [4, 5])
@pytest.mark.parametrize("will", [None, Will("state/leave", b"gone", 1)])
@pytest.mark.parametrize("user", [(None, None), ("owner", "secret"), ("owner", None)])
def test_connect(
    level: int, will: Will | None, user: tuple[str | None, str | None]
) -> None:
    """The broker reads what a client writes; the last will is left out."""
    sent = Connect(
        client_id="board",
        level=level,
        keepalive=5,
        username=user[0],
        password=user[1],
        will=will,
    )
    assert read_connect(body_of(encode_connect(sent))) == ClientConnect(
        "board", level, True, 5, *user, 0
    )


@pytest.mark.parametrize(
    ("level", "flags", "properties", "expiry"),
    [
        (4, 0x02, b"", 0),
        (4, 0x00, b"", 0xFFFFFFFF),
        (5, 0x00, b"\0", 0),
        (5, 0x00, b"\5" + bytes([SESSION_EXPIRY]) + struct.pack("!I", 86400), 86400),
    ],
)
def test_session_expiry(level: int, flags: int, properties: bytes, expiry: int) -> None:
    """A session of version 3.1.1 does not expire; version 5 has a property for it."""
    body = text("MQTT") + bytes([level, flags, 0, 5]) + properties + text("a")
    connect = read_connect(body)
    assert (connect.session_expiry, connect.clean) == (expiry, bool(flags))


def test_connect_of_another_protocol() -> None:
    """Of an unknown protocol only the level is read."""
    assert read_connect(text("MQIsdp") + b"\3more").level == 3
    assert read_connect(text("MQTT") + b"\6").level == 6


@pytest.mark.parametrize("level", [4, 5])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_publish(level: int, qos: int) -> None:
    """The broker reads a message as the client wrote it."""
    sent = Publish("led/status", b"a;1;1", qos, True, bool(qos), 7 if qos else 0)
    packet = encode_publish(sent, level)
    assert read_publish(packet[0], body_of(packet), level) == sent


@pytest.mark.parametrize("level", [4, 5])
def test_subscribe(level: int) -> None:
    """Filters are read with their QoS, and without it in an UNSUBSCRIBE."""
    sent = Subscribe(3, (("state/#", 1), ("led/+", 0)))
    packet = encode_subscribe(sent, level)
    assert read_subscribe(packet[0], body_of(packet), level) == sent
    header = struct.pack("!H", 4) + (b"\0" if level == 5 else b"")
    first = PacketType.UNSUBSCRIBE << 4 | 2
    assert read_subscribe(first, header + text("state/#"), level) == Subscribe(
        4, (("state/#", 0),)
    )


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (connack(4, 5, session_present=False), b"\x20\x02\x00\x05"),
        (connack(5, 0x87, session_present=True), b"\x20\x03\x01\x87\x00"),
        (suback(4, 7, b"\1\x80"), b"\x90\x04\x00\x07\x01\x80"),
        (suback(5, 7, b"\1"), b"\x90\x04\x00\x07\x00\x01"),
        (unsuback(4, 7, 2), b"\xb0\x02\x00\x07"),
        (unsuback(5, 7, 2), b"\xb0\x05\x00\x07\x00\x00\x00"),
        (puback(4, 7, 0x10), b"\x40\x02\x00\x07"),
        (puback(5, 7, 0), b"\x40\x02\x00\x07"),
        (puback(5, 7, 0x10), b"\x40\x03\x00\x07\x10"),
    ],
)
def test_answers(packet: bytes, expected: bytes) -> None:
    """Answers are those of the standard; version 5 adds properties and reasons."""
    assert packet == expected
