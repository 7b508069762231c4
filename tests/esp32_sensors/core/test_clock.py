"""Tests of points in time."""

from custom_components.esp32_sensors.core.clock import Instant


def test_instant() -> None:
    """An instant has a time on each of the two clocks."""
    assert Instant(1.5, 2.5) == Instant(utc=1.5, monotonic=2.5)
