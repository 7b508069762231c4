"""Tests of the alarm journal: what it makes of findings, and what survives a crash."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
import json
from typing import Any

import pytest

from custom_components.battery_thermal.thermal import alarm_journal
from custom_components.battery_thermal.thermal.alarm_journal import (
    AlarmEvent,
    AlarmFinding,
    AlarmJournal,
)
from custom_components.battery_thermal.thermal.alarm_kinds import Level, LogKind
from custom_components.battery_thermal.thermal.logged_alarm import LoggedAlarm

from .scenes import TIME

MINUTE = timedelta(minutes=1)
NOTHING: dict[str, Any] = {"alarms": []}


def imbalance(level: Level | None, value: float | None = None) -> AlarmFinding:
    """Return a finding of an imbalance, in cell A1."""
    return AlarmFinding(kind=LogKind.IMBALANCE, level=level, area="A1", value=value)


def events(journal: AlarmJournal) -> list[AlarmEvent]:
    """Return the events that are new to the listeners."""
    return [change.event for change in journal.take_changes()]


def at(minute: float) -> datetime:
    """Return a time some minutes after the beginning."""
    return TIME + minute * MINUTE


def test_from_warning_to_end() -> None:
    """An alarm keeps its highest level, its peak, and the images of three moments."""
    journal = AlarmJournal()
    journal.observe([imbalance(None)], at(0), at(0))
    assert (journal.open, journal.unsaved) == ((), {})
    for minute, level, value in (
        (1, Level.WARNING, 6.0),
        (2, Level.ALARM, 11.0),
        (3, Level.ALARM, 12.5),
        (4, Level.WARNING, 7.0),
        (5, None, 2.0),
    ):
        journal.observe([imbalance(level, value)], at(minute), at(minute - 0.5))
    (alarm,) = journal.unsaved.values()
    assert events(journal) == ["raised", "escalated", "ended"]
    assert alarm == LoggedAlarm(
        kind=LogKind.IMBALANCE,
        level=Level.ALARM,
        area="A1",
        since=at(1),
        peak=12.5,
        peak_at=at(3),
        ended_at=at(5),
        begin_image=at(0.5),
        peak_image=at(2.5),
        end_image=at(4.5),
        revision=4,
    )
    assert not alarm.active
    assert alarm.images == {at(0.5), at(2.5), at(4.5)}
    assert journal.open == ()


def test_what_is_unknown_changes_nothing() -> None:
    """An alarm without a finding stays as it is."""
    journal = AlarmJournal()
    journal.observe([imbalance(Level.WARNING, 6)], at(1))
    before = journal.open
    journal.observe([], at(2))
    journal.observe([imbalance(Level.WARNING)], at(3))
    assert journal.open == before
    assert journal.find(LogKind.IMBALANCE) == before[0]
    assert journal.find(LogKind.RISE) is None


def test_value_that_is_known_later() -> None:
    """Without a value at first, the first one is the peak; what is certain stays so."""
    journal = AlarmJournal()
    doubtful = replace(imbalance(Level.WARNING), certain=False)
    journal.observe([doubtful], at(1))
    assert not journal.open[0].certain
    journal.observe([imbalance(Level.WARNING, 5)], at(2))
    journal.observe([doubtful], at(3))
    assert (journal.open[0].peak, journal.open[0].certain) == (5, True)


def test_over_the_range_is_the_peak() -> None:
    """What is above all values is higher than any value."""
    journal = AlarmJournal()
    hot = AlarmFinding(kind=LogKind.OVER_THRESHOLD, level=Level.ALARM, value=200)
    journal.observe([hot], at(1))
    journal.observe([replace(hot, value=150, over_range=True)], at(2))
    journal.observe([replace(hot, value=190)], at(3))
    (alarm,) = journal.open
    assert (alarm.peak, alarm.over_range, alarm.peak_at) == (150, True, at(2))


def test_acknowledged_until_it_becomes_worse() -> None:
    """An acknowledgement is for a level; the alarm stays."""
    journal = AlarmJournal()
    journal.observe([imbalance(Level.WARNING, 6)], at(1))
    journal.acknowledge(journal.open[0], at(2), "Ana", "fan cleaned")
    (alarm,) = journal.open
    assert alarm.acknowledged
    assert (alarm.acknowledged_by, alarm.note) == ("Ana", "fan cleaned")
    journal.observe([imbalance(Level.ALARM, 11)], at(3))
    assert not journal.open[0].acknowledged
    alarm = journal.acknowledge(journal.open[0], at(4), None, None)
    assert alarm.acknowledged
    assert (alarm.acknowledged_by, alarm.note) == (None, "fan cleaned")
    assert events(journal) == ["raised", "acknowledged", "escalated", "acknowledged"]


def test_acknowledged_after_its_end() -> None:
    """An alarm that has ended is not open again because somebody writes a note."""
    journal = AlarmJournal()
    journal.observe([imbalance(Level.WARNING, 6)], at(1))
    journal.observe([imbalance(None)], at(2))
    journal.observe([imbalance(Level.WARNING, 7)], at(3))
    ended = next(one for one in journal.unsaved.values() if not one.active)
    journal.acknowledge(ended, at(4), "Ana", None)
    assert [alarm.since for alarm in journal.open] == [at(3)]


def drift(
    level: Level | None, value: float | None = None, area: str = "A1", key: str = "0"
) -> AlarmFinding:
    """Return what is known of the drift of a cell."""
    return AlarmFinding(
        kind=LogKind.DRIFT, level=level, area=area, area_key=key, value=value
    )


def test_each_area_has_its_alarm() -> None:
    """Of a kind that has one alarm of each area, those of other areas go on."""
    journal = AlarmJournal()
    journal.observe(
        [drift(Level.WARNING), drift(Level.WARNING, area="B2", key="4")], at(1)
    )
    assert len({alarm.alarm_id for alarm in journal.open}) == 2
    journal.observe([drift(None, area="B2", key="4")], at(2))
    assert [alarm.area for alarm in journal.open] == ["A1"]
    assert journal.find(LogKind.DRIFT, "A1")
    assert not journal.find(LogKind.DRIFT, "B2")


def test_area_that_is_renamed() -> None:
    """Its alarm goes on under the new name, also if another area has the old one now."""
    journal = AlarmJournal()
    journal.observe([drift(Level.WARNING, 2)], at(1))
    (raised,) = journal.open
    renamed = drift(Level.WARNING, 3, area="Left"), drift(None, area="A1", key="4")
    journal.observe(renamed, at(2))
    (known,) = journal.open
    assert (known.alarm_id, known.area, known.peak) == (raised.alarm_id, "Left", 3)
    # Also without another peak.
    journal.observe([drift(Level.WARNING, 1, area="Right")], at(2.5))
    assert [(one.alarm_id, one.area) for one in journal.open] == [
        (raised.alarm_id, "Right")
    ]
    journal.observe([drift(None, area="Right")], at(3))
    assert not journal.open
    assert journal.unsaved[raised.alarm_id].ended_at == at(3)


def test_alarm_of_an_earlier_release_has_no_key() -> None:
    """It is that of the area with its name."""
    before = AlarmJournal()
    before.observe([replace(drift(Level.WARNING), area_key=None)], at(1))
    stored = json.loads(json.dumps(before.as_dict()))
    journal = AlarmJournal()
    journal.restore(stored, before.open, at(2))
    journal.observe([drift(Level.WARNING, 2)], at(3))
    (known,) = journal.open
    assert (known.alarm_id, known.peak) == (before.open[0].alarm_id, 2)
    journal.observe([drift(None)], at(4))
    assert not journal.open


def test_saved_unless_changed_meanwhile() -> None:
    """What changed while it was written has to be written again."""
    journal = AlarmJournal()
    journal.observe([imbalance(Level.WARNING, 6)], at(1))
    written = list(journal.unsaved.values())
    journal.observe([imbalance(Level.WARNING, 7)], at(2))
    journal.saved(written)
    assert journal.unsaved
    journal.saved(list(journal.unsaved.values()))
    assert not journal.unsaved


def test_bounded_while_nothing_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The oldest alarms that have ended are lost first."""
    monkeypatch.setattr(alarm_journal, "MOST_UNSAVED", 3)
    journal = AlarmJournal()
    rise = AlarmFinding(kind=LogKind.RISE, level=Level.WARNING)
    journal.observe([rise], at(0))
    for minute in range(1, 9, 2):
        journal.observe([imbalance(Level.WARNING)], at(minute))
        journal.observe([imbalance(None)], at(minute + 1))
    assert [(one.kind, one.since) for one in journal.unsaved.values()] == [
        (LogKind.RISE, at(0)),
        (LogKind.IMBALANCE, at(5)),
        (LogKind.IMBALANCE, at(7)),
    ]


