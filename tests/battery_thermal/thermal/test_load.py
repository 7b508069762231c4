"""Tests of the load that the temperatures of a bank depend on."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.battery_thermal.thermal.load import LoadHistory

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def test_follows_slowly() -> None:
    """The mean square, whatever the sign of the current is."""
    load = LoadHistory()
    assert load.at(BEGIN) is None
    load.note_value(BEGIN, 10)
    assert load.at(BEGIN - SECOND) is None
    assert load.at(BEGIN + HOUR) == 100
    load.note_value(BEGIN + HOUR, -20)
    assert load.at(BEGIN + HOUR) == 100
    assert load.at(BEGIN + 2 * HOUR) == pytest.approx(100 + 300 * 0.632, abs=0.1)
    assert load.at(BEGIN + 20 * HOUR) == pytest.approx(400)
    # Earlier times are looked up.
    assert load.at(BEGIN + HOUR / 2) == 100


def test_without_a_value() -> None:
    """While the sensor has none, nothing is known; afterwards it begins anew."""
    load = LoadHistory()
    load.note_value(BEGIN, 10)
    load.note_value(BEGIN + HOUR, None)
    load.note_value(BEGIN + 2 * HOUR, float("inf"))
    load.note_value(BEGIN + 3 * HOUR, 5)
    assert load.at(BEGIN + HOUR / 2) == 100
    assert load.at(BEGIN + 1.5 * HOUR) is None
    assert load.at(BEGIN + 2.5 * HOUR) is None
    assert load.at(BEGIN + 3 * HOUR) == 25


def test_bounded() -> None:
    """A sensor that changes each second takes a value a minute, for a day."""
    load = LoadHistory()
    for second in range(2 * 86_400):
        load.note_value(BEGIN + second * SECOND, 10 + second % 2)
    assert load.changes < 1500
    assert load.at(BEGIN) is None
    assert load.at(BEGIN + 47 * HOUR) == pytest.approx(110.5, abs=0.5)
    load.note_value(BEGIN, 1000)
    assert load.at(BEGIN + 47 * HOUR) == pytest.approx(110.5, abs=0.5)
