"""Tests of the archive's errors: what each failure means to the caller."""

from pathlib import Path
import sqlite3

import pytest

from custom_components.battery_thermal.archive.errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveError,
    archive_errors,
)


def failed(code: int | None) -> sqlite3.Error:
    """Return an error of SQLite; None: one of Python's module, without a code."""
    error = sqlite3.OperationalError("reason")
    if code is not None:
        error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (failed(sqlite3.SQLITE_BUSY), ArchiveBusyError),
        (failed(sqlite3.SQLITE_BUSY_SNAPSHOT), ArchiveBusyError),
        (failed(sqlite3.SQLITE_INTERRUPT), ArchiveBusyError),
        (failed(sqlite3.SQLITE_CORRUPT), ArchiveDamagedError),
        (failed(sqlite3.SQLITE_NOTADB), ArchiveDamagedError),
        (failed(None), ArchiveDamagedError),
        (failed(sqlite3.SQLITE_FULL), ArchiveError),
        (failed(sqlite3.SQLITE_IOERR_READ), ArchiveError),
        (OSError("no disk"), ArchiveError),
        (MemoryError(), ArchiveError),
        (OverflowError("too large"), ArchiveDamagedError),
        (KeyError("matrix"), ArchiveDamagedError),
        (ValueError("not ok"), ArchiveDamagedError),
    ],
)
def test_kind(tmp_path: Path, error: Exception, kind: type[ArchiveError]) -> None:
    """Each error has a kind, and a reason that is not empty."""
    with pytest.raises(ArchiveError) as raised, archive_errors(tmp_path / "archive.db"):
        raise error
    assert type(raised.value) is kind
    assert str(raised.value)


@pytest.mark.parametrize(
    ("versions", "kind"),
    [
        (b"\1\1", ArchiveError),
        (b"\2\2", ArchiveError),
        (b"\2\3", ArchiveDamagedError),
        (None, ArchiveError),
    ],
)
def test_read_only(
    tmp_path: Path, versions: bytes | None, kind: type[ArchiveError]
) -> None:
    """A file that SQLite takes for a read-only one may have a damaged header."""
    path = tmp_path / "archive.db"
    if versions:
        path.write_bytes(bytes(18) + versions)
    with pytest.raises(ArchiveError) as raised, archive_errors(path):
        raise failed(sqlite3.SQLITE_READONLY)
    assert type(raised.value) is kind
