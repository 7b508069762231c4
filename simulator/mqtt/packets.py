"""MQTT packets as bytes, versions 3.1.1 (level 4) and 5, without any I/O.

Sources: OASIS MQTT 3.1.1 and MQTT 5.0; chapter numbers below are the same in both
unless said. Properties of version 5 are written empty and skipped when read: the
simulator needs none of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
import struct
from typing import Literal

from .body import Body, MalformedPacketError, empty_properties

type Level = Literal[4, 5]
"""Protocol level of CONNECT: 4 is version 3.1.1, 5 is version 5."""

MAXIMUM_REMAINING_LENGTH = 268_435_455
"""Four bytes of seven bits (chapter 2.2.3)."""

FAILURE = 0x80
"""Lowest code of a refusal."""


class PacketType(IntEnum):
    """Control packet types (chapter 2.2.1)."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


_FLAGS = {PacketType.PUBREL: 2, PacketType.SUBSCRIBE: 2, PacketType.UNSUBSCRIBE: 2}
"""Flags the standard fixes; all other types but PUBLISH have 0."""


@dataclass(frozen=True, slots=True)
class Publish:
    """An application message."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    duplicate: bool = False
    packet_id: int = 0
    """0 for QoS 0, which has no identifier."""


@dataclass(frozen=True, slots=True)
class Will:
    """The last will."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Connect:
    """The content of a CONNECT."""

    client_id: str
    level: int = 4
    clean: bool = True
    keepalive: int = 60
    """Seconds."""
    username: str | None = None
    password: str | None = None
    will: Will | None = None


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Topic filters with the QoS asked for; UNSUBSCRIBE reads as QoS 0 throughout."""

    packet_id: int
    filters: tuple[tuple[str, int], ...]


class Decoder:
    """Splits a stream of bytes into packets."""

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        """Initialize with an empty buffer."""
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield (first byte, body) of every complete packet.

        Raises MalformedPacketError on a length of more than four bytes.
        """
        buffer = self._buffer
        buffer += data
        while len(buffer) >= 2:
            length = 0
            for index in range(1, 5):
                if index == len(buffer):
                    return
                byte = buffer[index]
                length |= (byte & 0x7F) << (7 * (index - 1))
                if byte < 0x80:
                    break
            else:
                raise MalformedPacketError("remaining length of more than four bytes")
            start, end = index + 1, index + 1 + length
            if len(buffer) < end:
                return
            first, body = buffer[0], bytes(buffer[start:end])
            del buffer[:end]
            yield first, body


def encode(packet_type: PacketType, body: bytes = b"", flags: int = 0) -> bytes:
    """Return a packet with its fixed header."""
    flags |= _FLAGS.get(packet_type, 0)
    return bytes((packet_type << 4 | flags,)) + _variable_integer(len(body)) + body


def encode_connect(connect: Connect) -> bytes:
    """Return CONNECT (chapter 3.1); with version 5 the session ends with it."""
    flags = 0x02 if connect.clean else 0
    payload = _string(connect.client_id)
    if (will := connect.will) is not None:
        flags |= 0x04 | will.qos << 3 | will.retain << 5
        payload += empty_properties(connect.level) + _string(will.topic)
        payload += _binary(will.payload)
    if connect.username is not None:
        flags |= 0x80
        payload += _string(connect.username)
    if connect.password is not None:
        flags |= 0x40
        payload += _string(connect.password)
    header = _string("MQTT") + struct.pack(
        "!BBH", connect.level, flags, connect.keepalive
    )
    return encode(
        PacketType.CONNECT, header + empty_properties(connect.level) + payload
    )


def decode_connack(body: bytes) -> int:
    """Read CONNACK; return its code, 0 for success."""
    reader = Body(body)
    reader.take(1)
    return reader.byte()


def encode_publish(publish: Publish, level: int) -> bytes:
    """Return PUBLISH (chapter 3.3)."""
    flags = publish.duplicate << 3 | publish.qos << 1 | publish.retain
    body = _string(publish.topic)
    if publish.qos:
        body += struct.pack("!H", publish.packet_id)
    body += empty_properties(level) + publish.payload
    return encode(PacketType.PUBLISH, body, flags)


def decode_publish(first: int, body: bytes, level: int) -> Publish:
    """Read PUBLISH."""
    reader = Body(body)
    topic = reader.text()
    qos = first >> 1 & 3
    packet_id = reader.short() if qos else 0
    if level == 5:
        reader.take(reader.variable())
    return Publish(
        topic, reader.rest(), qos, bool(first & 1), bool(first & 8), packet_id
    )


def encode_subscribe(subscribe: Subscribe, level: int) -> bytes:
    """Return SUBSCRIBE (chapter 3.8)."""
    body = struct.pack("!H", subscribe.packet_id) + empty_properties(level)
    for topic_filter, qos in subscribe.filters:
        body += _string(topic_filter) + bytes((qos,))
    return encode(PacketType.SUBSCRIBE, body)


def decode_suback(body: bytes, level: int) -> tuple[int, bytes]:
    """Read SUBACK: packet identifier, and a code for each filter."""
    reader = Body(body)
    packet_id = reader.short()
    if level == 5:
        reader.take(reader.variable())
    return packet_id, reader.rest()


def encode_acknowledgement(packet_type: PacketType, packet_id: int) -> bytes:
    """Return PUBACK, PUBREC, PUBREL or PUBCOMP: success, in both versions."""
    return encode(packet_type, struct.pack("!H", packet_id))


def decode_acknowledgement(body: bytes) -> tuple[int, int]:
    """Return packet identifier and reason; 0 is success, and all that 3.1.1 has."""
    reader = Body(body)
    return reader.short(), reader.byte() if reader else 0


def matches(topic_filter: str, topic: str) -> bool:
    """Return whether a topic filter with ``+`` and ``#`` matches a topic (chapter 4.7)."""
    wanted, there = topic_filter.split("/"), topic.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index == len(there) or level not in ("+", there[index]):
            return False
    return len(wanted) == len(there)


def _variable_integer(value: int) -> bytes:
    if value > MAXIMUM_REMAINING_LENGTH:
        raise ValueError("packet too large for MQTT")
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _binary(data: bytes) -> bytes:
    return struct.pack("!H", len(data)) + data


def _string(text: str) -> bytes:
    return _binary(text.encode())
