"""Tests of scales, ticks and units."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.render.scale import (
    format_number,
    in_unit,
    span,
    ticks,
    unit_text,
)
from custom_components.battery_thermal.render.style import (
    CELSIUS,
    FAHRENHEIT,
    FileFormat,
    Scale,
    Style,
)
from tests.battery_thermal.thermal.scenes import thermal_image


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (Style(), (20.0, 60.0)),
        (Style(threshold=80), (20.0, 60.0)),
        (Style(scale=Scale.THRESHOLD), (20.0, 60.0)),
        (Style(scale=Scale.THRESHOLD, threshold=80), (20.0, 80.0)),
        (Style(scale=Scale.THRESHOLD, threshold=-5), (-5.0, 60.0)),
        (Style(scale=Scale.THRESHOLD, threshold=50), (20.0, 60.0)),
        (Style(scale=Scale.FIXED, low=10, high=40), (10, 40)),
        (Style(scale=Scale.FIXED, low=40, high=10), (40, 41.0)),
        (Style(minimum_span=50), (15.0, 65.0)),
    ],
)
def test_span(style: Style, expected: tuple[float, float]) -> None:
    """The span of an image from 20 to 60 °C."""
    celsius = np.full((32, 24), 20.0)
    celsius[5, 5] = 60.0
    assert span(thermal_image(celsius), style) == expected


def test_noise_does_not_fill_the_palette() -> None:
    """The span of a uniform image is at least 5 K."""
    low, high = span(thermal_image(np.full((32, 24), 20.0)), Style())
    assert (low, high) == (17.5, 22.5)


@given(st.floats(-400, 3000), st.floats(1, 4000), st.integers(-1, 30))
def test_ticks_are_round_and_few(low: float, width: float, at_most: int) -> None:
    """Ticks are within the scale, and at most one more than there is room for."""
    high = low + width
    values = ticks(low, high, at_most)
    assert len(values) <= max(at_most, 1) + 1
    assert all(low - 1e-6 <= value <= high + 1e-6 for value in values)
    steps = np.diff(values)
    if len(steps):
        assert steps == pytest.approx(steps[0])
        mantissa = f"{steps[0]:.3e}"[0]
        assert mantissa in "125"


def test_units() -> None:
    """A temperature has the same place on the scale in both units."""
    assert in_unit(-40, FAHRENHEIT) == -40
    assert in_unit(100, FAHRENHEIT) == 212
    assert in_unit(36.6, CELSIUS) == 36.6


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1.25, 1, "1.2"),
        (-3.0, 0, "-3"),
        (-0.04, 1, "0.0"),
        (-0.2, 0, "0"),
        (10, 0, "10"),
    ],
)
def test_numbers(value: float, decimals: int, text: str) -> None:
    """A number is never written as minus zero."""
    assert format_number(value, decimals) == text


def test_content_type() -> None:
    """The content type is that of the file format."""
    assert Style().content_type == "image/jpeg"
    assert Style(file_format=FileFormat.PNG).content_type == "image/png"


def test_unit_with_a_bound() -> None:
    """The bound of the pixels is written before the unit, as a difference of temperatures."""
    assert unit_text(CELSIUS, None) == unit_text(CELSIUS, 0.0) == CELSIUS
    assert unit_text(CELSIUS, 0.2) == "± 0.2 °C"
    assert unit_text(FAHRENHEIT, 0.5) == "± 0.9 °F"
