"""Tests of boards that never start their session."""

import pytest

from custom_components.esp32_sensors.core.unstarted import (
    DURATION,
    REPORTED,
    TIMES,
    Unstarted,
)

MAC = "61:EC:ED:3B:25:B1"


@pytest.mark.parametrize(
    ("joins", "last", "stuck"),
    [
        (TIMES, DURATION, True),
        (TIMES - 1, DURATION, False),
        (TIMES, DURATION - 0.1, False),
    ],
)
def test_stuck(joins: int, last: float, stuck: bool) -> None:
    """Three joins, the last one 40 s after the first answer, are too many."""
    unstarted = Unstarted()
    for number in range(joins):
        # A new session after a while: the first answer counts.
        unstarted.joined(MAC, 10.0 * number, last * (number + 1) / joins)
    assert unstarted.stuck == ([MAC] if stuck else [])


def test_end() -> None:
    """A board is reported for ten minutes after its last join, or until it starts."""
    unstarted = Unstarted()
    for second in (5.0, 20.0, DURATION):
        unstarted.joined(MAC, 0.0, second)
    unstarted.pass_time(DURATION + REPORTED - 0.1)
    assert unstarted.stuck == [MAC]
    unstarted.pass_time(DURATION + REPORTED)
    assert unstarted.stuck == []
    unstarted.joined(MAC, 0.0, 1000.0)
    unstarted.drop(MAC)
    unstarted.joined(MAC, 1000.0, 1001.0)
    assert unstarted.stuck == []
