"""Tests of what the watch and the alarm journal exchange."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from custom_components.battery_thermal.model.area import Area, AreaKind
from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.thermal.alarm_journal import (
    AlarmFinding,
    AlarmJournal,
)
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


def found(watch: Watch, celsius: float) -> dict[LogKind, AlarmFinding]:
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
    assert threshold.area_key == uneven.area_key is not None
    assert threshold.value and threshold.value > 50
    assert uneven.value and uneven.value > 10
    assert hot[LogKind.OVER_RANGE].level is None
    cold = found(watch(), 0)
    assert {one.level for one in cold.values()} == {None}


def test_area_that_has_not_arrived() -> None:
    """Its alarm goes on, and keeps its area and peak, however hot the rest of the image is."""
    seen = Watch([Area("lug", "Lug", AreaKind.OTHER, ((0, 0), (8, 2)), highest=25)])
    journal = AlarmJournal()
    for celsius, missing in ((30.0, ()), (80.0, (0, 1))):
        image = thermal_image(np.full((32, 24), celsius), missing=missing)
        seen.evaluate(image, None, timedelta(minutes=30))
        journal.observe(findings(seen, image), image.updated_at)
    assert seen.active(AlarmKind.AREA_LIMIT)
    alarm = journal.find(LogKind.AREA_LIMIT)
    assert alarm is not None
    assert (alarm.area, alarm.area_key, alarm.peak) == ("Lug", "lug", 30)


def test_area_that_has_not_arrived_while_heat_is_hidden() -> None:
    """A pixel that may be far hotter elsewhere says nothing of it either."""
    seen = Watch([Area("lug", "Lug", AreaKind.OTHER, ((0, 0), (8, 2)), highest=25)])
    journal = AlarmJournal()
    for celsius, missing in ((30.0, ()), (308.0, (0, 1))):
        image = thermal_image(np.full((32, 24), celsius), missing=missing)
        seen.evaluate(image, None, timedelta(minutes=30))
        journal.observe(findings(seen, image), image.updated_at)
    alarm = journal.find(LogKind.AREA_LIMIT)
    assert alarm is not None
    assert (alarm.peak, alarm.over_range) == (30, False)


def test_findings_over_the_range() -> None:
    """What is above the node's range is a kind of its own."""
    seen = Watch(())
    image = thermal_image(np.full((32, 24), 307.2))
    seen.evaluate(image, None, timedelta(minutes=30))
    hot = {finding.kind: finding for finding in findings(seen, image)}
    assert hot[LogKind.OVER_RANGE].level is Level.ALARM
    assert hot[LogKind.OVER_RANGE].over_range
    # Without cells there is no imbalance, and no name of a cell.
    assert hot[LogKind.IMBALANCE] == AlarmFinding(kind=LogKind.IMBALANCE, level=None)
    assert hot[LogKind.OVER_THRESHOLD].area is None


def test_heat_that_has_ended_without_a_threshold() -> None:
    """What raised an alarm without a threshold ends it, and no more is known."""
    seen = Watch(())
    hot, cool = (thermal_image(np.full((32, 24), value)) for value in (320.0, 25.0))

    def levels(image: ThermalImage, threshold: float | None) -> list[Level | None]:
        seen.evaluate(image, threshold, timedelta(minutes=30))
        kind = LogKind.OVER_THRESHOLD
        return [one.level for one in findings(seen, image) if one.kind is kind]

    # Nothing is known of the threshold, and nothing was raised.
    assert levels(cool, None) == []
    assert levels(hot, None) == levels(hot, None) == [Level.ALARM]
    data = seen.as_dict()
    seen = Watch(())
    seen.restore(data)
    assert levels(cool, None) == [None]
    assert seen.active(AlarmKind.OVER_THRESHOLD) is None
    # An alarm that a threshold had raised goes on while none is known.
    assert levels(hot, 20) == levels(cool, 20) == [Level.ALARM]
    seen.threshold_forgotten()
    assert levels(hot, 20) == [Level.ALARM]
    seen.threshold_forgotten()
    assert levels(hot, None) == [Level.ALARM]
    assert levels(cool, None) == []


def test_area_that_is_raised() -> None:
    """The imbalance is that of the area that is over its limit, of its own or not."""
    corners = [(0, 0), (0, 12), (16, 0), (16, 12)]

    def areas(*limits: dict[str, float]) -> list[Area]:
        return [
            Area(
                f"{number}",
                f"area {number}",
                AreaKind.OTHER,
                ((row, column), (row + 16, column + 12)),
                **limit,
            )
            for number, ((row, column), limit) in enumerate(
                zip(corners, limits, strict=True)
            )
        ]

    image = thermal_image(np.repeat([[24.0], [28.0]], 16, axis=0) + np.zeros((32, 24)))
    cases: list[tuple[list[Area], Level | None, str | None]] = [
        (areas({}, {}, {}, {"alarm": 1.5}), Level.ALARM, "area 3"),
        (areas({"warning": 1}, {}, {}, {"alarm": 1.5}), Level.ALARM, "area 3"),
        (areas({"warning": 1}, {}, {}, {"alarm": 9}), None, "area 0"),
        (areas({}, {}, {"warning": 1.5}, {"alarm": 9}), Level.WARNING, "area 2"),
        (areas({}, {}, {}, {"alarm": 9}), None, "area 3"),
        (areas({}, {}, {}, {}), None, None),
    ]
    for some, level, area in cases:
        seen = Watch(some)
        seen.evaluate(image, None, timedelta(minutes=30))
        uneven = next(
            one for one in findings(seen, image) if one.kind is LogKind.IMBALANCE
        )
        assert (uneven.level, uneven.area) == (level, area)
        if level:
            assert uneven.value == 2.0


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
