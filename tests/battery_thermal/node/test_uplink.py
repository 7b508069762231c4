"""Tests of the uplink codec."""

from contextlib import suppress

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.node.uplink import (
    Line,
    Reset,
    UplinkError,
    UplinkErrorReason,
    decode_uplink,
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
    """Everything comes out as it went in."""
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
    """The four lengths that a line can have."""
    line = decode_uplink(bytes(length))
    assert isinstance(line, Line)
    assert (len(line.values), line.is_last) == (values, last)


def test_reset() -> None:
    """One zero byte says that the node has joined."""
    assert decode_uplink(b"\x00") == Reset()


@pytest.mark.parametrize(
    "payload",
    [b"", b"\x01", *(bytes(n) for n in (2, 34, 36, 38, 39, 43, 46, 48, 50, 55, 58))],
)
def test_other_lengths_are_errors(payload: bytes) -> None:
    """Nothing else is a message of the node."""
    with pytest.raises(UplinkError) as error:
        decode_uplink(payload)
    assert error.value.reason is UplinkErrorReason.LENGTH


@pytest.mark.parametrize(
    ("value", "fits"), [(-450, True), (-451, False), (3050, True), (3051, False)]
)
def test_what_no_sensor_measures_is_an_error(value: int, fits: bool) -> None:
    """Garbage of the right length is still garbage."""
    payload = pack([*[200] * 23, value])
    if fits:
        decode_uplink(payload)
        return
    with pytest.raises(UplinkError) as error:
        decode_uplink(payload)
    assert error.value.reason is UplinkErrorReason.RANGE


@pytest.mark.parametrize(
    ("bits", "value"), [(0, 0), (0xBFF, 3071), (0xC00, -1024), (0xFFF, -1)]
)
def test_sign_rule(bits: int, value: int) -> None:
    """Two set bits at the top make a number negative."""
    assert sign_12_bits(bits) == value


@given(st.binary(max_size=64))
def test_any_bytes_decode_or_raise_uplink_error(payload: bytes) -> None:
    """Nothing else escapes."""
    with suppress(UplinkError):
        assert isinstance(decode_uplink(payload), Line | Reset)
