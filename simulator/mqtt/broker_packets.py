"""MQTT packets as a broker reads and writes them, versions 3.1.1 and 5.

Source: OASIS MQTT 5.0, chapter numbers below; version 3.1.1 is the same without
properties. Of all properties only the session expiry interval is used.
"""

from dataclasses import dataclass
import struct
from typing import Final

from .packets import MalformedPacketError, PacketType, Publish, Subscribe, encode

SESSION_EXPIRY: Final = 0x11

# Bytes of a property's value by its identifier (2.2.2.2); those of texts and of binary
# data have their length in front.
_FIXED: Final = {
    **dict.fromkeys((0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A), 1),
    **dict.fromkeys((0x13, 0x21, 0x22, 0x23), 2),
    **dict.fromkeys((0x02, SESSION_EXPIRY, 0x18, 0x27), 4),
}
_TEXTS: Final = {0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F}
_TEXT_PAIR: Final = 0x26
_VARIABLE: Final = 0x0B

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


class Body:
    """Reads the body of a packet from front to back; MalformedPacketError at its end."""

    def __init__(self, body: bytes) -> None:
        """Start at the front."""
        self._body = body
        self._at = 0

    def __bool__(self) -> bool:
        """Return whether anything is left."""
        return self._at < len(self._body)

    def take(self, length: int) -> bytes:
        """Return the next bytes."""
        end = self._at + length
        if end > len(self._body):
            raise MalformedPacketError("a packet that is shorter than it says")
        taken, self._at = self._body[self._at : end], end
        return taken

    def byte(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def short(self) -> int:
        """Return the next two bytes as a number."""
        return int.from_bytes(self.take(2))

    def text(self) -> str:
        """Return a text with its length in front."""
        try:
            return self.take(self.short()).decode()
        except UnicodeDecodeError as error:
            raise MalformedPacketError("a text that is not UTF-8") from error

    def variable(self) -> int:
        """Return a number of one to four bytes (1.5.5)."""
        value = 0
        for shift in (0, 7, 14, 21):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise MalformedPacketError("a number of more than four bytes")

    def properties(self, level: int) -> dict[int, bytes]:
        """Return the properties by their identifiers (2.2.2); none before version 5."""
        if level < 5:
            return {}
        inner = Body(self.take(self.variable()))
        found = {}
        while inner:
            identifier = inner.variable()
            if (size := _FIXED.get(identifier)) is not None:
                found[identifier] = inner.take(size)
            elif identifier in _TEXTS:
                found[identifier] = inner.take(inner.short())
            elif identifier == _TEXT_PAIR:
                found[identifier] = inner.take(inner.short()) + inner.take(
                    inner.short()
                )
            elif identifier == _VARIABLE:
                found[identifier] = inner.variable().to_bytes(4)
            else:
                raise MalformedPacketError(f"no property has number {identifier}")
        return found

    def rest(self) -> bytes:
        """Return all that is left."""
        return self.take(len(self._body) - self._at)


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
        PacketType.CONNACK, bytes((session_present, code)) + _properties(level)
    )


def suback(level: int, packet_id: int, codes: bytes) -> bytes:
    """Return a SUBACK (3.9)."""
    header = struct.pack("!H", packet_id) + _properties(level)
    return encode(PacketType.SUBACK, header + codes)


def unsuback(level: int, packet_id: int, count: int) -> bytes:
    """Return an UNSUBACK (3.11): success for so many filters."""
    codes = bytes(count) if level == 5 else b""
    header = struct.pack("!H", packet_id) + _properties(level)
    return encode(PacketType.UNSUBACK, header + codes)


def puback(level: int, packet_id: int, reason: int) -> bytes:
    """Return a PUBACK (3.4); version 3.1.1 has no reason."""
    body = struct.pack("!H", packet_id)
    return encode(
        PacketType.PUBACK, body + bytes((reason,)) if level == 5 and reason else body
    )


def _properties(level: int) -> bytes:
    return b"\0" if level == 5 else b""
