"""Tests of one alarm of the alarm log."""

from dataclasses import replace
from datetime import timedelta
import json

import pytest

from custom_components.battery_thermal.thermal.alarm_kinds import Level, LogKind
from custom_components.battery_thermal.thermal.logged_alarm import LoggedAlarm

from .scenes import TIME

ALARM = LoggedAlarm(
    kind=LogKind.IMBALANCE, level=Level.WARNING, since=TIME, area="A1", peak=6.0
)


def test_identity() -> None:
    """Where a kind has alarms of each area, the area belongs to the identity."""
    stamp = round(TIME.timestamp() * 1000)
    assert ALARM.alarm_id == f"imbalance-{stamp}"
    assert ALARM.slot == (LogKind.IMBALANCE, None, None)
    drift = replace(ALARM, kind=LogKind.DRIFT)
    assert drift.alarm_id == f"drift-{stamp}-A1"
    assert drift.slot == (LogKind.DRIFT, None, "A1")
    renamed = replace(drift, area_key="7", area="Left")
    assert renamed.alarm_id == f"drift-{stamp}-7"
    assert (
        renamed.slot == replace(renamed, area="A1").slot == (LogKind.DRIFT, "7", None)
    )


@pytest.mark.parametrize(
    ("level", "acknowledged_level", "acknowledged"),
    [
        (Level.WARNING, None, False),
        (Level.WARNING, Level.WARNING, True),
        (Level.ALARM, Level.WARNING, False),
        (Level.WARNING, Level.ALARM, True),
    ],
)
def test_acknowledged(
    level: Level, acknowledged_level: Level | None, acknowledged: bool
) -> None:
    """A higher level needs another acknowledgement."""
    alarm = replace(ALARM, level=level, acknowledged_level=acknowledged_level)
    assert alarm.acknowledged is acknowledged


def test_json() -> None:
    """An alarm is the same after JSON, with all fields or without the optional ones."""
    minute = timedelta(minutes=1)
    full = replace(
        ALARM,
        peak_at=TIME + minute,
        ended_at=TIME + 3 * minute,
        begin_image=TIME,
        peak_image=TIME + minute,
        end_image=TIME + 2 * minute,
        acknowledged_at=TIME + 4 * minute,
        acknowledged_by="Ana",
        acknowledged_level=Level.ALARM,
        note="seen",
        revision=7,
    )
    for alarm in (ALARM, full):
        stored = json.loads(json.dumps(alarm.as_dict()))
        assert LoggedAlarm.from_dict(stored) == alarm
    assert (ALARM.active, full.active) == (True, False)
    assert ALARM.images == frozenset()
    assert full.images == {TIME, TIME + minute, TIME + 2 * minute}
