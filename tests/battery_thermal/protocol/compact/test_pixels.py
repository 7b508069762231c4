"""Tests of the prediction of pixels."""

from itertools import product

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.battery_thermal.protocol.compact.pixels import decode_pixels
from firmware.thermal_picture.thermal_picture import FACTS, WHOLE, Picture, encode

LEVELS = [200, 206, 214, 300]


@settings(max_examples=20)
@given(st.lists(st.sampled_from(LEVELS), min_size=768, max_size=768))
def test_lossless_step_returns_the_pixels(pixels: list[int]) -> None:
    """With a step of a tenth of a K, each pixel of a scan is exact."""
    pixels[0] = LEVELS[0]
    picture = Picture(pixels, False, 21, 0)
    message = encode(picture, WHOLE, 1, 2000, thorough=False)
    assert message
    rows = decode_pixels(
        message[FACTS:],
        (32, 24),
        span=picture.maximum - picture.minimum,
        step=1,
        gradient=False,
    )
    assert [value + picture.minimum for row in rows for value in row] == pixels


@pytest.mark.parametrize("gradient", [False, True])
def test_values_stay_in_the_span(gradient: bool) -> None:
    """For any stream, values are between minimum and maximum."""
    for byte, span, step in product((0x00, 0x5A, 0xA7), (0, 5, 3471), (1, 100, 255)):
        rows = decode_pixels(
            bytes([byte]) * 240, (32, 24), span=span, step=step, gradient=gradient
        )
        assert all(0 <= value <= span for row in rows for value in row)


def test_stream_of_zeros_is_one_level() -> None:
    """All pixels equal the minimum."""
    rows = decode_pixels(b"", (16, 12), span=100, step=5, gradient=False)
    assert rows == [[0] * 12] * 16
