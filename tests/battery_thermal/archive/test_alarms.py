"""The alarm log in the file of the archive, and the images that it keeps."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.battery_thermal.archive import (
    AlarmLog,
    Archive,
    ArchiveDamagedError,
    Bounds,
    Place,
    alarms as alarms_module,
)
from custom_components.battery_thermal.thermal.alarm_kinds import Level, LogKind
from custom_components.battery_thermal.thermal.logged_alarm import LoggedAlarm

from .test_database import START, add, rewrite_as_version

MINUTE = timedelta(minutes=1)
FEW = Bounds(days=1, megabytes=1)


def alarm(minute: float = 0, **changes: Any) -> LoggedAlarm:
    """Return an alarm that was raised some minutes after the beginning."""
    fields: dict[str, Any] = {
        "kind": LogKind.IMBALANCE,
        "level": Level.WARNING,
        "since": START + minute * MINUTE,
        "revision": 1,
    }
    return LoggedAlarm(**fields | changes)


WHOLE = alarm(
    area="A1",
    area_key="cell-0-0",
    certain=False,
    peak=12.25,
    peak_at=START + MINUTE,
    over_range=True,
    ended_at=START + 2 * MINUTE,
    begin_image=START,
    peak_image=START + MINUTE,
    end_image=START + 2 * MINUTE,
    acknowledged_at=START + 3 * MINUTE,
    acknowledged_by="Ana",
    acknowledged_level=Level.WARNING,
    note="Terminal tightened",
)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an archive without a file yet."""
    return Archive(tmp_path / "archive.db")


@pytest.fixture
def log(tmp_path: Path) -> AlarmLog:
    """Return the alarm log in the same file."""
    return AlarmLog(tmp_path / "archive.db")


def test_what_is_stored_is_read(log: AlarmLog) -> None:
    """An alarm comes out as it was put in; there is none of another node."""
    assert log.latest("garage") == []
    log.store("garage", [WHOLE, alarm(5)])
    assert log.find("garage", WHOLE.alarm_id) == WHOLE
    assert log.find("garage", alarm(5).alarm_id) == alarm(5)
    assert log.find("cellar", WHOLE.alarm_id) is None


def test_later_state_stays(log: AlarmLog) -> None:
    """An earlier state of an alarm does not replace a later one."""
    ended = alarm(ended_at=START + MINUTE, revision=3)
    for state in (alarm(), ended, alarm(revision=2)):
        log.store("garage", [state])
    assert log.find("garage", ended.alarm_id) == ended


def test_alarms_to_continue_with(log: AlarmLog) -> None:
    """Those that are open, and the newest of each kind."""
    end = START + 100 * MINUTE
    old = [alarm(minute, ended_at=end) for minute in range(3)]
    silent = alarm(1, kind=LogKind.SILENT, ended_at=end)
    log.store("garage", [*old, alarm(-10), silent])
    found = log.latest("garage")
    assert {one.alarm_id for one in found} == {
        alarm(-10).alarm_id,
        old[-1].alarm_id,
        silent.alarm_id,
    }


def test_alarms_of_a_span(log: AlarmLog) -> None:
    """Those that were open at any time of it, oldest first."""
    log.store("garage", [alarm(20), alarm(0, ended_at=START + 5 * MINUTE)])
    log.store("cellar", [alarm(10, ended_at=START + 15 * MINUTE)])

    def found(start: float, end: float, *nodes: str) -> list[float]:
        span = START + start * MINUTE, START + end * MINUTE
        return [
            (one.alarm.since - START) / MINUTE
            for one in log.between(nodes or ("garage", "cellar"), *span)
        ]

    assert found(0, 100) == [0, 10, 20]
    assert found(5, 20) == [0, 10]
    assert found(6, 10) == []
    assert found(1000, 2000) == [20]
    assert found(0, 100, "cellar") == [10]
    assert log.between((), START, START + 100 * MINUTE) == []


def test_page_by_page(log: AlarmLog) -> None:
    """Newest first, each once, also where two nodes have alarms of one time."""
    log.store("garage", [alarm(minute) for minute in range(5)])
    log.store("cellar", [alarm(minute) for minute in range(3)])
    nodes = ("garage", "cellar")
    found: list[tuple[str, LoggedAlarm]] = []
    place = None
    while page := log.page(nodes, 3, place):
        found += page
        node, last = page[-1]
        place = Place(last.since, last.alarm_id, node)
    assert len(found) == len(set(found)) == 8
    assert [one.since for _, one in found] == sorted(
        (one.since for _, one in found), reverse=True
    )
    assert len(log.page(("cellar",), 100)) == 3


def test_damaged_rows_are_left_out(log: AlarmLog, tmp_path: Path) -> None:
    """A damaged alarm does not hide the others."""
    damages = (
        "kind = 'unknown'",
        "since = since + 1",
        "since = 'yesterday'",
        "ended_at = -5",
        "peak = 'hot'",
        "acknowledged_level = 'high'",
    )
    log.store("garage", [alarm(minute) for minute in range(len(damages) + 1)])
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path, autocommit=True)) as database:
        for minute, damage in enumerate(damages):
            database.execute(
                f"UPDATE alarm SET {damage} WHERE alarm_id = ?",  # noqa: S608
                (alarm(minute).alarm_id,),
            )
        last = alarm(len(damages))
        database.execute(
            "UPDATE alarm SET note = ? WHERE alarm_id = ?",
            ("long " * 1000, last.alarm_id),
        )
    (found,) = log.page(("garage",), 10)
    assert found.alarm.alarm_id == last.alarm_id
    assert found.alarm.note and len(found.alarm.note) == 500


