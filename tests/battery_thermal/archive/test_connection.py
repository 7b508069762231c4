"""Tests of connections to the archive on a disk that is locked, read-only or full, and of removed files."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
import os
from pathlib import Path
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from tempfile import mkdtemp
from time import monotonic

import pytest

from custom_components.battery_thermal.archive import (
    Archive,
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveError,
    connection,
    errors,
)

from .locks import locked
from .test_database import START, add

DAY = timedelta(days=1)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder read-only, also for the administrator."""
    user = os.geteuid()
    files = [folder, *folder.iterdir()]
    for file in files:
        file.chmod(file.stat().st_mode & 0o555 | 0o444)
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        for file in files:
            file.chmod(file.stat().st_mode | 0o600)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that any user may read."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def archive(folder: Path) -> Archive:
    """Return an archive with three images."""
    archive = Archive(folder / "archive.db")
    for number in range(3):
        add(archive, number)
    return archive


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a tenth of a second for a lock."""
    monkeypatch.setattr(connection, "_READ_PATIENCE", 0.1)
    monkeypatch.setattr(connection, "_WRITE_PATIENCE", 0.1)


def fill(archive: Archive) -> None:
    """Store images until that fails."""
    for number in range(3, 200):
        add(archive, number)


def crash(path: Path) -> None:
    """Let a process change an image and end without closing the file."""
    script = (
        "import os, sqlite3, sys\n"
        "database = sqlite3.connect(sys.argv[1], autocommit=True)\n"
        "database.execute('UPDATE image SET fan = 0')\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)


def test_read_only(archive: Archive, folder: Path) -> None:
    """Everything can be read; writing raises an error."""
    with read_only(folder):
        assert len(archive.images_between("garage", START, START + DAY)) == 3
        with pytest.raises(ArchiveError):
            add(archive, 3)
    add(archive, 3)
    assert len(archive.times("garage")) == 4


@pytest.mark.parametrize("memory", [True, False])
def test_read_only_after_a_crash(archive: Archive, folder: Path, memory: bool) -> None:
    """The file is read, and its write-ahead log too if possible."""
    crash(folder / "archive.db")
    if not memory:
        (folder / "archive.db-shm").unlink()
    with read_only(folder):
        found = archive.images_between("garage", START, START + DAY)
        assert [archived.fan for archived in found] == [not memory] * 3
    newest = archive.newest("garage", START + DAY)
    assert newest
    assert newest.fan is False


def test_reading_writes_nothing(archive: Archive, folder: Path) -> None:
    """Reading changes no file of an earlier release, and creates none."""
    path = folder / "archive.db"
    path.unlink()
    assert archive.times("garage") == {}
    assert archive.nodes() == set()
    assert not path.exists()
    path.touch()
    assert archive.times("garage") == {}
    assert path.stat().st_size == 0
    shutil.rmtree(folder)
    assert archive.times("garage") == {}
    folder.mkdir()


@pytest.mark.usefixtures("impatient")
def test_locked(archive: Archive, folder: Path) -> None:
    """Reads and writes wait for a moment, then raise ArchiveBusyError."""
    with locked(folder / "archive.db"):
        for job in (lambda: archive.times("garage"), lambda: add(archive, 3)):
            begun = monotonic()
            with pytest.raises(ArchiveBusyError, match="locked"):
                job()
            assert monotonic() - begun < 5
        with pytest.raises(ArchiveBusyError):
            archive.recover(START)
    add(archive, 3)
    assert len(archive.times("garage")) == 4


def test_full(archive: Archive, folder: Path) -> None:
    """Existing images are kept, and images can be stored when there is room again."""
    path = folder / "archive.db"
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, unlimited[1]))
        with pytest.raises(ArchiveError):
            fill(archive)
        assert len(archive.images_between("garage", START, START + DAY)) >= 3
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        signal.signal(signal.SIGXFSZ, handler)
    for number in range(100, 103):
        add(archive, number)
    assert len(archive.times("garage")) >= 6
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_kinds_of_errors(folder: Path) -> None:
    """Removed files and errors of the system raise ArchiveError too."""
    path = folder / "gone"
    for error, kind in (
        (MemoryError(), ArchiveError),
        (OSError("gone"), ArchiveError),
        (OverflowError(), ArchiveDamagedError),
        (sqlite3.OperationalError("not UTF-8"), ArchiveDamagedError),
    ):
        with pytest.raises(ArchiveError) as raised, errors.archive_errors(path):
            raise error
        assert type(raised.value) is kind
    # A read-only database whose file was removed.
    error = sqlite3.OperationalError("read-only")
    error.sqlite_errorcode = sqlite3.SQLITE_READONLY
    with pytest.raises(ArchiveError) as raised, errors.archive_errors(path):
        raise error
    assert type(raised.value) is ArchiveError


def test_names_of_what_is_set_aside(archive: Archive, folder: Path) -> None:
    """No file that was set aside is overwritten, and its log is moved with it."""
    path = folder / "archive.db"
    names = []
    for number in range(3):
        add(archive, number)
        crash(path)
        names.append(archive.set_aside(START).name)
    assert names == [
        f"archive.db.damaged-20260301120000{end}" for end in ("", "-2", "-3")
    ]
    for name in names:
        assert (folder / f"{name}-wal").stat().st_size > 0
        with closing(sqlite3.connect(folder / name)) as database:
            assert database.execute("SELECT max(fan) FROM image").fetchone() == (0,)
    assert archive.times("garage") == {}


def test_set_aside_fails(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it fails, all files stay where they were."""
    path = folder / "archive.db"
    crash(path)
    before = sorted(file.name for file in folder.iterdir())
    replace = Path.replace

    def refuse(source: Path, target: Path) -> Path:
        if source == path:
            raise PermissionError("not permitted")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ArchiveError, match="not permitted"):
        archive.set_aside(START)
    assert sorted(file.name for file in folder.iterdir()) == before


def test_cannot_be_removed(archive: Archive, folder: Path) -> None:
    """A failed removal raises ArchiveError."""
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "archive.db").mkdir()
    with pytest.raises(ArchiveError):
        archive.remove()
