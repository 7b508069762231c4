"""Tests of drift: what is usual for a cell, and when it is no longer so."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

import pytest

from custom_components.battery_thermal.model.area import Area, AreaKind
from custom_components.battery_thermal.thermal.areas import AreaValues
from custom_components.battery_thermal.thermal.cell_state import LEARNING_DAYS
from custom_components.battery_thermal.thermal.drift import DriftWatch

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR
USUAL = (0.0, 0.4, -0.3, 0.9, 0.1, -0.6)
"""K of each cell over the bank, under full load."""
CELL = Area("0", "A1", AreaKind.CELL, ())


def cell(maximum: float | None, **changes: Any) -> AreaValues:
    """Return a cell as it is measured."""
    return AreaValues(CELL, maximum, maximum, 0.0, **{"complete": True, **changes})


def load(hours: float) -> float:
    """Return the load of a bank, 0..1: heavy in the evening."""
    return 1.0 if hours % 24 in (18, 19, 20, 21) else 0.3


def cells(hours: float, added: Sequence[float] = ()) -> list[AreaValues]:
    """Return the cells of a bank that is 10 K over 20 °C under full load."""
    extra = [*added, *(0.0,) * (len(USUAL) - len(added))]
    now = load(hours)
    return [
        cell(round(20 + now * (10 + usual) + more, 1))
        for usual, more in zip(USUAL, extra, strict=True)
    ]


def pass_days(
    watch: DriftWatch,
    first: float,
    days: float,
    added: Callable[[float], Sequence[float]] = lambda _day: (),
    **circumstances: Any,
) -> float:
    """Send an image an hour, from a day on; return the day after the last."""
    how = {"circumstances": "slow", "ambient": 20.0, **circumstances}
    for number in range(round(days * 24)):
        hours = round(first * 24) + number
        watch.evaluate(BEGIN + hours * HOUR, cells(hours, added(hours / 24)), **how)
    return first + days


def learned(days: int = LEARNING_DAYS + 4) -> tuple[DriftWatch, float]:
    """Return a watch that has learned what is usual, and the day."""
    watch = DriftWatch(len(USUAL))
    return watch, pass_days(watch, 0, days)


def test_learns_before_it_says_anything() -> None:
    """Until enough days were seen nothing can be compared."""
    watch = DriftWatch(len(USUAL))
    assert watch.active is None
    assert watch.amount(0) is None
    day = pass_days(watch, 0, 1, lambda _day: (4.0,))
    assert watch.learning(0)
    pass_days(watch, day, LEARNING_DAYS + 1, lambda _day: (4.0,))
    assert not watch.learning(0)
    assert watch.learned_days(0) == LEARNING_DAYS
    # It was so from the begin: that is usual.
    assert watch.active is False
    assert watch.findings == ()


def test_a_cell_that_warms_slowly() -> None:
    """Found within two weeks, with its amount and about when it began."""
    watch, begun = learned(40)
    pass_days(watch, begun, 14, lambda day: (0.0, (day - begun) * 0.5 / 7))
    assert watch.active
    (found,) = watch.findings
    assert found.cell == 1
    assert 0.6 < found.amount < 1.0
    assert watch.amount(1) == round(found.amount, 2)
    assert timedelta(0) <= found.since - (BEGIN + begun * DAY) <= 8 * DAY


def test_a_cell_that_cools() -> None:
    """The other side is a drift too, after those that have warmed."""
    watch, begun = learned()
    pass_days(watch, begun, 6, lambda _day: (-1.5, 0.0, 1.2))
    assert [(one.cell, one.amount > 0) for one in watch.findings] == [
        (2, True),
        (0, False),
    ]


def test_a_joint_shows_under_load_only() -> None:
    """The figure of a day is that of its hours with the highest load."""
    watch, begun = learned()
    for hours in range(round(begun * 24), round(begun * 24) + 8 * 24):
        heat = 1.5 * load(hours) ** 2
        watch.evaluate(
            BEGIN + hours * HOUR,
            cells(hours, (heat,)),
            circumstances="slow",
            ambient=20,
        )
    (found,) = watch.findings
    assert found.amount == pytest.approx(1.5, abs=0.2)


def test_full_load_is_not_a_drift() -> None:
    """A load that was never seen before is learned first."""
    watch = DriftWatch(len(USUAL))
    for hours in range(40 * 24):
        warmth = 3.0 if hours < 20 * 24 else 40.0
        watch.evaluate(
            BEGIN + hours * HOUR,
            [cell(20 + warmth * (1 + usual / 10)) for usual in USUAL],
            circumstances="slow",
            ambient=20,
        )
    assert watch.active is False


def test_one_wild_day_is_not_a_drift() -> None:
    """Somebody's hand, or the sun on one cell."""
    watch, begun = learned()
    day = pass_days(watch, begun, 1, lambda _day: (8.0,))
    pass_days(watch, day, 3)
    assert watch.active is False


