"""Tests of the sums that find a figure that has moved."""

from datetime import UTC, datetime, timedelta
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.thermal.cusum import Cusum

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FIGURES = st.lists(st.floats(-3, 3), max_size=40)


def added(figures: list[float], cusum: Cusum | None = None) -> Cusum:
    """Return sums to which a figure a day was added."""
    cusum = cusum or Cusum()
    for day, figure in enumerate(figures):
        cusum.add_day(figure, BEGIN + day * DAY, allowance=0.4)
    return cusum


@given(FIGURES)
def test_both_sides_are_alike(figures: list[float]) -> None:
    """What cools is found as what warms."""
    up, down = added(figures), added([-figure for figure in figures])
    assert (up.up, up.down, up.since) == (down.down, down.up, down.since)
    assert up.amount == -down.amount


@given(st.lists(st.floats(-0.4, 0.4), max_size=60))
def test_what_is_allowed_never_raises(figures: list[float]) -> None:
    """However long it goes on."""
    assert not added(figures).moving


@given(FIGURES)
def test_restart_at_any_time(figures: list[float]) -> None:
    """What is stored is the same again."""
    stored = json.loads(json.dumps(added(figures).as_dict()))
    assert Cusum.from_dict(stored).as_dict() == stored


def test_noise_widens_the_limits() -> None:
    """A figure that is wild by itself needs more to be a drift."""
    calm = added([0.0] * 200 + [1.2] * 3)
    wild = added([0.6, -0.6] * 100 + [1.2] * 3)
    assert calm.since == BEGIN + 200 * DAY
    assert wild.since is None


def test_days_that_are_like_the_day_before() -> None:
    """The same size in waves of days needs more than from day to day."""
    days, waves = [0.3, -0.3] * 100, ([0.3] * 8 + [-0.3] * 8) * 12
    apart, alike = added(days), added(waves)
    assert apart.size == pytest.approx(alike.size, abs=0.01)
    assert alike.lasting > 1.5 * apart.lasting
    assert added([1.0] * 3, apart).since
    assert not added([1.0] * 3, alike).since


def test_days_that_count_less() -> None:
    """They add less; with hardly any weight they are not shown either."""
    cusum = Cusum()
    cusum.add_day(1.4, BEGIN, allowance=0.4, weight=0.25, amount=2.0)
    assert cusum.up == pytest.approx(0.25)
    assert cusum.amount == 2.0
    cusum.add_day(1.4, BEGIN + DAY, allowance=0.4, weight=0.05, amount=9.0)
    assert cusum.amount == 2.0
    fresh = Cusum()
    fresh.add_day(1.4, BEGIN, allowance=0.4, weight=0.0)
    assert fresh == Cusum()


def test_begin_and_end() -> None:
    """It began when the sum began to grow, and ends when the amount is small again."""
    cusum = added([0.0, 0.0, 0.8, 1.0, 1.2])
    assert cusum.since == BEGIN + 2 * DAY
    added([0.0] * 2, cusum)
    assert cusum.since is None
    assert not cusum.moving


def test_record_of_an_earlier_release() -> None:
    """It knew one size, and no figures but the amounts."""
    stored = added([1.0] * 5).as_dict()
    del stored["lasting"], stored["figures"]
    cusum = Cusum.from_dict(stored)
    assert cusum.since == BEGIN
    assert cusum.lasting == cusum.size
    assert cusum.amount == 1.0
