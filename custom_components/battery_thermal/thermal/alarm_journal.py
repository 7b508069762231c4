"""The alarm journal of one node: which alarms were raised, became worse, and ended.

It is fed with findings, and times are passed in. Each change is in `unsaved` until the
archive has it, and in `changes` until the listeners are notified. Stored in two places, the
archive and the node's record, either of which may be the older one after a crash:
`restore` takes the later state of each alarm.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from .alarm_kinds import LOG_KINDS, Level, LogKind
from .logged_alarm import LoggedAlarm, Slot

MOST_UNSAVED: Final = 1000
"""Alarms that wait at most while the archive cannot be written: half a megabyte."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class AlarmEvent(StrEnum):
    """What happened to an alarm."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"


class AlarmChange(NamedTuple):
    """An event of an alarm, and the alarm after it."""

    event: AlarmEvent
    alarm: LoggedAlarm


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmFinding:
    """What is known of a kind now; what is unknown is no finding.

    `level` is None where there is no alarm. `area`, `area_key`, `value`, `over_range`,
    `certain`: as in `LoggedAlarm`.
    """

    kind: LogKind
    level: Level | None
    area: str | None = None
    area_key: str | None = None
    value: float | None = None
    over_range: bool = False
    certain: bool = True


class AlarmJournal:
    """The open alarms of a node, and what has changed of its alarms."""

    def __init__(self) -> None:
        """Start without an alarm."""
        self.unsaved: dict[str, LoggedAlarm] = {}
        """Alarms of which the archive does not have the present state, by their ids."""
        self.changes: list[AlarmChange] = []
        """Events of which the listeners were not notified yet."""
        self._open: dict[Slot, LoggedAlarm] = {}
        self.known_until: dict[Slot, datetime] = {}
        """Until when the archive knew more than the record at the last start."""

    @property
    def open(self) -> tuple[LoggedAlarm, ...]:
        """The alarms that have not ended, the newest first."""
        alarms = self._open.values()
        return tuple(sorted(alarms, key=lambda alarm: alarm.since, reverse=True))

    def find(self, kind: LogKind, area: str | None = None) -> LoggedAlarm | None:
        """Return the open alarm of a kind, and of an area if the kind has one of each.

        `area`: its name in the last image, or when an earlier release raised the alarm.
        """
        return next(
            (
                alarm
                for alarm in self._open.values()
                if alarm.kind is kind
                and (alarm.area == area or not LOG_KINDS[kind].per_area)
            ),
            None,
        )

    def observe(
        self,
        findings: Iterable[AlarmFinding],
        at: datetime,
        image: datetime | None = None,
    ) -> None:
        """Raise, change or end alarms. `image`: when the image of the findings began.

        Kinds and areas without a finding stay as they are.
        """
        for finding in findings:
            state = LoggedAlarm(
                kind=finding.kind,
                level=finding.level or Level.WARNING,
                since=at,
                area=finding.area,
                area_key=finding.area_key,
                certain=finding.certain,
                peak=finding.value,
                peak_at=None if finding.value is None else at,
                over_range=finding.over_range,
                begin_image=image,
                peak_image=image,
            )
            # An alarm of an earlier release has no key.
            slots = (state.slot, replace(state, area_key=None).slot)
            # An image from before a crash, received again, raises and ends nothing twice.
            if any(at <= self.known_until.get(slot, _NEVER) for slot in slots):
                continue
            open_alarms = (self._open.get(slot) for slot in slots)
            known = next(filter(None, open_alarms), None)
            if finding.level is None:
                if known is not None:
                    self._end(known, max(at, known.since), image)
            elif known is None:
                self._change(state, AlarmEvent.RAISED)
            else:
                self._continue(known, state)

    def acknowledge(
        self, alarm: LoggedAlarm, at: datetime, by: str | None, note: str | None
    ) -> LoggedAlarm:
        """Acknowledge an alarm at its level, open or ended, and return it.

        A note replaces the one before; None leaves it.
        """
        changed = replace(
            alarm,
            acknowledged_at=at,
            acknowledged_by=by,
            acknowledged_level=alarm.level,
            note=alarm.note if note is None else note,
        )
        return self._change(changed, AlarmEvent.ACKNOWLEDGED)

    def saved(self, alarms: Iterable[LoggedAlarm]) -> None:
        """Note that the archive has these states."""
        for alarm in alarms:
            if self.unsaved.get(alarm.alarm_id) == alarm:
                del self.unsaved[alarm.alarm_id]

    def take_changes(self) -> list[AlarmChange]:
        """Return the events that are new to the listeners, oldest first, and forget them."""
        changes, self.changes = self.changes, []
        return changes

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        alarms = {alarm.alarm_id: alarm for alarm in self.open} | self.unsaved
        return {"alarms": [alarm.as_dict() for alarm in alarms.values()]}

    def restore(
        self, data: dict[str, Any], archived: Iterable[LoggedAlarm], now: datetime
    ) -> None:
        """Continue with what was stored before the restart. Nothing is raised or ended.

        `data`: what `as_dict` returned, `archived`: the newest alarm of each kind and
        area, and all open ones, of the archive. Which of the two is older is unknown.
        """
        recorded = {
            alarm.alarm_id: alarm
            for alarm in (LoggedAlarm.from_dict(one) for one in data["alarms"])
        }
        later = {alarm.alarm_id: alarm for alarm in archived}
        for alarm_id, alarm in recorded.items():
            other = later.get(alarm_id)
            if other is None or other.revision < alarm.revision:
                later[alarm_id] = self.unsaved[alarm_id] = alarm
        for alarm in sorted(later.values(), key=lambda alarm: alarm.since):
            self._restore(alarm, recorded.get(alarm.alarm_id), now)

    def _restore(
        self, alarm: LoggedAlarm, recorded: LoggedAlarm | None, now: datetime
    ) -> None:
        """Take an alarm, the oldest first, that may be newer than the recorded one."""
        if recorded is None or recorded.revision < alarm.revision:
            times = (alarm.since, alarm.peak_at, alarm.ended_at)
            newest = max(time for time in times if time is not None)
            self.known_until[alarm.slot] = min(newest, now)
        if (before := self._open.pop(alarm.slot, None)) is not None:
            # Only one can be open: the record of this one's end was lost.
            ended = replace(before, ended_at=alarm.since, revision=before.revision + 1)
            self.unsaved[ended.alarm_id] = ended
        if alarm.active:
            self._open[alarm.slot] = alarm

    def _continue(self, known: LoggedAlarm, now: LoggedAlarm) -> None:
        """Note what an image more says of an open alarm: peak, level, certainty."""
        changed = known
        if now.peak is not None and (
            known.peak is None
            or (now.over_range, now.peak) > (known.over_range, known.peak)
        ):
            changed = replace(
                changed,
                peak=now.peak,
                peak_at=now.peak_at,
                peak_image=now.peak_image,
                over_range=now.over_range,
            )
            if not LOG_KINDS[known.kind].per_area:
                changed = replace(changed, area=now.area, area_key=now.area_key)
        # Its area may have been renamed. Without a key the name is a part of the id.
        if LOG_KINDS[known.kind].per_area and known.area_key is not None:
            changed = replace(changed, area=now.area)
        if now.certain and not known.certain:
            changed = replace(changed, certain=True)
        if now.level.rank > known.level.rank:
            self._change(replace(changed, level=now.level), AlarmEvent.ESCALATED)
        elif changed != known:
            self._change(changed)

    def _end(self, known: LoggedAlarm, at: datetime, image: datetime | None) -> None:
        self._change(replace(known, ended_at=at, end_image=image), AlarmEvent.ENDED)

    def _change(
        self, alarm: LoggedAlarm, event: AlarmEvent | None = None
    ) -> LoggedAlarm:
        """Take the next state of an alarm."""
        changed = replace(alarm, revision=alarm.revision + 1)
        self.unsaved[changed.alarm_id] = changed
        if changed.active:
            self._open[changed.slot] = changed
        elif event is AlarmEvent.ENDED:
            self._open.pop(changed.slot, None)
        if len(self.unsaved) > MOST_UNSAVED:
            ended = (key for key, one in self.unsaved.items() if not one.active)
            self.unsaved.pop(next(ended))
        if event is not None:
            self.changes.append(AlarmChange(event, changed))
        return changed
