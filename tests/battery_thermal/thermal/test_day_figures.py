"""Tests of what one day says of a cell."""

from datetime import timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.thermal.baseline import Baseline
from custom_components.battery_thermal.thermal.day_figures import (
    DayFigures,
    Hour,
    day_figures,
    days_samples,
    highest_load,
)

LOADS = [*[1.0] * 12, *[4.0] * 8, *[8.0] * 4]


def day(
    level: float = 0.0, by_load: float = 0.0, circumstances: str = "slow"
) -> dict[tuple[int, str], Hour]:
    """Return the hours of a day, of a cell that is usually 0.1 K warmer for each unit."""
    return {
        (number, circumstances): Hour(load, 0.1 * load + level + by_load * load, 1)
        for number, load in enumerate(LOADS)
    }


def learned() -> Baseline:
    """Return what is usual after weeks."""
    baseline = Baseline()
    for _ in range(30):
        for line, values in days_samples(day(), baseline):
            line.learn(values, 1.0)
            line.forget(timedelta(days=1))
            line.note_high(8.0)
    return baseline


USUAL = learned()


def figures(hours: dict[tuple[int, str], Hour]) -> DayFigures:
    """Return the figures of a day after weeks as usual."""
    found = day_figures(days_samples(hours, USUAL))
    assert found
    return found


@given(st.floats(-1, 1), st.floats(-0.1, 0.1))
def test_level_and_steepness(level: float, by_load: float) -> None:
    """Both are said apart, in K at the usual highest load."""
    found = figures(day(level, by_load))
    assert found.steepness == pytest.approx(8.0 * by_load, abs=0.02)
    assert found.at_high == pytest.approx(level + 8.0 * by_load, abs=0.02)
    assert min(level + by_load, level + 8 * by_load) - 0.02 <= found.level
    assert found.level <= max(level + by_load, level + 8 * by_load) + 0.02
    assert found.level_weight == 1.0


def test_one_wild_hour() -> None:
    """A hand or the sun on the cell in one hour changes little."""
    hours = day()
    hours[22, "slow"].deviation += 40.0
    found = figures(hours)
    assert found.level == pytest.approx(0.0, abs=0.01)
    assert abs(found.steepness) < 0.5
    assert abs(found.at_high) < 0.1


def test_a_day_at_one_load() -> None:
    """It does not say how a deviation changes with the load."""
    hours = {(number, "slow"): Hour(4.0, 0.4, 1) for number in range(24)}
    found = figures(hours)
    assert (found.steepness, found.spread) == (0.0, 0.0)
    few = figures({(0, "slow"): Hour(1.0, 0.1, 1), (1, "slow"): Hour(8.0, 0.8, 1)})
    assert few.spread == 0.0


def test_a_load_that_was_seldom_seen() -> None:
    """The level counts less there, and not at all where too little is known."""
    seldom = figures({(number, "slow"): Hour(20.0, 2.0, 1) for number in range(24)})
    assert 0 < seldom.level_weight < 1
    never = {(number, "slow"): Hour(900.0, 9.0, 1) for number in range(24)}
    assert day_figures(days_samples(never, learned())) is None
    assert day_figures([]) is None


def test_without_a_load() -> None:
    """There is a level, and no steepness."""
    baseline = Baseline()
    hours = {(number, "slow"): Hour() for number in range(24)}
    for hour in hours.values():
        hour.add_image(None, 0.5)
    for _ in range(20):
        for line, values in days_samples(hours, baseline):
            line.learn(values, 1.0)
    for hour in hours.values():
        hour.deviation += 0.3
    found = day_figures(days_samples(hours, baseline))
    assert found
    assert found.level == pytest.approx(0.3, abs=0.01)
    assert found.at_high == pytest.approx(0.3, abs=0.01)
    assert found.spread == 0.0


def test_circumstances_are_apart() -> None:
    """Each has a line of its own."""
    samples = days_samples(day() | day(circumstances="fast"), Baseline())
    assert [len(values) for _, values in samples] == [24, 24]


def test_highest_load() -> None:
    """The mean of a sixth of the hours, of three at least."""
    assert highest_load(LOADS) == 8.0
    assert highest_load([1.0, 2.0, 3.0, 4.0]) == 3.0
    assert highest_load([2.0]) == 2.0


def test_restart() -> None:
    """The sums of an hour are stored, also of a load that is unknown."""
    known, unknown = Hour(), Hour()
    known.add_image(2.0, 0.5)
    known.add_image(4.0, 0.7)
    unknown.add_image(None, 0.1)
    assert Hour.from_list(known.as_list()) == known
    assert known.means == (3.0, pytest.approx(0.6))
    again = Hour.from_list(unknown.as_list())
    assert again.means == (None, pytest.approx(0.1))
    assert again.as_list() == [None, 0.1, 1]
