"""Tests of the registry of payload formats."""

from collections.abc import Callable

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.protocol.formats import FORMATS, decode_uplink
from custom_components.battery_thermal.protocol.uplink import (
    Line,
    Reset,
    UplinkError,
    UplinkErrorReason,
)


def test_names() -> None:
    """Each format has a name of its own."""
    assert len({one.name for one in FORMATS}) == len(FORMATS)


@given(st.binary(max_size=255))
def test_every_payload_has_one_format(payload: bytes) -> None:
    """The first format that recognizes a payload decodes or refuses it."""
    first = next(one for one in FORMATS if one.recognizes(payload))

    def result(decode: Callable[[bytes], object]) -> object:
        """Return the content of the payload, or the reason why it is refused."""
        try:
            return decode(payload)
        except UplinkError as error:
            return error.reason

    assert result(decode_uplink) == result(first.decode)


def test_lines() -> None:
    """Messages of the published nodes are decoded as lines and resets."""
    assert decode_uplink(b"\x00") == Reset()
    line = decode_uplink(bytes(48) + b"\x15")
    assert isinstance(line, Line)
    assert (len(line.values), line.ambient) == (32, 21)
    with pytest.raises(UplinkError) as refused:
        decode_uplink(b"\x01\x02")
    assert refused.value.reason is UplinkErrorReason.LENGTH
