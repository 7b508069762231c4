"""The packets of MQTT 5 that a client with QoS 1 sends and receives.

Source: MQTT 5.0, OASIS standard. Numbers in comments are its sections. Of the
properties only those named here are written or read; all others are skipped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
import struct
from typing import Final

from .mqtt_packets import (
    LONGEST_PACKET,
    PacketError,
    PacketType,
    encode_packet,
    encode_text,
)

_PROTOCOL: Final = b"\0\4MQTT\5"
_CLEAN_START: Final = 0x02
_PASSWORD: Final = 0x40
_USER_NAME: Final = 0x80
_QOS_1: Final = 0x02

# Identifiers of properties (2.2.2.2).
_SESSION_EXPIRY: Final = 0x11
_SERVER_KEEP_ALIVE: Final = 0x13
_MAXIMUM_PACKET_SIZE: Final = 0x27
# Bytes of their values; None for texts and binary data, which have a length in front.
_SIZES: Final[dict[int, int | None]] = {
    0x12: None,
    0x15: None,
    0x16: None,
    0x1A: None,
    0x1C: None,
    0x1F: None,
    0x21: 2,
    0x22: 2,
    0x24: 1,
    0x25: 1,
    0x28: 1,
    0x29: 1,
    0x2A: 1,
    _SESSION_EXPIRY: 4,
    _SERVER_KEEP_ALIVE: 2,
    _MAXIMUM_PACKET_SIZE: 4,
}
_USER_PROPERTY: Final = 0x26


class Reason(IntEnum):
    """Reason codes of packets, as far as they are distinguished here (2.4)."""

    SUCCESS = 0x00
    NO_MATCHING_SUBSCRIBERS = 0x10
    UNSPECIFIED_ERROR = 0x80
    UNSUPPORTED_VERSION = 0x84
    BAD_CREDENTIALS = 0x86
    NOT_AUTHORIZED = 0x87
    UNAVAILABLE = 0x88
    BUSY = 0x89
    BANNED = 0x8A
    QUOTA_EXCEEDED = 0x97
    CONNECTION_RATE_EXCEEDED = 0x9F


@dataclass(frozen=True, slots=True)
class Connack:
    """Answer to a CONNECT; `keepalive` in seconds, None if it is not the server's."""

    reason: int
    session_present: bool
    keepalive: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """A message of a topic; `packet_id` is None for QoS 0."""

    topic: str
    payload: bytes
    packet_id: int | None


def connect(
    client_id: str,
    user_name: str | None,
    password: str | None,
    *,
    keepalive: int,
    session_expiry: int,
) -> bytes:
    """Return a CONNECT (3.1).

    `session_expiry`: seconds for which the server keeps the session after the
    connection; 0 begins a new one, which ends with the connection.
    """
    flags = 0 if session_expiry else _CLEAN_START
    texts = encode_text(client_id)
    for flag, text in ((_USER_NAME, user_name), (_PASSWORD, password)):
        if text is not None:
            flags |= flag
            texts += encode_text(text)
    properties = struct.pack(
        "!BIBI",
        _SESSION_EXPIRY,
        session_expiry,
        _MAXIMUM_PACKET_SIZE,
        LONGEST_PACKET,
    )
    header = struct.pack("!BH", flags, keepalive) + bytes((len(properties),))
    return encode_packet(
        PacketType.CONNECT << 4, _PROTOCOL + header + properties + texts
    )


def subscribe(packet_id: int, topics: Sequence[str]) -> bytes:
    """Return a SUBSCRIBE for QoS 1 (3.8)."""
    filters = b"".join(encode_text(topic) + b"\1" for topic in topics)
    header = struct.pack("!H", packet_id) + b"\0"
    return encode_packet(PacketType.SUBSCRIBE << 4 | 0x02, header + filters)


