"""Tests of the range decoder."""

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.protocol.compact.range_decoder import (
    CONTEXTS,
    RangeDecoder,
)
from custom_components.battery_thermal.protocol.uplink import UplinkError
from firmware.thermal_picture.thermal_picture import _Coder

LARGEST_RESIDUAL = 3471
"""307.1 to -40.0 °C, with a step of 0.1 K."""


@given(
    st.lists(
        st.tuples(
            st.integers(0, CONTEXTS - 1),
            st.integers(-LARGEST_RESIDUAL, LARGEST_RESIDUAL) | st.integers(-2, 2),
        ),
        max_size=300,
    ),
    st.integers(0, 0xFFF),
)
def test_residuals_are_what_was_encoded(
    residuals: list[tuple[int, int]], first: int
) -> None:
    """Any residuals in any contexts are decoded, after plain bits."""
    coder = _Coder()
    coder.bits(first, 12)
    for context, residual in residuals:
        coder.residual(context, residual)
    decoder = RangeDecoder(coder.finish())
    assert decoder.bits(12) == first
    for context, residual in residuals:
        assert decoder.residual(context) == residual


def test_residual_that_no_picture_has_is_an_error() -> None:
    """A residual beyond 12 bits is refused."""
    with pytest.raises(UplinkError, match="residual"):
        RangeDecoder(b"\xff" * 20).residual(0)


def test_zeros_follow_the_end() -> None:
    """Zeros after a stream do not change its content."""
    assert RangeDecoder(b"\x12").bits(40) == RangeDecoder(b"\x12\0\0\0\0\0\0").bits(40)
