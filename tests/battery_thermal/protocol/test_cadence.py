"""Tests of the usual times between two messages."""

from datetime import timedelta

import pytest

from custom_components.battery_thermal.protocol.cadence import PUBLISHED, Cadence

DAYS = 24 * 3600.0


@pytest.mark.parametrize(
    ("gaps", "pause"),
    [
        ([], PUBLISHED.total_seconds()),
        ([600], PUBLISHED.total_seconds()),
        # The longest may have been an accident.
        ([600, 60], 60),
        ([60, 600, 500], 500),
        ([60, 600, 500, 8 * DAYS], 500),
    ],
)
def test_pause(gaps: list[float], pause: float) -> None:
    """The pause is the second longest gap; one gap alone shows no pause."""
    assert Cadence(gaps=gaps).pause == timedelta(seconds=pause)


def test_only_the_last_gaps_count() -> None:
    """Only the gaps of the last two images count."""
    cadence = Cadence()
    for gap in (900, 900, *[30] * 62):
        cadence.observe_gap(timedelta(seconds=gap))
    assert cadence.pause == timedelta(seconds=900)
    cadence.observe_gap(timedelta(seconds=30))
    assert cadence.pause == timedelta(seconds=30)


@pytest.mark.parametrize(
    ("samples", "interval"),
    [
        ([5, 5], 30),
        ([5, 5, 5], 5),
        ([5, 9, 5, 90, 5], 5),
        ([5, 5, 8 * DAYS], 30),
        ([15, 15, 15, 15, 5, 5, 5], 5),
        ([0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 15, 15, 15, 15], 5),
    ],
)
def test_interval(samples: list[float], interval: float) -> None:
    """The interval is the lower quartile of the last samples, if there are three."""
    assert Cadence(samples).interval == timedelta(seconds=interval)


def test_lost_messages() -> None:
    """The time between two messages is divided by the number of messages, also lost ones."""
    cadence = Cadence()
    for messages in (1, 2, 3):
        cadence.observe(messages * timedelta(seconds=10), messages)
    cadence.observe(timedelta(days=8), 1)
    assert cadence.samples == type(cadence.samples)([10, 10, 10])
    cadence.observe_gap(timedelta(days=8))
    assert not cadence.gaps
