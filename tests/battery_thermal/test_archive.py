"""The file that images are kept in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
import sqlite3
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from custom_components.battery_thermal import archive as module
from custom_components.battery_thermal.archive import (
    Addition,
    Archive,
    ArchiveError,
    Bounds,
    Kept,
)
from custom_components.battery_thermal.node.layout import Mode
from custom_components.battery_thermal.thermal.image import ThermalImage

START = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
MUCH = Bounds(days=365, megabytes=100)


def image(number: int = 0, **changes: Any) -> ThermalImage:
    """Return an image of noise with a column missing, a minute after the one before."""
    values = np.random.default_rng(number).integers(-400, 3000, (32, 24), np.int16)
    present = np.ones((32, 24), bool)
    present[:, 3] = False
    fields: dict[str, Any] = {
        "values": values,
        "present": present,
        "mode": Mode.SLOW,
        "lines_expected": 24,
        "missing_lines": (3,),
        "started_at": START + timedelta(minutes=number),
        "updated_at": START + timedelta(minutes=number, seconds=50),
        "closed": True,
        "node_minimum": -401,
        "node_maximum": 3001,
        "suspect": True,
    }
    return ThermalImage(**(fields | changes))


def add(
    archive: Archive, number: int = 0, bounds: Bounds = MUCH, **changes: Any
) -> None:
    """Keep an image, on the day it was made."""
    kept = Kept(image(number, **changes), ambient=21, fan=True, threshold=None)
    archive.add(Addition("garage", kept, bounds, kept.image.updated_at))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an archive without a file yet."""
    return Archive(tmp_path / "archive.db")


def test_to_the_tenth(archive: Archive) -> None:
    """What comes out is what was put in, and nothing is known of what is missing."""
    add(archive)

    (kept,) = archive.between("garage", START, START + timedelta(days=1))

    assert (kept.ambient, kept.fan, kept.threshold) == (21, True, None)
    before, after = image().as_dict(), kept.image.as_dict()
    assert before == after
    assert not kept.image.present[:, 3].any()


def test_unknown_circumstances(archive: Archive) -> None:
    """What was not known when an image ended stays unknown."""
    quiet = image(node_minimum=None, node_maximum=None)
    archive.add(Addition("garage", Kept(quiet, None, None, -5), MUCH, START))

    kept = archive.newest("garage", START)

    assert kept is not None
    assert (kept.ambient, kept.fan, kept.threshold) == (None, None, -5)
    assert kept.image.node_maximum is None


def test_finding(archive: Archive) -> None:
    """Images are found by node, time and mode."""
    for number in range(5):
        add(archive, number, mode=Mode.FAST if number == 2 else Mode.SLOW)
    minute = timedelta(minutes=1)
    end = START + 4 * minute

    found = archive.between("garage", START + minute, end)
    assert [kept.image.started_at for kept in found] == [
        START + number * minute for number in (1, 2, 3)
    ]
    (fast,) = archive.between("garage", START, end, Mode.FAST)
    assert fast.image.started_at == START + 2 * minute
    assert archive.between("cellar", START, end) == []

    newest = archive.newest("garage", START + 2.5 * minute)
    assert newest is not None
    assert newest.image.started_at == START + 2 * minute
    assert archive.newest("garage", START - minute) is None
    assert list(archive.times("garage")) == [
        START + n * minute for n in (4, 3, 2, 1, 0)
    ]


