"""Tests of the database of images."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
import sqlite3
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from custom_components.battery_thermal.archive import (
    Addition,
    Archive,
    ArchiveDamagedError,
    ArchiveError,
    ArchiveNewerError,
    Bounds,
    database,
    schema,
)
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage

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
    """Store an image at the day on which it was taken."""
    archived = ArchivedImage(
        image(number, **changes), ambient=21, fan=True, threshold=None
    )
    archive.store_images(
        Addition("garage", archived, bounds, archived.image.updated_at)
    )


def rewrite_as_version(path: Path, version: int) -> None:
    """Write a file anew, with its images, as a release with an earlier schema had it."""
    earlier = path.with_name("earlier.db")
    with closing(sqlite3.connect(earlier, autocommit=True)) as database:
        schema.create(database, version)
        columns = ", ".join(
            row[1] for row in database.execute("PRAGMA table_info(image)")
        )
        database.execute("ATTACH ? AS later", (str(path),))
        database.execute(
            f"INSERT INTO image ({columns}) SELECT {columns} FROM later.image"  # noqa: S608
        )
    earlier.replace(path)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an archive without a file yet."""
    return Archive(tmp_path / "archive.db")


def test_stored_exactly(archive: Archive) -> None:
    """Values are returned exactly as stored; missing pixels stay missing."""
    add(archive)

    (archived,) = archive.images_between("garage", START, START + timedelta(days=1))

    assert (archived.ambient, archived.fan, archived.threshold) == (21, True, None)
    before, after = image().as_dict(), archived.image.as_dict()
    assert before == after
    assert not archived.image.present[:, 3].any()


def test_unknown_circumstances(archive: Archive) -> None:
    """Circumstances that were unknown when an image ended stay unknown."""
    quiet = image(node_minimum=None, node_maximum=None)
    archive.store_images(
        Addition("garage", ArchivedImage(quiet, None, None, -5), MUCH, START)
    )

    archived = archive.newest("garage", START)

    assert archived is not None
    assert (archived.ambient, archived.fan, archived.threshold) == (None, None, -5)
    assert archived.image.node_maximum is None


def test_finding(archive: Archive) -> None:
    """Images are found by node, time and mode."""
    for number in range(5):
        add(archive, number, mode=Mode.FAST if number == 2 else Mode.SLOW)
    minute = timedelta(minutes=1)
    end = START + 4 * minute

    found = archive.images_between("garage", START + minute, end)
    assert [archived.image.started_at for archived in found] == [
        START + number * minute for number in (1, 2, 3)
    ]
    (fast,) = archive.images_between("garage", START, end, Mode.FAST)
    assert fast.image.started_at == START + 2 * minute
    assert archive.images_between("cellar", START, end) == []

    newest = archive.newest("garage", START + 2.5 * minute)
    assert newest is not None
    assert newest.image.started_at == START + 2 * minute
    assert archive.newest("garage", START - minute) is None
    assert list(archive.times("garage")) == [
        START + n * minute for n in (4, 3, 2, 1, 0)
    ]


