"""Tests of sums over 24 hours."""

from datetime import UTC, datetime, timedelta

from custom_components.battery_thermal.lorawan.day_sum import DaySum

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, 1, tzinfo=UTC)


def test_day() -> None:
    """Amounts older than 24 hours are left out."""
    total = DaySum()
    for hours in range(48):
        total.add_amount(NOON + hours * HOUR, 1)

    assert total.total(NOON) == 1
    assert total.total(NOON + 23 * HOUR) == 24
    assert total.total(NOON + 47 * HOUR) == 24
    assert total.total(NOON + 100 * HOUR) == 0


def test_restart() -> None:
    """A sum is restored from what was stored."""
    total = DaySum()
    total.add_amount(NOON, 0.5)
    total.add_amount(NOON, 0.25)

    assert DaySum(total.as_dict()).total(NOON) == 0.75


def test_no_number() -> None:
    """A stored value that is no number is left out; the others count."""
    assert DaySum(DaySum({"1": None, "2": 0.5}).as_dict()).total(EPOCH) == 0.5


def test_clock_in_the_future() -> None:
    """An amount at a wrong time does not change the sum of the others."""
    total = DaySum()
    total.add_amount(NOON, 1)
    total.add_amount(NOON + 10_000 * HOUR, 1)

    assert total.total(NOON + HOUR) == 1


def test_bounded() -> None:
    """At most two days of buckets are stored."""
    total = DaySum()
    for minutes in range(0, 100_000, 10):
        total.add_amount(NOON + timedelta(minutes=minutes), 1)

    assert len(total.as_dict()) == 288
    assert total.total(NOON + timedelta(minutes=99_990)) == 144
