"""Tests of the time on air."""

import pytest

from simulator.the_things_stack import time_on_air


@pytest.mark.parametrize(
    ("payload", "spreading_factor", "milliseconds"),
    [
        (37, 7, 97.5),
        (40, 7, 102.7),
        (49, 7, 118.0),
        (52, 7, 123.1),
        (51, 12, 2793.5),
        (1, 10, 288.8),
    ],
)
def test_time_on_air(payload: int, spreading_factor: int, milliseconds: float) -> None:
    """The time on air agrees with The Things Network's calculator."""
    assert time_on_air(payload, spreading_factor) * 1000 == pytest.approx(
        milliseconds, abs=0.06
    )
