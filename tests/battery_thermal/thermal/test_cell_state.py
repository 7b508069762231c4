"""Tests of what is known of one cell."""

from datetime import UTC, datetime, timedelta
import json

import pytest

from custom_components.battery_thermal.thermal.cell_state import (
    LEARNING_DAYS,
    CellDriftState,
)
from custom_components.battery_thermal.thermal.day_figures import DayFigures, Hour

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
NOBODY = (0.0, 0.0)


def figures(level: float, steepness: float = 0.0, spread: float = 2.0) -> DayFigures:
    """Return the figures of a day."""
    return DayFigures(level, 1.0, steepness, spread, level + steepness)


def usual_days(state: CellDriftState, days: int = 12) -> None:
    """Let some days pass on which the cell is 0.5 K over the bank."""
    for _ in range(days):
        state.hours = {(hour, "slow"): Hour(5.0, 0.5, 1) for hour in range(24)}
        state.end_day(DAY)


def test_learns_first() -> None:
    """Until enough days were seen nothing is compared."""
    state = CellDriftState()
    state.compare(figures(3.0), BEGIN, NOBODY)
    assert state.amount is None
    usual_days(state)
    assert state.days == LEARNING_DAYS
    state.compare(figures(3.0), BEGIN, NOBODY)
    assert state.amount == 3.0


def test_the_amount_is_the_larger_one() -> None:
    """A loose joint is hardly seen in the level, a cell that cools in both."""
    state = CellDriftState(days=LEARNING_DAYS)
    for day in range(4):
        state.compare(figures(0.1, 1.2), BEGIN + day * DAY, NOBODY)
    assert state.level.since is None
    assert state.since == BEGIN
    assert state.amount == pytest.approx(1.3)
    for day in range(4):
        state.compare(figures(-3.0, 0.0), BEGIN + day * DAY, NOBODY)
    assert state.amount == -3.0


def test_days_that_say_little_of_the_load() -> None:
    """They count less for what the load adds; with one load all day, not at all."""
    usual, dull, flat = (CellDriftState(days=LEARNING_DAYS) for _ in range(3))
    for day in range(3):
        at = BEGIN + day * DAY
        usual.compare(figures(0.0, 1.0), at, NOBODY)
        dull.compare(figures(0.0, 1.0, 0.2 if day else 2.0), at, NOBODY)
        flat.compare(figures(0.0, 0.0, 0.0), at, NOBODY)
    assert usual.since
    assert 0 < dull.steepness.up < usual.steepness.up
    assert (flat.steepness.up, flat.spread) == (0.0, 0.0)


def test_the_others() -> None:
    """A cell that is off by little more than most others does not drift."""
    state = CellDriftState(days=LEARNING_DAYS)
    for day in range(20):
        state.compare(figures(0.9, 0.9), BEGIN + day * DAY, (0.7, 0.7))
    assert state.since is None
    assert state.level.up == 0


def test_what_has_drifted_is_not_learned() -> None:
    """What may have begun to is learned with little weight, and forgotten as slowly."""
    weights = []
    for level in (0.0, 0.6, 5.0):
        state = CellDriftState()
        usual_days(state)
        for day in range(2):
            state.compare(figures(level), BEGIN + day * DAY, NOBODY)
        before = state.baseline.usual("slow", 5.0)
        state.hours = {(hour, "slow"): Hour(5.0, 1.0, 1) for hour in range(24)}
        state.end_day(DAY)
        assert before
        weights.append((state.baseline.usual("slow", 5.0) or 0.0) - before)
    assert weights[0] > 3 * weights[1] > 0
    assert weights[2] == 0


def test_restart() -> None:
    """What is stored is the same again."""
    state = CellDriftState()
    usual_days(state)
    state.compare(figures(1.0, 1.0), BEGIN, NOBODY)
    state.hours = {(3, "fast fan load"): Hour(50.0, 0.5, 1)}
    stored = json.loads(json.dumps(state.as_dict()))
    again = CellDriftState.from_dict(stored)
    assert again.as_dict() == stored
    assert again.hours == state.hours