def test_file_that_is_none(log: AlarmLog, tmp_path: Path) -> None:
    """A damaged file is an error that says so."""
    (tmp_path / "archive.db").write_bytes(b"broken" * 1000)
    with pytest.raises(ArchiveDamagedError):
        log.latest("garage")


def test_file_of_an_earlier_release(
    archive: Archive, log: AlarmLog, tmp_path: Path
) -> None:
    """Without a table there are no alarms, until one is stored; images stay."""
    for number in range(3):
        add(archive, number)
    size = archive.size("garage").matrix_bytes
    rewrite_as_version(tmp_path / "archive.db", 3)
    assert log.latest("garage") == log.page(("garage",), 10) == []
    assert len(archive.times("garage")) == 3
    log.store("garage", [WHOLE])
    assert log.latest("garage") == [WHOLE]
    assert archive.size("garage").matrix_bytes == size
    assert kept(tmp_path) == [START, START + MINUTE, START + 2 * MINUTE]


def test_alarms_of_an_earlier_release(log: AlarmLog, tmp_path: Path) -> None:
    """They have the name of their area only, before and after the migration."""
    log.store("garage", [WHOLE])
    with closing(sqlite3.connect(tmp_path / "archive.db", autocommit=True)) as database:
        database.execute("ALTER TABLE alarm DROP COLUMN area_key")
        database.execute("PRAGMA user_version = 6")
    before = replace(WHOLE, area_key=None)
    assert log.latest("garage") == [before]
    log.store("garage", [alarm(5, area="A2", area_key="cell-0-1")])
    assert [one.alarm.area_key for one in log.page(("garage",), 2)] == [
        "cell-0-1",
        None,
    ]


def kept(folder: Path) -> list[Any]:
    """Return when the images that belong to alarms were started."""
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        rows = database.execute(
            "SELECT started_at FROM image WHERE kept = 1 ORDER BY started_at"
        )
        return [
            START
            + timedelta(milliseconds=row[0])
            - timedelta(milliseconds=int(START.timestamp() * 1000))
            for row in rows
        ]


def total(folder: Path) -> tuple[int, int]:
    """Return the stored size of what may be deleted, and the true one."""
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        row: tuple[int, int] = database.execute(
            "SELECT (SELECT bytes FROM total WHERE node = 'garage'),"
            " (SELECT sum(length(matrix)) FROM image WHERE kept = 0)"
        ).fetchone()
        return row


@pytest.mark.parametrize("alarm_first", [True, False])
def test_images_of_alarms_are_kept(
    archive: Archive, log: AlarmLog, tmp_path: Path, alarm_first: bool
) -> None:
    """They stay beyond the limits, whichever of alarm and image is written first."""
    if alarm_first:
        log.store("garage", [WHOLE])
    for number in range(5):
        add(archive, number)
    if not alarm_first:
        log.store("garage", [WHOLE])
    images = [START, START + MINUTE, START + 2 * MINUTE]
    assert kept(tmp_path) == images
    assert len(set(total(tmp_path))) == 1
    # Two days later, the other ones are too old.
    add(archive, 2 * 24 * 60, FEW)
    assert sorted(archive.times("garage")) == [*images, START + timedelta(days=2)]
    assert len(set(total(tmp_path))) == 1
    # The same image once more with more lines.
    add(archive, 1, missing_lines=())
    assert kept(tmp_path) == images


def test_size_is_of_the_others(archive: Archive, log: AlarmLog, tmp_path: Path) -> None:
    """Images of alarms do not take the place of others."""
    log.store("garage", [WHOLE])
    for number in range(6):
        add(archive, number)
    with closing(sqlite3.connect(tmp_path / "archive.db", autocommit=True)) as database:
        # As much as a few images are allowed to have; and the total is calculated anew.
        database.execute("UPDATE image SET matrix = zeroblob(400000) WHERE kept = 0")
        database.execute("UPDATE image SET matrix = zeroblob(900000) WHERE kept = 1")
        database.execute("UPDATE total SET bytes = -1000000000")
    add(archive, 6, FEW)
    times = sorted(archive.times("garage"))
    assert times[:3] == [START, START + MINUTE, START + 2 * MINUTE]
    assert times[3:] == [START + number * MINUTE for number in (4, 5, 6)]


def test_former_peak_is_not_kept(
    archive: Archive, log: AlarmLog, tmp_path: Path
) -> None:
    """The image of a peak that was exceeded may be deleted as any other."""
    for number in range(3):
        add(archive, number)
    first = alarm(begin_image=START, peak_image=START + MINUTE)
    log.store("garage", [first])
    assert kept(tmp_path) == [START, START + MINUTE]
    higher = replace(first, peak_image=START + 2 * MINUTE, revision=2)
    log.store("garage", [higher])
    assert kept(tmp_path) == [START, START + 2 * MINUTE]
    assert len(set(total(tmp_path))) == 1


def test_oldest_alarms_are_deleted(
    archive: Archive,
    log: AlarmLog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There are so many at most; the images of the others are not kept any more."""
    monkeypatch.setattr(alarms_module, "MOST_ALARMS", 2)
    add(archive)
    log.store("garage", [alarm(begin_image=START)])
    assert kept(tmp_path) == [START]
    log.store("cellar", [alarm()])
    log.store("garage", [alarm(1), alarm(2)])
    assert len(log.page(("garage",), 10)) == 2
    assert len(log.page(("cellar",), 10)) == 1
    assert kept(tmp_path) == []


def test_removed_node(archive: Archive, log: AlarmLog) -> None:
    """The alarms of a node are deleted with its images."""
    log.store("garage", [WHOLE])
    log.store("cellar", [alarm()])
    archive.delete_images("garage")
    assert log.latest("garage") == []
    assert len(log.latest("cellar")) == 1
