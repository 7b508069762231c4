"""Findings of the drift watch for the alarm journal."""

from collections.abc import Iterable, Iterator, Sequence

from .alarm_journal import Finding
from .alarm_kinds import Level, LogKind
from .drift import DriftWatch
from .logged_alarm import LoggedAlarm


def drift_findings(
    drift: DriftWatch, names: Sequence[str], open_alarms: Iterable[LoggedAlarm]
) -> Iterator[Finding]:
    """Yield what is known of each cell, and the end of the alarms of cells that are gone.

    The value is how far a cell has warmed or cooled.
    """
    drifting = {found.cell: found for found in drift.findings}
    for number, name in enumerate(names):
        found = drifting.get(number)
        yield Finding(
            kind=LogKind.DRIFT,
            level=Level.WARNING if found else None,
            area=name,
            value=round(abs(found.amount), 2) if found else None,
        )
    for alarm in open_alarms:
        if alarm.kind is LogKind.DRIFT and alarm.area not in names:
            yield Finding(kind=LogKind.DRIFT, level=None, area=alarm.area)