STORY: list[tuple[float, Level | None, float]] = [
    (1, None, 1),
    (2, Level.WARNING, 6),
    (3, Level.WARNING, 8),
    (4, Level.ALARM, 12),
    (5, None, 2),
    (6, Level.WARNING, 6),
]


def replay(
    journal: AlarmJournal, story: Iterable[tuple[float, Level | None, float]]
) -> None:
    """Let a journal observe a story."""
    for minute, level, value in story:
        journal.observe([imbalance(level, value)], at(minute), at(minute - 0.5))
        if minute == 3:
            journal.acknowledge(journal.open[0], at(minute), "Ana", "seen")


@pytest.mark.parametrize("recorded", range(len(STORY) + 1))
@pytest.mark.parametrize("archived", range(len(STORY) + 1))
def test_killed_at_any_step(recorded: int, archived: int) -> None:
    """Whichever of record and archive is older, nothing is raised or ended twice.

    The images since the record was written are received once more.
    """
    record, archive, whole = AlarmJournal(), AlarmJournal(), AlarmJournal()
    replay(record, STORY[:recorded])
    replay(archive, STORY[:archived])
    replay(whole, STORY)
    if archived >= recorded:
        # What the archive has is not in the record for long.
        record.saved(list(record.unsaved.values()))
    stored = json.loads(json.dumps(record.as_dict()))
    after = AlarmJournal()
    after.restore(stored, archive.unsaved.values(), at(10))
    assert not after.changes
    last = max(recorded, archived)
    assert [one.since for one in after.open] == {
        2: [at(2)],
        3: [at(2)],
        4: [at(2)],
        6: [at(6)],
    }.get(last, [])

    for minute, level, value in STORY[recorded:]:
        after.observe([imbalance(level, value)], at(minute), at(minute - 0.5))

    final = archive.unsaved | after.unsaved
    expected = whole.unsaved
    assert set(final) == set(expected)
    for alarm_id, alarm in final.items():
        for name in ("level", "ended_at", "peak", "peak_at", "images"):
            assert getattr(alarm, name) == getattr(expected[alarm_id], name), name
    raised = [
        change.alarm.since for change in after.changes if change.event == "raised"
    ]
    assert len(raised) == len(set(raised))
    assert all(since > at(last) for since in raised)
    if last >= 3:
        assert final[whole.changes[0].alarm.alarm_id].note == "seen"