def test_page_by_page(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """All images are found once each, however many there are."""
    monkeypatch.setattr(database, "_PAGE", 2)
    for number in range(5):
        add(archive, number)
    minute = timedelta(minutes=1)

    for count in range(6):
        found = archive.images_between("garage", START, START + count * minute)
        assert [archived.image.started_at for archived in found] == [
            START + number * minute for number in range(count)
        ]


def test_days(archive: Archive) -> None:
    """Images that are too old are deleted, of this node only."""
    archive.store_images(
        Addition("cellar", ArchivedImage(image(), None, None, None), MUCH, START)
    )
    for number in (0, 1, 3 * 24 * 60):
        add(archive, number, Bounds(days=2, megabytes=1))

    assert len(archive.times("garage")) == 1
    assert len(archive.times("cellar")) == 1


def test_megabytes(archive: Archive) -> None:
    """Beyond the size limit the oldest images are deleted first."""
    noise = np.random.default_rng(1).integers(-400, 3000, (1000, 150), np.int16)
    much: dict[str, Any] = {"values": noise, "present": np.ones(noise.shape, bool)}
    for number in range(6):
        add(archive, number, Bounds(days=2, megabytes=1), **much)

    times = list(archive.times("garage"))
    assert times == [START + timedelta(minutes=number) for number in (5, 4, 3)]


def test_image_that_ends_twice(archive: Archive) -> None:
    """The version with more lines is kept, whichever was stored first."""
    add(archive, missing_lines=(1, 2, 3), suspect=False)
    add(archive, missing_lines=(3,), suspect=True)
    add(archive, missing_lines=(1, 2, 3), suspect=False)

    (archived,) = archive.images_between("garage", START, START + timedelta(days=1))

    assert archived.image.missing_lines == (3,)
    assert archived.image.suspect


def test_image_that_ends_again_with_fewer_lines(archive: Archive) -> None:
    """An image with fewer lines does not replace one that has other values."""
    values = np.random.default_rng(1).integers(200, 300, (32, 24))
    add(archive, missing_lines=(3,), values=values)
    add(archive, missing_lines=(1, 2, 3))

    (archived,) = archive.images_between("garage", START, START + timedelta(days=1))

    assert archived.image.missing_lines == (3,)
    present = archived.image.present
    np.testing.assert_array_equal(archived.image.values[present], values[present])


def test_forget(archive: Archive, tmp_path: Path) -> None:
    """The images of a removed node are deleted, and finally the file."""
    add(archive)
    archive.store_images(
        Addition("cellar", ArchivedImage(image(), None, None, None), MUCH, START)
    )

    archive.delete_images("garage")
    assert archive.times("garage") == {}
    assert len(archive.times("cellar")) == 1

    archive.remove()
    archive.remove()
    assert list(tmp_path.glob("*.db*")) == []


def test_killed(archive: Archive, tmp_path: Path) -> None:
    """A process that is killed while writing leaves every image that it reported as stored."""
    script = (
        "from tests.battery_thermal.archive.test_database import *\n"
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

    # It may have been killed between storing an image and reporting it.
    assert len(times) in (last + 1, last + 2)
    found = archive.images_between("garage", START, START + timedelta(days=365))
    for number, archived in enumerate(found):
        assert archived.image.as_dict() == image(number).as_dict()


def test_total_of_the_first_version(archive: Archive, tmp_path: Path) -> None:
    """The sizes of nodes are computed for a file that has none."""
    noise = np.random.default_rng(1).integers(-400, 3000, (1000, 150), np.int16)
    much: dict[str, Any] = {"values": noise, "present": np.ones(noise.shape, bool)}
    for number in range(6):
        add(archive, number, **much)
    rewrite_as_version(tmp_path / "archive.db", 1)

    # The same image with more lines replaces the first one.
    for _ in range(2):
        add(archive, 6, Bounds(days=2, megabytes=1), missing_lines=(), **much)
        add(archive, 6, Bounds(days=2, megabytes=1), missing_lines=(3, 4), **much)

    assert list(archive.times("garage")) == [
        START + timedelta(minutes=number) for number in (6, 5, 4)
    ]


def test_file_without_bounds(archive: Archive, tmp_path: Path) -> None:
    """Images of an earlier release are exact, before and after the migration."""
    add(archive)
    rewrite_as_version(tmp_path / "archive.db", 2)
    archived = archive.newest("garage", START)
    assert archived is not None and archived.image.bound is None
    add(archive, 1, bound=2)
    bounds = [
        archived.image.bound
        for archived in archive.images_between("garage", START, START + timedelta(1))
    ]
    assert bounds == [None, 2]


def test_migration(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of an earlier release is migrated and keeps its images."""
    add(archive)
    later = "ALTER TABLE image ADD COLUMN note TEXT;\nUPDATE image SET fan = 0"
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, later))

    # Reading does not migrate; storing the next image does.
    archived = archive.newest("garage", START)
    assert archived is not None
    assert archived.fan is True
    add(archive, 1)
    archived = archive.newest("garage", START)
    assert archived is not None
    assert archived.fan is False
    assert len(archive.times("garage")) == 2

    monkeypatch.undo()
    with pytest.raises(
        ArchiveNewerError, match=f"version {len(schema.MIGRATIONS) + 1}"
    ):
        archive.times("garage")
    with pytest.raises(
        ArchiveNewerError, match=f"version {len(schema.MIGRATIONS) + 1}"
    ):
        add(archive, 2)


def test_migration_that_fails(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It changes nothing."""
    add(archive)
    bad = "UPDATE image SET fan = 0;\nNONSENSE"
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, bad))
    with pytest.raises(ArchiveError):
        add(archive, 1)

    monkeypatch.undo()
    archived = archive.newest("garage", START)
    assert archived is not None
    assert archived.fan is True


def test_not_an_archive(archive: Archive, tmp_path: Path) -> None:
    """Another file in its place raises an error and is not changed."""
    path = tmp_path / "archive.db"
    path.write_bytes(b"holiday pictures" * 100)

    with pytest.raises(ArchiveError):
        add(archive)

    assert path.read_bytes() == b"holiday pictures" * 100


def test_index_that_is_not_in_order() -> None:
    """A search of a damaged file ends when it does not advance."""
    assert database.later_begin(5, 5) == 6
    assert database.earlier_end(5, 4) == 4
    with pytest.raises(ArchiveDamagedError):
        database.later_begin(5, 4)
    with pytest.raises(ArchiveDamagedError):
        database.earlier_end(5, 5)