def publish(packet_id: int, topic: str, payload: bytes) -> bytes:
    """Return a PUBLISH with QoS 1 (3.3)."""
    header = encode_text(topic) + struct.pack("!H", packet_id) + b"\0"
    return encode_packet(PacketType.PUBLISH << 4 | _QOS_1, header + payload)


def puback(packet_id: int) -> bytes:
    """Return a PUBACK that reports success (3.4)."""
    return encode_packet(PacketType.PUBACK << 4, struct.pack("!H", packet_id))


def read_connack(body: bytes) -> Connack:
    """Read a CONNACK (3.2). Raises PacketError."""
    if len(body) < 2:
        raise PacketError("a CONNACK of another length")
    # A server that does not know version 5 may answer in version 3.1.1.
    properties = {} if len(body) == 2 else _read_properties(body, 2)[0]
    keepalive = properties.get(_SERVER_KEEP_ALIVE)
    return Connack(
        reason=body[1],
        session_present=bool(body[0] & 1),
        keepalive=None if keepalive is None else int.from_bytes(keepalive),
    )


def read_suback(body: bytes, packet_id: int, topics: int) -> bytes:
    """Return the reason codes of a SUBACK, one for each topic (3.9).

    Raises PacketError, also for one that answers another SUBSCRIBE.
    """
    if body[:2] != struct.pack("!H", packet_id):
        raise PacketError("a SUBACK for something else")
    reasons = body[_skip_properties(body, 2) :]
    if len(reasons) != topics:
        raise PacketError("a SUBACK for something else")
    return reasons


def read_puback(body: bytes) -> tuple[int, int]:
    """Return packet identifier and reason code of a PUBACK (3.4). Raises PacketError."""
    if len(body) < 2:
        raise PacketError("a PUBACK of another length")
    return int.from_bytes(body[:2]), body[2] if len(body) > 2 else Reason.SUCCESS


def read_disconnect(body: bytes) -> int:
    """Return the reason code of a DISCONNECT (3.14)."""
    return body[0] if body else Reason.SUCCESS


def read_publish(first: int, body: bytes) -> Published:
    """Read a PUBLISH (3.3). Raises PacketError, also for QoS 2, not subscribed to."""
    qos = first >> 1 & 3
    if qos > 1:
        raise PacketError("a PUBLISH with another QoS than 0 or 1")
    end = 2 + int.from_bytes(body[:2])
    payload_at = _skip_properties(body, end + 2 * qos)
    try:
        topic = body[2:end].decode()
    except UnicodeDecodeError as error:
        raise PacketError("a topic that is not text") from error
    packet_id = int.from_bytes(body[end : end + 2]) if qos else None
    return Published(topic, body[payload_at:], packet_id)


def _skip_properties(body: bytes, start: int) -> int:
    """Return where the properties that begin at an index end. Raises PacketError."""
    length, start = _read_variable(body, start)
    if start + length > len(body):
        raise PacketError("properties that end too early")
    return start + length


def _read_properties(body: bytes, start: int) -> tuple[dict[int, bytes], int]:
    """Return properties by identifier, and where they end (2.2.2). Raises PacketError."""
    end = _skip_properties(body, start)
    _, at = _read_variable(body, start)
    found = {}
    while at < end:
        identifier = body[at]
        at += 1
        texts = 2 if identifier == _USER_PROPERTY else 1
        size = _SIZES.get(identifier)
        if size is None:
            if identifier not in _SIZES and identifier != _USER_PROPERTY:
                raise PacketError(f"unknown property {identifier}")
            value_at = at
            for _ in range(texts):
                at += 2 + int.from_bytes(body[at : at + 2])
            found[identifier] = body[value_at:at]
        else:
            found[identifier] = body[at : at + size]
            at += size
    if at != end:
        raise PacketError("a property that ends too early")
    return found, end


def _read_variable(body: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to four bytes, and where it ends (1.5.5)."""
    value = 0
    for shift in (0, 7, 14, 21):
        if at >= len(body):
            break
        byte = body[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise PacketError("a packet that ends too early")
