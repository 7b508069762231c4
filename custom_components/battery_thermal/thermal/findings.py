"""Findings of the watch for the alarm journal, and alarms of the journal for the watch."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from ..model.thermal_image import ThermalImage
from .alarm_journal import AlarmFinding, AlarmJournal
from .alarm_kinds import LOG_KINDS, KindRow, LogKind, Quantity
from .logged_alarm import LoggedAlarm
from .watch import Watch


def findings(watch: Watch, image: ThermalImage) -> Iterator[AlarmFinding]:
    """Yield what is known of each kind that the watch evaluates.

    `image` is the one that was evaluated last, corrected.
    """
    for kind, row in LOG_KINDS.items():
        gone = row.of_areas and not any(map(watch.has_areas_for, row.watched))
        if gone or (kind is LogKind.OVER_THRESHOLD and watch.heat_has_ended):
            yield AlarmFinding(kind=kind, level=None)
        elif any(watch.active(one) is not None for one in row.watched):
            yield _finding(kind, row, watch, image)


def _finding(
    kind: LogKind, row: KindRow, watch: Watch, image: ThermalImage
) -> AlarmFinding:
    raised = {
        level: watch.is_certain(one)
        for one, level in row.watched.items()
        if watch.active(one)
    }
    is_temperature = row.quantity is Quantity.TEMPERATURE
    area = {
        LogKind.IMBALANCE: watch.most_uneven,
        LogKind.AREA_LIMIT: watch.most_over_limit,
    }.get(kind, watch.hottest if is_temperature else None)
    value = {
        Quantity.TEMPERATURE: image.maximum,
        Quantity.DIFFERENCE: watch.imbalance,
        Quantity.RATE: watch.rise,
        None: None,
    }[row.quantity]
    over_range = is_temperature and (image.is_over_range or image.hides_heat)
    if kind is LogKind.AREA_LIMIT:
        # Without an area nothing of those with a limit has arrived in this image.
        value = None if area is None else area.maximum
        over_range = area is not None and area.may_be_over_range
    return AlarmFinding(
        kind=kind,
        level=max(raised, key=lambda level: level.rank, default=None),
        area=None if area is None else area.name,
        area_key=None if area is None else area.area.key,
        value=None if value is None else round(value, 2),
        over_range=over_range,
        certain=any(raised.values()) or not raised,
    )


def restore_alarms(
    journal: AlarmJournal,
    watch: Watch,
    data: dict[str, Any] | None,
    archived: Sequence[LoggedAlarm],
    now: datetime,
) -> None:
    """Continue with the alarms of the record and of the archive after a restart.

    After a crash the archive may know more than the record; the watch, which was restored
    from the record, then follows it. `data` and `archived`: as in `AlarmJournal.restore`.
    A record of an earlier release has no alarms (None), and says nothing of which is
    later.
    """
    journal.restore(data or {"alarms": []}, archived, now)
    if data is None:
        return
    for kind, *_ in journal.known_until:
        alarm = journal.find(kind)
        for watched, level in LOG_KINDS[kind].watched.items():
            raised = alarm is not None and level.rank <= alarm.level.rank
            watch.align(watched, active=raised)
