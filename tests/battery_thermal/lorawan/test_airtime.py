"""Tests of the time on air, compared with other sources."""

import pytest

from custom_components.battery_thermal.lorawan.airtime import airtime


@pytest.mark.parametrize(
    ("payload", "spreading_factor", "milliseconds"),
    [
        # The node's messages, as The Things Stack reports their airtime.
        (37, 7, 97.5),
        (40, 7, 102.7),
        (49, 7, 118.0),
        (52, 7, 123.1),
        # The calculator of The Things Network (airtime calculator, EU868, 125 kHz).
        (49, 12, 2793.5),
        (10, 10, 370.7),
    ],
)
def test_airtime(payload: int, spreading_factor: int, milliseconds: float) -> None:
    """The formula agrees with measured and published values."""
    seconds = airtime(payload, spreading_factor, 125_000)
    assert seconds * 1000 == pytest.approx(milliseconds, abs=0.1)
