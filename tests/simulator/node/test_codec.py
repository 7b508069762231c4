"""Tests of the simulated node's messages."""

import pytest

from simulator.node import Mode
from simulator.node.codec import decode_downlink, encode_uplink


def values(payload: bytes) -> list[int]:
    """Decode the values of a message, independently of the codec."""
    found = []
    for at in range(0, len(payload) - 1, 3):
        low, high, last = payload[at : at + 3]
        found += [(high >> 4) * 256 + low, (high & 15) * 256 + last]
    return [value - 4096 if value >= 0xC00 else value for value in found]


def test_encodes_pairs_and_status() -> None:
    """A message has low byte, two high nibbles, low byte; then fan bit and ambient."""
    payload = encode_uplink([0x123, 0x456], fan=True, ambient=21)
    assert payload == bytes((0x23, 0x14, 0x56, 0x80 | 21))


@pytest.mark.parametrize(
    ("tenths", "encoded"),
    [(-400, 0xE70), (-1, 0xFFF), (0, 0), (3000, 0xBB8), (3071, 0xBFF), (-1024, 0xC00)],
)
def test_sign_rule(tenths: int, encoded: int) -> None:
    """A value with both top bits set is negative."""
    payload = encode_uplink([tenths, 0], fan=False, ambient=0)
    assert payload[0] | (payload[1] >> 4) << 8 == encoded


@pytest.mark.parametrize(
    ("tenths", "arrives_as"),
    [
        (3071, 3071),
        (3072, -1024),
        (3695, -401),
        (3696, -400),
        (4095, -1),
        (4096, 0),
        (4500, 404),
        (6000, 1904),
    ],
)
def test_values_above_the_range_wrap(tenths: int, arrives_as: int) -> None:
    """Values above the range wrap, as in published nodes."""
    payload = encode_uplink([tenths, 250], fan=False, ambient=20)
    assert values(payload) == [arrives_as, 250]


@pytest.mark.parametrize(("numbers", "ambient"), [([1], 20), ([], 51)])
def test_refuses_what_the_format_cannot_hold(numbers: list[int], ambient: int) -> None:
    """Values that the format cannot hold are refused."""
    with pytest.raises(ValueError):
        encode_uplink(numbers, fan=False, ambient=ambient)


@pytest.mark.parametrize(
    ("payload", "settings"),
    [
        (bytes.fromhex("D032"), (50, Mode.FAST, False)),
        (bytes.fromhex("EFF6"), (-10, Mode.SLOW, True)),
        (bytes.fromhex("C12C"), (300, Mode.SLOW, False)),
    ],
)
def test_reads_downlinks(payload: bytes, settings: tuple[int, Mode, bool]) -> None:
    """Downlinks are read as in the examples of the format's description."""
    read = decode_downlink(payload)
    assert read is not None
    assert (read.threshold, read.mode, read.fan) == settings


@pytest.mark.parametrize("payload", [b"", b"\xd0", b"\xd0\x32\x00", b"\x10\x32"])
def test_ignores_other_downlinks(payload: bytes) -> None:
    """Downlinks of another length, or without the mark 11, are ignored."""
    assert decode_downlink(payload) is None
