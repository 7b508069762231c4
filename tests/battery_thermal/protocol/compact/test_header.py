"""Tests of the header of the compact format."""

import pytest

from custom_components.battery_thermal.protocol.compact.header import (
    decode_header,
    is_compact,
)
from custom_components.battery_thermal.protocol.uplink import (
    UplinkError,
    UplinkErrorReason,
)

from .vectors import VECTORS, Vector

FACTS = "100015f1f25d404d"
"""-1.5 to 60.5 °C, the latter in row 3, column 5; fan off, 21 °C, picture 2."""


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_header_states_the_facts(vector: Vector) -> None:
    """Minimum, maximum, its position, status and number are in every message."""
    header = decode_header(vector.message)
    assert (header.minimum, header.maximum) == (vector.minimum, vector.maximum)
    assert header.position == divmod(vector.position, 24)
    assert (header.fan << 7 | header.ambient) == vector.status
    assert (header.quarter, header.step) == (vector.quarter, vector.step)
    assert header.number == vector.number
    assert header.bound == vector.step // 2


def test_facts_of_the_specification() -> None:
    """The example of the specification is decoded."""
    header = decode_header(bytes.fromhex(FACTS))
    assert (header.minimum, header.maximum, header.position) == (-15, 605, (3, 5))
    assert (header.fan, header.ambient, header.number) == (False, 21, 2)
    assert header.span == 620
    assert header.quarter is None and header.step == 0


@pytest.mark.parametrize(
    ("quarter", "lattice"),
    [
        (0, (slice(0, None, 2), slice(0, None, 2))),
        (1, (slice(0, None, 2), slice(1, None, 2))),
        (2, (slice(1, None, 2), slice(0, None, 2))),
        (3, (slice(1, None, 2), slice(1, None, 2))),
    ],
)
def test_quarter_is_a_lattice(quarter: int, lattice: tuple[slice, slice]) -> None:
    """Bit 1 of the quarter is the first row, bit 0 the first column."""
    payload = bytes((0x14 | quarter, 5, *bytes.fromhex(FACTS)[2:], 0))
    header = decode_header(payload)
    assert header.lattice == lattice
    assert header.shape == (16, 12)


@pytest.mark.parametrize("length", [0, 1, 7, 37, 40, 49, 52])
def test_length_of_another_format(length: int) -> None:
    """Lengths of lines and of a reset are not those of this format."""
    payload = bytes.fromhex(FACTS).ljust(length, b"\1")[:length]
    assert not is_compact(payload)
    with pytest.raises(UplinkError) as error:
        decode_header(payload)
    assert error.value.reason is UplinkErrorReason.LENGTH


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param("200015f1f25d404d", UplinkErrorReason.LENGTH, id="version 2"),
        pytest.param("180515f1f25d404d00", UplinkErrorReason.KIND, id="kind 2"),
        pytest.param("1c0515f1f25d404d00", UplinkErrorReason.KIND, id="kind 3"),
        pytest.param("110515f1f25d404d00", UplinkErrorReason.KIND, id="whole, part 1"),
        pytest.param("100515f1f25d404d", UplinkErrorReason.LENGTH, id="no pixels"),
        pytest.param("100015f1f25d404d00", UplinkErrorReason.LENGTH, id="pixels"),
        pytest.param("1000155d2ff1404d", UplinkErrorReason.CONTENT, id="minimum above"),
        pytest.param("1000156fe25d404d", UplinkErrorReason.CONTENT, id="below -40 °C"),
        pytest.param("100015f1f25d4300", UplinkErrorReason.CONTENT, id="position 768"),
    ],
)
def test_contradiction_is_an_error(payload: str, reason: UplinkErrorReason) -> None:
    """Fields that no encoder writes are an error with its kind."""
    with pytest.raises(UplinkError) as error:
        decode_header(bytes.fromhex(payload))
    assert error.value.reason is reason


def test_version_is_the_first_nibble() -> None:
    """Messages of later versions are not decoded."""
    facts = bytes.fromhex(FACTS)
    compact = {first for first in range(256) if is_compact(bytes((first,)) + facts[1:])}
    assert compact == set(range(0x10, 0x20))
