"""Tests of every operation on a file that is damaged in one of hundreds of ways."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
import os
from pathlib import Path
from random import Random
import shutil
import sqlite3
import tracemalloc
from typing import Any
import zlib

import numpy as np
import pytest

from custom_components.battery_thermal.archive import (
    Addition,
    Archive,
    ArchiveDamagedError,
    ArchiveError,
    ArchiveNewerError,
    Bounds,
    connection,
    queries,
)
from custom_components.battery_thermal.archive.export import write_csv, write_npz
from custom_components.battery_thermal.model.archived_image import ArchivedImage

from .archive_damage import DAMAGES
from .test_database import START, image

_IMAGES = 24
_EVER = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the undamaged file of an archive of two nodes."""
    path = tmp_path_factory.mktemp("whole") / "archive.db"
    Archive(path).store_images(
        *(
            Addition(
                ("garage", "cellar")[number % 2],
                ArchivedImage(image(number, missing_lines=(3,)), 21, True, 50),
                Bounds(365, 100),
                START,
            )
            for number in range(_IMAGES)
        )
    )
    return path


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for locks and for the disk."""
    monkeypatch.setattr(connection, "_READ_PATIENCE", 0.0)
    monkeypatch.setattr(connection, "_WRITE_PATIENCE", 0.0)
    monkeypatch.setattr(connection, "_SYNCHRONOUS", "OFF")
    monkeypatch.setattr(os, "fsync", lambda _: None)


def readings(archive: Archive, folder: Path) -> list[Callable[[], object]]:
    """Return all operations that read an archive."""

    class Images:
        def __len__(self) -> int:
            return _IMAGES

        def __iter__(self) -> Iterator[ArchivedImage]:
            return archive.iterate_images("garage", *_EVER)

    def export(write: Callable[[Path, Any], object], suffix: str) -> None:
        # Like an export, which does nothing without an image.
        if next(archive.iterate_images("garage", *_EVER), None):
            write(folder / f"images.{suffix}", Images())

    def look() -> None:
        for archived in archive.images_between("garage", *_EVER):
            assert archived.image.maximum >= archived.image.minimum
            archived.image.as_dict()

    return [
        look,
        lambda: archive.count("garage", *_EVER),
        lambda: archive.newest("garage", _EVER[1]),
        lambda: archive.newest("cellar", START + timedelta(minutes=3)),
        lambda: archive.times("garage"),
        lambda: archive.days("garage", UTC),
        lambda: archive.days("cellar", timezone(timedelta(hours=14))),
        lambda: archive.index("garage", *_EVER),
        lambda: archive.index("garage", START + timedelta(minutes=7), _EVER[1]),
        archive.nodes,
        lambda: archive.size("garage"),
        lambda: export(write_csv, "csv"),
        lambda: export(write_npz, "npz"),
    ]


def store(archive: Archive, archived: ArchivedImage, bounds: Bounds) -> None:
    """Store an image like the writer; raise ArchiveError if that fails."""
    addition = Addition("garage", archived, bounds, archived.image.updated_at)
    for renew in (archive.recover, archive.set_aside):
        try:
            assert archive.store_images(addition) == []
        except ArchiveDamagedError, ArchiveNewerError:
            renew(START)
        else:
            return
    assert archive.store_images(addition) == []


@pytest.mark.parametrize("kind", DAMAGES)
def test_damaged(whole: Path, tmp_path: Path, kind: str) -> None:
    """Operations raise no other exception than ArchiveError, and images can be stored."""
    damage, count = DAMAGES[kind]
    outcomes: Counter[str] = Counter()
    for seed in range(count):
        folder = tmp_path / str(seed)
        folder.mkdir()
        path = folder / "archive.db"
        shutil.copy(whole, path)
        damage(path, Random(f"{kind} {seed}"))
        archive = Archive(path)
        for read in readings(archive, folder):
            try:
                read()
            except ArchiveError:
                outcomes["refused"] += 1
            else:
                outcomes["read"] += 1
        new = ArchivedImage(image(100 + seed, missing_lines=()), 22, None, None)
        bounds = Bounds(365, 0 if seed % 5 == 4 else 100)
        try:
            store(archive, new, bounds)
        except ArchiveError:
            # Only something that is no file prevents storing permanently.
            assert not path.is_file()
            outcomes["not stored"] += 1
        else:
            found = archive.newest("garage", new.image.started_at)
            if bounds.megabytes:
                assert found, (kind, seed)
                assert found.image.as_dict() == new.image.as_dict(), (kind, seed)
            outcomes["stored"] += 1
        for read in readings(archive, folder):
            with suppress(ArchiveError):
                read()
        with suppress(ArchiveError):
            archive.delete_images("garage")
        shutil.rmtree(folder)
    assert outcomes["stored"] + outcomes["not stored"] == count
    assert outcomes["stored"] > count / 3


def test_enough_ways() -> None:
    """At least 400 kinds of damage are tested."""
    assert sum(count for _, count in DAMAGES.values()) >= 400


@pytest.mark.parametrize(
    "change",
    [
        "matrix = zeroblob(2000000)",
        "missing_lines = hex(zeroblob(1000000))",
        "missing_lines = '[3, 3]'",
        "missing_lines = printf('%.*c', 400, ' ')",
        "height = 24, width = 32",
        "mode = 'quick'",
        "matrix = (SELECT matrix FROM blank)",
        "matrix = (SELECT matrix FROM long)",
    ],
)
def test_one_damaged_row(tmp_path: Path, change: str) -> None:
    """A damaged row is left out; the others are returned."""
    path = tmp_path / "archive.db"
    archive = Archive(path)
    for number in range(3):
        archived = ArchivedImage(image(number), None, None, None)
        archive.store_images(Addition("garage", archived, Bounds(365, 100), START))
    with closing(sqlite3.connect(path, autocommit=True)) as database:
        database.execute("CREATE TEMP TABLE blank (matrix)")
        database.execute("CREATE TEMP TABLE long (matrix)")
        blank = np.full((32, 24), -32768, "<i2").tobytes()
        database.execute("INSERT INTO blank VALUES (?)", (zlib.compress(blank),))
        long = zlib.compress(bytes(50_000_000))
        database.execute("INSERT INTO long VALUES (?)", (long,))
        row = f"UPDATE image SET {change} WHERE rowid = "  # noqa: S608
        database.execute(f"{row} 2")
        times = [START + timedelta(minutes=number) for number in range(3)]
        tracemalloc.start()
        found = archive.images_between("garage", *_EVER)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.stop()
        assert [archived.image.started_at for archived in found] == [times[0], times[2]]
        database.execute(f"{row} 3")
    newest = archive.newest("garage", _EVER[1])
    assert newest
    assert newest.image.started_at == times[0]


def test_an_image_that_cannot_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that the file does not store correctly is detected and undone."""
    archive = Archive(tmp_path / "archive.db")
    monkeypatch.setattr(queries, "insert", lambda *_: None)
    addition = Addition(
        "garage", ArchivedImage(image(), None, None, None), Bounds(365, 100), START
    )
    with pytest.raises(ArchiveDamagedError, match="read again"):
        archive.store_images(addition)
    assert archive.nodes() == set()


def test_one_bad_image_of_many(tmp_path: Path) -> None:
    """The other images of a batch are stored, and the bad one is returned."""
    archive = Archive(tmp_path / "archive.db")
    good = image(1)
    wrong: tuple[dict[str, Any], ...] = (
        {"started_at": None},
        {"node_maximum": 2**70},
        {"missing_lines": object()},
        {"suspect": object()},
        {"values": None},
        {"node_minimum": "x" * 2_000_000},
    )
    bad = [replace(image(number), **one) for number, one in enumerate(wrong, 2)]
    additions = [
        Addition(
            "garage", ArchivedImage(one, None, None, None), Bounds(365, 100), START
        )
        for one in (*bad[:3], good, *bad[3:])
    ]
    additions.append(replace(additions[3], node="\udcff"))
    refused = archive.store_images(*additions)
    assert [one.archived.image for one in refused] == [*bad, good]
    assert list(archive.times("garage")) == [good.started_at]
