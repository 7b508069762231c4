"""MQTT packets as a broker reads and writes them, versions 3.1.1 and 5.

Source: OASIS MQTT 5.0, chapter numbers below; version 3.1.1 is the same without
properties. Of all properties only the session expiry interval is used.
"""

from dataclasses import dataclass
import struct
from typing import Final

from .body import SESSION_EXPIRY, Body, empty_properties
from .packets import PacketType, Publish, Subscribe, encode

_WILL: Final = 0x04
_PASSWORD: Final = 0x40
_USER_NAME: Final = 0x80


@dataclass(frozen=True, slots=True)
class ClientConnect:
    """A CONNECT as a broker sees it; `session_expiry` in seconds."""

    client_id: str
    level: int
    clean: bool
    keepalive: int
    user_name: str | None
    password: str | None
    session_expiry: int


def read_connect(data: bytes) -> ClientConnect:
    """Read a CONNECT (3.1). A last will is read and dropped.

    Of another protocol only the level is right.
    """
    body = Body(data)
    name, level = body.text(), body.byte()
    if name != "MQTT" or level not in (4, 5):
        return ClientConnect("", level, True, 0, None, None, 0)
    flags, keepalive = body.byte(), body.short()
    properties = body.properties(level)
    client_id = body.text()
    if flags & _WILL:
        body.properties(level)
        body.text()
        body.take(body.short())
    user_name = body.text() if flags & _USER_NAME else None
    password = body.text() if flags & _PASSWORD else None
    clean = bool(flags & 0x02)
    # A session of version 3.1.1 lasts until it is replaced (3.1.2.4 there).
    expiry = int.from_bytes(properties.get(SESSION_EXPIRY, b"")) if level == 5 else 0
    if level == 4 and not clean:
        expiry = 0xFFFFFFFF
    return ClientConnect(
        client_id, level, clean, keepalive, user_name, password, expiry
    )


def read_publish(first: int, data: bytes, level: int) -> Publish:
    """Read a PUBLISH (3.3)."""
    body = Body(data)
    topic, qos = body.text(), first >> 1 & 3
    packet_id = body.short() if qos else 0
    body.properties(level)
    return Publish(topic, body.rest(), qos, bool(first & 1), bool(first & 8), packet_id)


def read_subscribe(first: int, data: bytes, level: int) -> Subscribe:
    """Read a SUBSCRIBE or an UNSUBSCRIBE (3.8, 3.10)."""
    has_options = first >> 4 == PacketType.SUBSCRIBE
    body = Body(data)
    packet_id = body.short()
    body.properties(level)
    filters = []
    while body:
        topic_filter = body.text()
        filters.append((topic_filter, body.byte() & 3 if has_options else 0))
    return Subscribe(packet_id, tuple(filters))


def connack(level: int, code: int, *, session_present: bool) -> bytes:
    """Return a CONNACK (3.2); `code` is that of the version."""
    return encode(
        PacketType.CONNACK, bytes((session_present, code)) + empty_properties(level)
    )


def suback(level: int, packet_id: int, codes: bytes) -> bytes:
    """Return a SUBACK (3.9)."""
    header = struct.pack("!H", packet_id) + empty_properties(level)
    return encode(PacketType.SUBACK, header + codes)


def unsuback(level: int, packet_id: int, count: int) -> bytes:
    """Return an UNSUBACK (3.11): success for so many filters."""
    codes = bytes(count) if level == 5 else b""
    header = struct.pack("!H", packet_id) + empty_properties(level)
    return encode(PacketType.UNSUBACK, header + codes)


def puback(level: int, packet_id: int, reason: int) -> bytes:
    """Return a PUBACK (3.4); version 3.1.1 has no reason."""
    body = struct.pack("!H", packet_id)
    return encode(
        PacketType.PUBACK, body + bytes((reason,)) if level == 5 and reason else body
    )
