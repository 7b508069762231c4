"""Tests of what is usual for a cell, by the load of its bank."""

from datetime import timedelta
import json
import math

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.thermal.baseline import (
    KNOWN,
    Baseline,
    DeviationLine,
)

HOURS = (0.5, 1.0, 2.0, 8.0, 9.0)
"""Loads of a day."""
DAY = timedelta(days=1)
NUMBERS = st.floats(-3, 3)


def learned(
    days: int = 20, at_zero: float = 0.2, slope: float = 0.1, scale: float = 1.0
) -> DeviationLine:
    """Return a line after some days, with loads in some unit."""
    line = DeviationLine()
    for _ in range(days):
        line.learn(
            [(scale * load, at_zero + slope * load) for load in HOURS], weight=1.0
        )
        line.forget(DAY)
    return line


@given(NUMBERS, NUMBERS, st.sampled_from([1e-4, 0.1, 1.0, 300.0, 1e6]))
def test_a_line_in_any_unit(at_zero: float, slope: float, scale: float) -> None:
    """What is usual does not depend on the unit of the load, nor how well it is known."""
    line, same = learned(5, at_zero, slope, scale), learned(5, at_zero, slope)
    for load in (0.0, 1.0, 5.0, 12.0):
        assert line.at(scale * load) == pytest.approx(
            at_zero + slope * load, abs=0.05 + abs(slope) / 5
        )
        assert line.known(scale * load) == pytest.approx(same.known(load), rel=0.05)


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(-5, 5), st.floats(0.01, 1)), max_size=30
    ),
    st.lists(st.integers(0, 60), max_size=5),
)
def test_no_order_of_values_breaks_it(
    values: list[tuple[float, float, float]], pauses: list[int]
) -> None:
    """A line stays within what it has learned, and never knows more than that."""
    line = DeviationLine()
    for number, (load, deviation, weight) in enumerate(values):
        line.learn([(load, deviation)], weight)
        line.forget(timedelta(days=pauses[number]) if number < len(pauses) else DAY)
    assert line.values <= len(values)
    for load in (0.0, 3.0, 1e12):
        assert math.isfinite(line.at(load))
        assert 0 <= line.known(load) <= line.values + 1e-6


def test_far_from_what_was_learned() -> None:
    """The farther a load is from those that were learned, the less is known."""
    line = learned()
    assert line.known(4.0) > line.known(12.0) > line.known(40.0)
    assert line.known(4.0) > KNOWN > line.known(400.0)


def test_one_load_does_not_say_how_steep() -> None:
    """A load that was never seen before is not known."""
    line = DeviationLine()
    for _ in range(40):
        line.learn([(3.0, 0.5)] * 24, 1.0)
    assert line.at(3.0) == pytest.approx(0.5, abs=0.01)
    assert line.known(3.0) > KNOWN > line.known(6.0)


def test_a_single_value_goes_only_so_far() -> None:
    """Once a line is known, a value of 50 K is one of 1 K."""
    wild, off = learned(), learned()
    wild.learn([(4.0, 50.0)], 1.0)
    off.learn([(4.0, off.at(4.0) + 1.0)], 1.0)
    assert wild.at(4.0) == pytest.approx(off.at(4.0))


def test_the_mean_follows_within_weeks_and_steepness_within_months() -> None:
    """The seasons move the mean; a joint that becomes loose is not to become usual."""
    season, joint = learned(100), learned(100)
    for _ in range(20):
        season.learn([(load, 0.7 + 0.1 * load) for load in HOURS], 1.0)
        joint.learn([(load, 0.2 + 0.1 * (2 * load - 4.1)) for load in HOURS], 1.0)
        season.forget(DAY)
        joint.forget(DAY)
    assert season.at(4.1) - 0.61 == pytest.approx(0.5 * (1 - math.exp(-1)), abs=0.05)
    assert 0.1 < joint.slope < 0.15


def test_a_doubtful_day_counts_less() -> None:
    """Its weight is that of its values."""
    line, doubtful = learned(), learned()
    before = line.at(4.0)
    line.learn([(4.0, 1.0)], 1.0)
    doubtful.learn([(4.0, 1.0)], 0.25)
    assert doubtful.at(4.0) - before == pytest.approx(
        (line.at(4.0) - before) / 4, rel=0.1
    )


def test_forgetting() -> None:
    """Old values count less, but what is usual stays known."""
    line = learned(60)
    line.forget(timedelta(days=300))
    assert line.known(4.0) >= KNOWN
    assert line.at(4.0) == pytest.approx(0.6, abs=0.01)
    empty = DeviationLine()
    empty.forget(DAY)
    assert empty == DeviationLine()


def test_the_usual_highest_load() -> None:
    """It is that of the first day, and follows the others slowly."""
    line = DeviationLine()
    line.note_high(8.0)
    assert line.high == 8.0
    line.note_high(12.0)
    assert line.high == pytest.approx(8.2)


def test_circumstances_are_apart() -> None:
    """So is a load that is unknown from one of zero."""
    baseline = Baseline()
    line, load = baseline.line("slow", 5.0)
    assert load == 5.0
    for _ in range(20):
        line.learn([(5.0, 0.4)], 1.0)
    assert baseline.usual("slow", 5.0) == pytest.approx(0.4, abs=0.01)
    assert baseline.usual("fast", 5.0) is None
    assert baseline.usual("slow", None) is None
    assert baseline.line("slow", math.nan) == baseline.line("slow", None)
    assert baseline.line("slow", -1.0)[1] == 0.0
    assert baseline.line("slow", 1e300)[1] == 1e12


def test_restart() -> None:
    """What is stored is the same again."""
    baseline = Baseline({"slow": learned(scale=1e4), "slow unknown": learned(3)})
    baseline.lines["slow"].note_high(3e4)
    stored = json.loads(json.dumps(baseline.as_dict()))
    again = Baseline.from_dict(stored)
    assert again.as_dict() == stored
    # A line that was only asked for is not stored.
    assert again.usual("fast", 1.0) is None
    assert again.as_dict() == stored
    assert again.usual("slow", 4e4) == pytest.approx(baseline.usual("slow", 4e4))
    again.forget(DAY)
    assert again.lines["slow"].values < baseline.lines["slow"].values


def test_record_of_an_earlier_release() -> None:
    """Averages at loads, with the number of hours, become a line."""
    knots = {str(number): [0.1 * (2**number - 1), 100.0] for number in range(5)}
    baseline = Baseline.from_dict(
        {"slow": knots, "fast": {"-1": [0.3, 200.0], "1": [0.1, 2.0]}}
    )
    assert baseline.usual("slow", 6.0) == pytest.approx(0.6, abs=0.03)
    assert baseline.usual("fast", None) == pytest.approx(0.3)
    assert baseline.usual("fast", 1.0) is None
