"""Tests of the count of downlinks in 24 hours."""

from datetime import UTC, datetime, timedelta

from custom_components.battery_thermal.protocol.downlink_budget import DownlinkBudget

NOW = datetime(2026, 3, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def test_limit() -> None:
    """As many as the limit are allowed, and again when the day is over."""
    budget = DownlinkBudget(2)
    budget.count(NOW)
    assert budget.allows_another(NOW)
    budget.count(NOW)
    assert not budget.allows_another(NOW + DAY - timedelta(seconds=1))
    assert budget.allows_another(NOW + DAY)
    assert budget.used(NOW + DAY) == 0


def test_without_limit() -> None:
    """Without a limit downlinks are counted all the same."""
    budget = DownlinkBudget(None)
    for _ in range(100):
        budget.count(NOW)
    assert budget.used(NOW) == 100
    assert budget.allows_another(NOW)


def test_only_one_day_is_stored() -> None:
    """Downlinks a day away, also those of a clock that was ahead, are forgotten."""
    budget = DownlinkBudget(None, [NOW - 2 * DAY, NOW + 2 * DAY, NOW])
    budget.count(NOW)
    assert budget.sent_at == [NOW, NOW]
