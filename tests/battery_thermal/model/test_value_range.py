"""Tests of values above what 12 bits can say."""

import pytest

from custom_components.battery_thermal.model.value_range import (
    HIGHEST,
    HIGHEST_CERTAIN,
    LOWEST,
    unwrapped,
)


@pytest.mark.parametrize(
    ("received", "measured"),
    [
        (-1024, HIGHEST + 1),
        (LOWEST - 1, HIGHEST_CERTAIN),
        (LOWEST, LOWEST),
        (0, 0),
        (HIGHEST, HIGHEST),
    ],
)
def test_unwrapped(received: int, measured: int) -> None:
    """Only a value that the sensor cannot measure is corrected."""
    assert unwrapped(received) == measured