def test_it_ends() -> None:
    """A drift ends when the cell is as usual again, and may begin anew."""
    watch, begun = learned()
    day = pass_days(watch, begun, 10, lambda _day: (2.0,))
    assert watch.findings[0].amount == pytest.approx(2.0, abs=0.1)
    day = pass_days(watch, day, 5)
    assert watch.active is False
    pass_days(watch, day, 5, lambda _day: (2.0,))
    assert watch.active


def test_what_has_drifted_does_not_become_usual() -> None:
    """However long it stays so; only the owner can say that it is."""
    watch, begun = learned()
    day = pass_days(watch, begun, 120, lambda _day: (2.0,))
    assert watch.findings[0].amount == pytest.approx(2.0, abs=0.1)
    watch.learn_anew(0)
    assert watch.learning(0)
    assert not watch.learning(1)
    assert watch.active is False
    pass_days(watch, day, 20, lambda _day: (2.0,))
    assert watch.active is False
    watch.learn_anew()
    assert watch.active is None


def test_partial_images() -> None:
    """Cells that were not all received say nothing, and shift no other cell."""
    watch, begun = learned()
    for hours in range(round(begun * 24), round(begun * 24) + 10 * 24):
        # Without these three the median of the bank is another one.
        parts = [
            cell(one.maximum, complete=number not in (1, 3, 4))
            for number, one in enumerate(cells(hours))
        ]
        watch.evaluate(BEGIN + hours * HOUR, parts, circumstances="slow", ambient=20)
    assert watch.active is False
    assert abs(watch.amount(0) or 0.0) < 0.1


def test_images_that_say_nothing() -> None:
    """Too few cells, values above the range, an accuracy that is too coarse, old ones."""
    watch, begun = learned()
    before = watch.as_dict()
    at = BEGIN + begun * DAY
    few = [cell(30.0), *[cell(None, complete=False)] * 5]
    over = [cell(400.0, over_range=True)] * 6
    coarse = [cell(30.0, bound=1.5)] * 6
    for image in (few, over, coarse):
        watch.evaluate(at, image, circumstances="slow", ambient=20)
    watch.evaluate(BEGIN - DAY, cells(0), circumstances="slow", ambient=20)
    assert watch.as_dict() == before
    DriftWatch(0).evaluate(at, (), circumstances="slow", ambient=20)


def test_circumstances_are_apart() -> None:
    """Fast images, or those with the fan on, are not compared with others."""
    watch, begun = learned()
    day = pass_days(
        watch, begun, 20, lambda _day: (2.0,), circumstances="fast", ambient=None
    )
    assert watch.active is False
    pass_days(watch, day, 5, lambda _day: (4.0,), circumstances="fast", ambient=None)
    assert watch.active


def test_a_load_sensor() -> None:
    """With a sensor cells are compared at its load, whatever the ambient is."""
    watch = DriftWatch(len(USUAL))
    for hours in range(30 * 24):
        added = (1.5,) if hours >= 24 * 24 else ()
        watch.evaluate(
            BEGIN + hours * HOUR,
            cells(hours, added),
            circumstances="slow",
            ambient=None,
            load=1e4 * load(hours),
        )
    (found,) = watch.findings
    assert found.amount == pytest.approx(1.5, abs=0.1)


def test_days_without_images() -> None:
    """They neither raise nor end anything; learning waits."""
    watch, begun = learned()
    day = pass_days(watch, begun, 6, lambda _day: (2.0,))
    assert watch.active
    pass_days(watch, day + 60, 2, lambda _day: (2.0,))
    assert watch.active


def test_restart_at_any_time() -> None:
    """What is stored is small, and continues exactly."""
    watch, begun = learned()
    day = pass_days(watch, begun, 6.5, lambda _day: (2.0,))
    stored = json.loads(json.dumps(watch.as_dict()))
    assert len(json.dumps(stored)) < 8_000
    again = DriftWatch(len(USUAL))
    again.restore(stored)
    assert again.active
    assert again.as_dict() == stored
    for one in (watch, again):
        pass_days(one, day, 2, lambda _day: (2.5,))
    (expected,), (found,) = watch.findings, again.findings
    assert found == replace(expected, amount=found.amount)
    assert found.amount == pytest.approx(expected.amount, abs=0.02)