def test_two_open_ones() -> None:
    """Of two that cannot both be open the older one has ended when the other began."""
    one = LoggedAlarm(kind=LogKind.RISE, level=Level.ALARM, since=at(1), revision=1)
    other = replace(one, since=at(5))
    journal = AlarmJournal()
    journal.restore(NOTHING, [other, one], at(10))
    assert journal.open == (other,)
    (ended,) = journal.unsaved.values()
    assert (ended.since, ended.ended_at, ended.revision) == (at(1), at(5), 2)


def test_stored_time_in_the_future() -> None:
    """A wrong clock before the restart does not hide what happens afterwards."""
    wrong = LoggedAlarm(
        kind=LogKind.IMBALANCE,
        level=Level.ALARM,
        since=at(100),
        ended_at=at(200),
        revision=2,
    )
    journal = AlarmJournal()
    journal.restore(NOTHING, [wrong], at(10))
    journal.observe([imbalance(Level.WARNING)], at(11))
    assert [alarm.since for alarm in journal.open] == [at(11)]


def test_end_before_its_beginning() -> None:
    """A clock that was set back does not end an alarm before it began."""
    journal = AlarmJournal()
    journal.observe([imbalance(Level.WARNING)], at(5))
    journal.observe([imbalance(None)], at(3))
    (alarm,) = journal.unsaved.values()
    assert alarm.ended_at == at(5)
