"""Tests of the uplink codec."""

from contextlib import suppress

from hypothesis import example, given, strategies as st
import pytest

from custom_components.battery_thermal.protocol.compact import CompactMessage
from custom_components.battery_thermal.protocol.formats import decode_uplink
from custom_components.battery_thermal.protocol.uplink import (
    Line,
    Reset,
    UplinkError,
    UplinkErrorReason,
    sign_12_bits,
)

from .payloads import pack

TEMPERATURES = st.integers(-400, 3000)


@given(
    st.sampled_from([24, 32]).flatmap(
        lambda n: st.lists(TEMPERATURES, min_size=n, max_size=n)
    ),
    st.none() | st.tuples(TEMPERATURES, TEMPERATURES),
    st.booleans(),
    st.integers(0, 127),
)
def test_line_is_what_was_packed(
    values: list[int], extremes: tuple[int, int] | None, fan: bool, ambient: int
) -> None:
    """Values, extremes, fan and ambient temperature are decoded as they were encoded."""
    line = decode_uplink(pack([*values, *(extremes or ())], fan=fan, ambient=ambient))
    assert isinstance(line, Line)
    assert list(line.values) == values
    assert (line.minimum, line.maximum) == (extremes or (None, None))
    assert line.is_last is (extremes is not None)
    assert (line.fan, line.ambient) == (fan, ambient)


@pytest.mark.parametrize(
    ("length", "values", "last"),
    [(49, 32, False), (52, 32, True), (37, 24, False), (40, 24, True)],
)
def test_lengths(length: int, values: int, last: bool) -> None:
    """A line has one of four lengths."""
    line = decode_uplink(bytes(length))
    assert isinstance(line, Line)
    assert (len(line.values), line.is_last) == (values, last)


def test_reset() -> None:
    """One zero byte is the reset after a join."""
    assert decode_uplink(b"\x00") == Reset()


@pytest.mark.parametrize(
    "payload",
    [b"", b"\x01", *(bytes(n) for n in (2, 34, 36, 38, 39, 43, 46, 48, 50, 55, 58))],
)
def test_other_lengths_are_errors(payload: bytes) -> None:
    """A message of another length is an error."""
    with pytest.raises(UplinkError) as error:
        decode_uplink(payload)
    assert error.value.reason is UplinkErrorReason.LENGTH


@pytest.mark.parametrize(
    ("value", "measured"),
    [
        (3071, 3071),
        (3072, 3072),
        (3300, 3300),
        (3695, 3695),
        (3696, -400),
        (-400, -400),
        (-1, -1),
        (4095, -1),
        (4500, 404),
    ],
)
def test_value_above_the_range(value: int, measured: int) -> None:
    """A value above the range changes no other value of its message, and not the status byte."""
    line = decode_uplink(pack([*[200] * 23, value, 200, value], fan=True, ambient=33))
    assert isinstance(line, Line)
    assert line.values == (*[200] * 23, measured)
    assert (line.minimum, line.maximum) == (200, measured)
    assert (line.fan, line.ambient, line.known_ambient) == (True, 33, 33)


@pytest.mark.parametrize(
    ("value", "ambient", "known", "plausible"),
    [(3071, 50, 50, True), (3072, 50, 50, False), (200, 51, None, False)],
)
def test_messages_of_unknown_devices(
    value: int, ambient: int, known: int | None, *, plausible: bool
) -> None:
    """An unknown device may be a node only if its values are plausible."""
    line = decode_uplink(pack([*[200] * 23, value], ambient=ambient))
    assert isinstance(line, Line)
    assert line.known_ambient == known
    assert line.is_plausible is plausible


@pytest.mark.parametrize(
    ("bits", "value"), [(0, 0), (0xBFF, 3071), (0xC00, -1024), (0xFFF, -1)]
)
def test_sign_rule(bits: int, value: int) -> None:
    """A number whose two highest bits are set is negative."""
    assert sign_12_bits(bits) == value


@given(st.binary(max_size=64))
# A compact message of 8 pixels of one value: few random ones are.
@example(b"\x14" + bytes(8))
def test_any_bytes_decode_or_raise_uplink_error(payload: bytes) -> None:
    """No other exception is raised."""
    with suppress(UplinkError):
        assert isinstance(decode_uplink(payload), Line | Reset | CompactMessage)
