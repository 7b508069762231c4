"""The body of an MQTT packet, version 3.1.1 (level 4) or 5.

Source: OASIS MQTT 5.0, chapter numbers below.
"""

from typing import Final

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


class MalformedPacketError(ValueError):
    """Bytes that are not MQTT."""


def empty_properties(level: int) -> bytes:
    """Return properties of which there are none: nothing at all before version 5."""
    return b"\0" if level == 5 else b""


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
