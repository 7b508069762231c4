"""Sums over a day, whatever the clocks do."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.battery_thermal.lorawan.fair_use import DaySum, messages_a_day

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, 1, tzinfo=UTC)


def test_day() -> None:
    """What is a day old no longer counts."""
    total = DaySum()
    for hours in range(48):
        total.add(NOON + hours * HOUR, 1)

    assert total.total(NOON) == 1
    assert total.total(NOON + 23 * HOUR) == 24
    assert total.total(NOON + 47 * HOUR) == 24
    assert total.total(NOON + 100 * HOUR) == 0


def test_restart() -> None:
    """What is kept is as good as new."""
    total = DaySum()
    total.add(NOON, 0.5)
    total.add(NOON, 0.25)

    assert DaySum(total.as_dict()).total(NOON) == 0.75


def test_no_number() -> None:
    """What is on the disk and is no number takes nothing else away."""
    assert DaySum(DaySum({"1": None, "2": 0.5}).as_dict()).total(EPOCH) == 0.5


def test_clock_in_the_future() -> None:
    """A clock that was wrong for a while takes nothing from the sum."""
    total = DaySum()
    total.add(NOON, 1)
    total.add(NOON + 10_000 * HOUR, 1)

    assert total.total(NOON + HOUR) == 1


def test_bounded() -> None:
    """Not more is kept than is needed."""
    total = DaySum()
    for minutes in range(0, 100_000, 10):
        total.add(NOON + timedelta(minutes=minutes), 1)

    assert len(total.as_dict()) == 288
    assert total.total(NOON + timedelta(minutes=99_990)) == 144


@pytest.mark.parametrize(("airtime", "messages"), [(0.118016, 254), (2.3, 13)])
def test_messages_a_day(airtime: float, messages: int) -> None:
    """30 s a day."""
    assert messages_a_day(airtime) == messages
