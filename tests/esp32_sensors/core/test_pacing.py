"""Tests of the pace of commands."""

import pytest

from custom_components.esp32_sensors.core.pacing import INTERVAL, Pace


def test_pace() -> None:
    """Commands that come together are spread, and one that comes alone does not wait."""
    pace = Pace()
    assert [pace.reserve(100) for _ in range(3)] == pytest.approx(
        [0, INTERVAL, 2 * INTERVAL]
    )
    assert pace.reserve(100.15) == pytest.approx(0.15)
    assert pace.reserve(200) == 0
