"""Findings of the drift watch for the alarm journal."""

from collections.abc import Iterable, Iterator, Sequence

from ..model.area import Area
from .alarm_journal import AlarmFinding
from .alarm_kinds import Level, LogKind
from .drift import DriftWatch
from .logged_alarm import LoggedAlarm


def drift_findings(
    drift: DriftWatch, cells: Sequence[Area], open_alarms: Iterable[LoggedAlarm]
) -> Iterator[AlarmFinding]:
    """Yield what is known of each cell, and the end of the alarms of cells that are gone.

    The value is how far a cell has warmed or cooled.
    """
    drifting = {found.cell: found for found in drift.findings}
    for number, cell in enumerate(cells):
        found = drifting.get(number)
        yield AlarmFinding(
            kind=LogKind.DRIFT,
            level=Level.WARNING if found else None,
            area=cell.name,
            area_key=cell.key,
            value=round(abs(found.amount), 2) if found else None,
        )
    keys, names = {cell.key for cell in cells}, {cell.name for cell in cells}
    for alarm in open_alarms:
        if alarm.kind is not LogKind.DRIFT:
            continue
        # An earlier release has stored no key.
        there = (
            alarm.area in names if alarm.area_key is None else alarm.area_key in keys
        )
        if not there:
            yield AlarmFinding(
                kind=LogKind.DRIFT,
                level=None,
                area=alarm.area,
                area_key=alarm.area_key,
            )
