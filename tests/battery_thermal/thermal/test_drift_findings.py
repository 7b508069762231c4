"""Tests of what the watch of drift reports to the alarm journal."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from custom_components.battery_thermal.model.area import Area, AreaKind
from custom_components.battery_thermal.thermal.alarm_journal import AlarmFinding
from custom_components.battery_thermal.thermal.alarm_kinds import Level, LogKind
from custom_components.battery_thermal.thermal.drift_findings import drift_findings
from custom_components.battery_thermal.thermal.logged_alarm import LoggedAlarm

from .scenes import TIME


def test_cells_and_alarms_of_cells_that_are_gone() -> None:
    """Each cell has a finding; the alarm of a cell that no longer exists ends."""
    drift: Any = SimpleNamespace(findings=[SimpleNamespace(cell=1, amount=-2.345)])
    alarms = [
        LoggedAlarm(kind=LogKind.DRIFT, level=Level.WARNING, since=TIME, area=area)
        for area in ("A2", "Z9")
    ]
    alarms += [replace(alarms[0], area_key=key) for key in ("key-A1", "key-Z8")]
    other = LoggedAlarm(
        kind=LogKind.IMBALANCE, level=Level.WARNING, since=TIME, area="Y8"
    )
    corners = ((0, 0), (2, 2))
    cells = [Area(f"key-{name}", name, AreaKind.CELL, corners) for name in ("A1", "A2")]
    assert list(drift_findings(drift, cells, [*alarms, other])) == [
        AlarmFinding(kind=LogKind.DRIFT, level=None, area="A1", area_key="key-A1"),
        AlarmFinding(
            kind=LogKind.DRIFT,
            level=Level.WARNING,
            area="A2",
            area_key="key-A2",
            value=2.35,
        ),
        AlarmFinding(kind=LogKind.DRIFT, level=None, area="Z9"),
        AlarmFinding(kind=LogKind.DRIFT, level=None, area="A2", area_key="key-Z8"),
    ]
