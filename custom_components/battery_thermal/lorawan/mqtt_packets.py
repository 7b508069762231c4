"""The packets of MQTT 3.1.1 that a subscriber with QoS 0 sends and receives.

Source: MQTT 3.1.1, OASIS standard. Numbers in comments are its sections.
"""

from collections.abc import Sequence
from enum import IntEnum
import struct
from typing import Final

# Bytes after the fixed header. An uplink received by 200 gateways is about
# 200 kB of JSON; the protocol allows 256 MB (2.2.3).
LONGEST_PACKET: Final = 256 * 1024

_PROTOCOL: Final = b"\0\4MQTT\4"
_CLEAN_SESSION: Final = 0x02
_PASSWORD: Final = 0x40
_USER_NAME: Final = 0x80


class PacketType(IntEnum):
    """The upper half of a packet's first byte (2.2.1)."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBSCRIBE = 8
    SUBACK = 9
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class Refusal(IntEnum):
    """Why a CONNACK refuses the connection (3.2.2.3)."""

    VERSION = 1
    CLIENT_ID = 2
    UNAVAILABLE = 3
    CREDENTIALS = 4
    NOT_AUTHORIZED = 5


class PacketError(ValueError):
    """Received bytes are not MQTT 3.1.1, or a packet that is not accepted."""


class PacketLength:
    """Decoder of the remaining length of a packet, one to four bytes (2.2.3)."""

    def __init__(self) -> None:
        """Start before the first byte."""
        self.value = 0
        self._shift = 0

    def feed(self, byte: int) -> bool:
        """Add the next byte; return whether it was the last.

        Raises PacketError for a length beyond LONGEST_PACKET.
        """
        self.value |= (byte & 0x7F) << self._shift
        self._shift += 7
        if self.value > LONGEST_PACKET or (byte & 0x80 and self._shift == 28):
            raise PacketError("a packet is too long")
        return not byte & 0x80


def connect(client_id: str, user_name: str, password: str, keepalive: int) -> bytes:
    """Return a CONNECT; `keepalive` in seconds, 0 for none (3.1)."""
    flags = _CLEAN_SESSION | _USER_NAME | _PASSWORD
    texts = b"".join(map(encode_text, (client_id, user_name, password)))
    return encode_packet(
        PacketType.CONNECT << 4,
        _PROTOCOL + struct.pack("!BH", flags, keepalive) + texts,
    )


def subscribe(packet_id: int, topics: Sequence[str]) -> bytes:
    """Return a SUBSCRIBE for QoS 0 (3.8)."""
    filters = b"".join(encode_text(topic) + b"\0" for topic in topics)
    return encode_packet(
        PacketType.SUBSCRIBE << 4 | 0x02, struct.pack("!H", packet_id) + filters
    )


def ping() -> bytes:
    """Return a PINGREQ (3.12)."""
    return encode_packet(PacketType.PINGREQ << 4, b"")


def disconnect() -> bytes:
    """Return a DISCONNECT (3.14)."""
    return encode_packet(PacketType.DISCONNECT << 4, b"")


def return_code(body: bytes) -> int:
    """Return the code of a CONNACK: 0 is accepted, others as in Refusal (3.2).

    Raises PacketError.
    """
    if len(body) != 2:
        raise PacketError("a CONNACK of another length")
    return body[1]


def granted(body: bytes, packet_id: int, topics: int) -> bool:
    """Return whether a SUBACK grants all subscriptions. Raises PacketError (3.9)."""
    if len(body) != 2 + topics or body[:2] != struct.pack("!H", packet_id):
        raise PacketError("a SUBACK for something else")
    return not any(code & 0x80 for code in body[2:])


def published(first: int, body: bytes) -> tuple[str, bytes]:
    """Return the topic and the payload of a PUBLISH (3.3).

    Raises PacketError for a malformed packet, and for a QoS other than 0.
    """
    if first & 0x06:
        raise PacketError("a PUBLISH with another QoS than 0")
    if len(body) < 2 or len(body) < (end := 2 + int.from_bytes(body[:2])):
        raise PacketError("a PUBLISH that ends too early")
    try:
        return body[2:end].decode(), body[end:]
    except UnicodeDecodeError as error:
        raise PacketError("a topic that is no text") from error


def encode_packet(first: int, body: bytes) -> bytes:
    """Return a packet with its fixed header (2.2)."""
    length, header = len(body), bytearray((first,))
    while length > 0x7F:
        header.append(length & 0x7F | 0x80)
        length >>= 7
    header.append(length)
    return bytes(header) + body


def encode_text(text: str) -> bytes:
    """Return an encoded text with its length (1.5.3). Raises PacketError."""
    data = text.encode()
    if len(data) > 0xFFFF:
        raise PacketError("a text is too long")
    return struct.pack("!H", len(data)) + data
