"""Tests of what the watch and the alarm journal exchange."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.thermal.alarm_journal import Finding
from custom_components.battery_thermal.thermal.alarm_kinds import (
    LOG_KIND_OF,
    Level,
    LogKind,
)
from custom_components.battery_thermal.thermal.cells import CellGrid
from custom_components.battery_thermal.thermal.findings import findings
from custom_components.battery_thermal.thermal.watch import AlarmKind, Watch

from .scenes import bank, thermal_image


def watch() -> Watch:
    """Return a watch over the bank of the scenes."""
    return Watch(CellGrid(4, 3).areas(Orientation()))


def found(watch: Watch, celsius: float) -> dict[LogKind, Finding]:
    """Return what is found in an image of the bank with one hot cell."""
    image = thermal_image(bank(24, celsius))
    watch.evaluate(image, 50, timedelta(minutes=30))
    return {finding.kind: finding for finding in findings(watch, image)}


def test_findings_of_an_image() -> None:
    """Kinds with their levels, values and cells; those without an evaluation are left out."""
    hot = found(watch(), 30)
    assert set(hot) == {
        LogKind.OVER_THRESHOLD,
        LogKind.OVER_RANGE,
        LogKind.IMBALANCE,
        LogKind.AREA_LIMIT,
    }
    assert hot[LogKind.AREA_LIMIT].level is None
    threshold, uneven = hot[LogKind.OVER_THRESHOLD], hot[LogKind.IMBALANCE]
    assert threshold.level is uneven.level is Level.ALARM
    assert threshold.area == uneven.area is not None
    assert threshold.value and threshold.value > 50
    assert uneven.value and uneven.value > 10
    assert hot[LogKind.OVER_RANGE].level is None
    cold = found(watch(), 0)
    assert {one.level for one in cold.values()} == {None}


def test_findings_over_the_range() -> None:
    """What is above the node's range is a kind of its own."""
    seen = Watch(())
    image = thermal_image(np.full((32, 24), 307.2))
    seen.evaluate(image, None, timedelta(minutes=30))
    hot = {finding.kind: finding for finding in findings(seen, image)}
    assert hot[LogKind.OVER_RANGE].level is Level.ALARM
    assert hot[LogKind.OVER_RANGE].over_range
    # Without cells there is no imbalance, and no name of a cell.
    assert hot[LogKind.IMBALANCE] == Finding(kind=LogKind.IMBALANCE, level=None)
    assert hot[LogKind.OVER_THRESHOLD].area is None


def test_every_alarm_of_the_watch_is_in_the_log() -> None:
    """The table names each of them once."""
    assert set(LOG_KIND_OF) == set(AlarmKind)


def test_watch_follows_the_log() -> None:
    """An alarm that the log knows better is taken over, and others stay."""
    seen = watch()
    seen.align(AlarmKind.RISE_ALARM, active=False)
    assert seen.active(AlarmKind.RISE_ALARM) is None
    seen.align(AlarmKind.RISE_ALARM, active=True)
    assert seen.active(AlarmKind.RISE_ALARM)
    seen.align(AlarmKind.RISE_ALARM, active=False)
    assert seen.active(AlarmKind.RISE_ALARM) is False


def test_finding_of_an_area_over_its_highest_temperature() -> None:
    """It is about that area, also if another one is hotter."""
    cells = CellGrid(4, 3).areas(Orientation())
    seen = Watch([replace(cells[0], highest=25.0), *cells[1:]])
    finding = found(seen, 30)[LogKind.AREA_LIMIT]
    assert (finding.level, finding.area) == (Level.ALARM, "A1")
    assert finding.value is not None and 25 < finding.value < 35
    assert not finding.over_range