def test_empty_restart() -> None:
    """A record from before the first image is restored too."""
    again = DriftWatch(2)
    again.restore(DriftWatch(2).as_dict())
    assert again.as_dict() == DriftWatch(2).as_dict()


def test_other_cells() -> None:
    """What was learned at other places is not used."""
    watch, _ = learned()
    moved = DriftWatch(len(USUAL), "moved")
    moved.restore(watch.as_dict())
    fewer = DriftWatch(2)
    fewer.restore(watch.as_dict())
    assert moved.active is None
    assert fewer.active is None


def test_what_many_cells_do_at_once() -> None:
    """Air on one side of the bank is no fault of the cells there; a cell beside it is."""
    watch, begun = learned(40)
    windy = pass_days(watch, begun, 12, lambda _day: (0.8, 0.8, -0.8, -0.8, 0.0, 0.0))
    assert watch.active is False
    pass_days(watch, windy, 4, lambda _day: (0.8, 0.8, -0.8, -0.8, 0.0, 3.0))
    assert [found.cell for found in watch.findings] == [5]


def test_two_cells() -> None:
    """Their median is between them: each is off by half."""
    watch = DriftWatch(2)
    for hours in range(30 * 24):
        warm = 2.4 if hours >= 20 * 24 else 0.0
        watch.evaluate(
            BEGIN + hours * HOUR,
            [cell(20 + 10 * load(hours) + warm), cell(20 + 10 * load(hours))],
            circumstances="slow",
            ambient=20,
        )
    assert [round(found.amount, 1) for found in watch.findings] == [1.2, -1.2]


def test_a_joint_that_is_found_by_what_the_load_adds() -> None:
    """In the median of all hours it is too little to be found."""
    watch, begun = learned(30)
    for hours in range(round(begun * 24), round(begun * 24) + 10 * 24):
        heat = 0.9 if load(hours) == 1.0 else 0.05
        watch.evaluate(
            BEGIN + hours * HOUR,
            cells(hours, (heat,)),
            circumstances="slow",
            ambient=20,
        )
    (found,) = watch.findings
    assert found.amount == pytest.approx(0.9, abs=0.1)


def test_a_cell_that_stays_a_little_off_becomes_usual() -> None:
    """The seasons move a cell by less than a drift does."""
    watch, begun = learned(30)
    day = pass_days(watch, begun, 4, lambda _day: (0.5,))
    assert 0.3 < (watch.amount(0) or 0.0) < 0.6
    pass_days(watch, day, 60, lambda _day: (0.5,))
    assert watch.active is False
    assert abs(watch.amount(0) or 0.0) < 0.3


EARLIER: dict[str, Any] = {
    "layout": "",
    "day": "2026-01-28T00:00:00+00:00",
    "cells": [
        {
            "baseline": {
                "slow": {
                    "2": [usual / 4, 272.3],
                    "3": [usual, 36.0],
                    "4": [usual, 21.9],
                },
                "fast": {"-1": [usual / 3, 16.9]},
            },
            "cusum": {
                "up": 5.7 if drifts else 0.0,
                "down": 0.0,
                "up_since": "2026-01-22T00:00:00+00:00" if drifts else None,
                "down_since": None,
                "since": "2026-01-22T00:00:00+00:00" if drifts else None,
                "size": 0.1,
                "recent": [2.0, 2.0, 2.0] if drifts else [0.0, 0.0, 0.0],
            },
            "days": 10,
            "hours": {"0 slow": [3.1, usual / 4 + 2.0 * drifts, 1]},
        }
        for usual, drifts in zip(USUAL, (True, *[False] * 5), strict=True)
    ],
}
"""What was stored by a release that had averages at loads, and one sum for each cell."""


def test_record_of_an_earlier_release() -> None:
    """Nothing that was learned is lost, no drift ends, and none is raised."""
    watch = DriftWatch(len(USUAL))
    watch.restore(EARLIER)
    assert not any(watch.learning(number) for number in range(len(USUAL)))
    (before,) = watch.findings
    assert before.since == BEGIN + 21 * DAY
    day = pass_days(watch, 27 + 1 / 24, 20, lambda _day: (2.0,))
    (found,) = watch.findings
    assert (found.cell, found.since) == (0, before.since)
    assert found.amount == pytest.approx(2.0, abs=0.2)
    pass_days(watch, day, 5)
    assert watch.active is False
