"""Tests of the body of MQTT packets."""

import struct

import pytest

from simulator.mqtt.body import Body, MalformedPacketError, empty_properties


def text(value: str) -> bytes:
    """Return a text with its length in front."""
    return struct.pack("!H", len(value.encode())) + value.encode()


def test_no_properties() -> None:
    """Before version 5 there is not even their length."""
    assert empty_properties(4) == b""
    assert Body(empty_properties(5)).properties(5) == {}


def test_properties_of_each_kind() -> None:
    """Properties of all kinds of values are read; one that does not exist is an error."""
    values = (
        bytes([0x01, 1])
        + bytes([0x21])
        + struct.pack("!H", 20)
        + bytes([0x27])
        + struct.pack("!I", 1000)
        + bytes([0x12])
        + text("name")
        + bytes([0x26])
        + text("key")
        + text("value")
        + bytes([0x0B, 0x80, 0x01])
    )
    body = Body(bytes([len(values)]) + values + b"rest")
    assert body.properties(5) == {
        0x01: b"\1",
        0x21: struct.pack("!H", 20),
        0x27: struct.pack("!I", 1000),
        0x12: b"name",
        0x26: b"keyvalue",
        0x0B: struct.pack("!I", 128),
    }
    assert body.rest() == b"rest"
    assert not body
    assert Body(b"rest").properties(4) == {}
    with pytest.raises(MalformedPacketError, match="no property has number 4"):
        Body(b"\2\4\0").properties(5)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"\0\5abc", "shorter"),
        (b"\0\1\xff", "UTF-8"),
    ],
)
def test_damaged_text(body: bytes, message: str) -> None:
    """A text that is incomplete or not UTF-8 is an error."""
    with pytest.raises(MalformedPacketError, match=message):
        Body(body).text()


@pytest.mark.parametrize(
    ("body", "value"), [(b"\0", 0), (b"\x7f", 127), (b"\xff\xff\xff\x7f", 268_435_455)]
)
def test_variable_number(body: bytes, value: int) -> None:
    """A number has one to four bytes."""
    assert Body(body).variable() == value
    with pytest.raises(MalformedPacketError):
        Body(b"\x80\x80\x80\x80\x01").variable()