def test_page_by_page(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, all of them are found, each once."""
    monkeypatch.setattr(module, "_PAGE", 2)
    for number in range(5):
        add(archive, number)
    minute = timedelta(minutes=1)

    for count in range(6):
        found = archive.between("garage", START, START + count * minute)
        assert [kept.image.started_at for kept in found] == [
            START + number * minute for number in range(count)
        ]


def test_days(archive: Archive) -> None:
    """What is too old goes, at this node only."""
    archive.add(Addition("cellar", Kept(image(), None, None, None), MUCH, START))
    for number in (0, 1, 3 * 24 * 60):
        add(archive, number, Bounds(days=2, megabytes=1))

    assert len(archive.times("garage")) == 1
    assert len(archive.times("cellar")) == 1


def test_megabytes(archive: Archive) -> None:
    """What is too much goes, the oldest first."""
    noise = np.random.default_rng(1).integers(-400, 3000, (1000, 150), np.int16)
    much = {"values": noise, "present": np.ones(noise.shape, bool)}
    for number in range(6):
        add(archive, number, Bounds(days=2, megabytes=1), **much)

    times = list(archive.times("garage"))
    assert times == [START + timedelta(minutes=number) for number in (5, 4, 3)]


def test_image_that_ends_twice(archive: Archive) -> None:
    """The one with more lines is kept, whichever came first."""
    add(archive, missing_lines=(1, 2, 3), suspect=False)
    add(archive, missing_lines=(3,), suspect=True)
    add(archive, missing_lines=(1, 2, 3), suspect=False)

    (kept,) = archive.between("garage", START, START + timedelta(days=1))

    assert kept.image.missing_lines == (3,)
    assert kept.image.suspect


def test_forget(archive: Archive, tmp_path: Path) -> None:
    """A node's images go with it, and the file in the end."""
    add(archive)
    archive.add(Addition("cellar", Kept(image(), None, None, None), MUCH, START))

    archive.forget("garage")
    assert archive.times("garage") == {}
    assert len(archive.times("cellar")) == 1

    archive.remove()
    archive.remove()
    assert list(tmp_path.glob("*.db*")) == []


def test_killed(archive: Archive, tmp_path: Path) -> None:
    """Killed in the middle of writing, the file has every image that was kept."""
    script = (
        "from tests.battery_thermal.test_archive import *\n"
        f"archive = Archive(Path({str(tmp_path / 'archive.db')!r}))\n"
        "for number in range(10_000):\n"
        "    add(archive, number)\n"
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        while (line := process.stdout.readline()) and int(line) < 20:
            pass
        process.kill()
        rest = process.stdout.read().splitlines()
    last = int(rest[-1]) if rest else int(line)

    times = list(archive.times("garage"))

    # It may have been killed between writing an image and saying so.
    assert len(times) in (last + 1, last + 2)
    found = archive.between("garage", START, START + timedelta(days=365))
    for number, kept in enumerate(found):
        assert kept.image.as_dict() == image(number).as_dict()


def test_total_of_the_first_version(archive: Archive, tmp_path: Path) -> None:
    """A file that does not know yet how much there is of a node learns it."""
    noise = np.random.default_rng(1).integers(-400, 3000, (1000, 150), np.int16)
    much = {"values": noise, "present": np.ones(noise.shape, bool)}
    for number in range(6):
        add(archive, number, **much)
    with sqlite3.connect(tmp_path / "archive.db") as database:
        for what in ("added", "changed", "dropped"):
            database.execute(f"DROP TRIGGER image_{what}")
        database.execute("DROP TABLE total")
        database.execute("PRAGMA user_version = 1")
    database.close()

    # The same once more with more lines, which is not there twice.
    for _ in range(2):
        add(archive, 6, Bounds(days=2, megabytes=1), missing_lines=(), **much)
        add(archive, 6, Bounds(days=2, megabytes=1), missing_lines=(3, 4), **much)

    assert list(archive.times("garage")) == [
        START + timedelta(minutes=number) for number in (6, 5, 4)
    ]


def test_migration(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of an earlier release is brought up to date, and keeps its images."""
    add(archive)
    later = "ALTER TABLE image ADD COLUMN note TEXT;\nUPDATE image SET fan = 0"
    monkeypatch.setattr(module, "MIGRATIONS", (*module.MIGRATIONS, later))

    kept = archive.newest("garage", START)
    assert kept is not None
    assert kept.fan is False
    assert len(archive.times("garage")) == 1

    monkeypatch.undo()
    with pytest.raises(ArchiveError, match="version 3"):
        archive.times("garage")


def test_migration_that_fails(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It changes nothing."""
    add(archive)
    bad = "UPDATE image SET fan = 0;\nNONSENSE"
    monkeypatch.setattr(module, "MIGRATIONS", (*module.MIGRATIONS, bad))
    with pytest.raises(ArchiveError):
        archive.times("garage")

    monkeypatch.undo()
    kept = archive.newest("garage", START)
    assert kept is not None
    assert kept.fan is True


def test_not_an_archive(archive: Archive, tmp_path: Path) -> None:
    """Something else in its place is an error, and is left alone."""
    path = tmp_path / "archive.db"
    path.write_bytes(b"holiday pictures" * 100)

    with pytest.raises(ArchiveError):
        add(archive)

    assert path.read_bytes() == b"holiday pictures" * 100
