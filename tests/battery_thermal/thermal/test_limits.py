"""Tests of the limits of the alarms."""

from custom_components.battery_thermal.thermal.analysis import Limit
from custom_components.battery_thermal.thermal.limits import Limits


def test_limit() -> None:
    """A limit has the hysteresis of all unless it has its own, and whole images."""
    limits = Limits(hysteresis=2.0, images=3.0)
    assert limits.limit(70) == Limit(70, 2.0, 3)
    assert limits.limit(70, 0.0) == Limit(70, 0.0, 3)
