"""Errors of the archive, by what they mean to the caller."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import sqlite3
from typing import ClassVar, Final


class ArchiveError(Exception):
    """The archive failed; the message is the technical reason.

    `key` names the text in the `exceptions` section of the translations; that text has
    the placeholder `error`, the technical reason.
    """

    key: ClassVar[str] = "archive_failed"


class ArchiveDamagedError(ArchiveError):
    """The file is not an archive, or not one that can be used any more."""


class ArchiveNewerError(ArchiveError):
    """The file was written by a later release of the integration."""

    key = "archive_newer"


class ArchiveBusyError(ArchiveError):
    """The file is locked by another program, or the disk does not answer in time."""

    key = "archive_busy"


class ArchiveStoppingError(ArchiveError):
    """Home Assistant is stopping."""

    key = "archive_stopping"


# Result codes of SQLite (https://sqlite.org/rescode.html) that say that another
# connection holds a lock, or that a statement ran out of time.
_BUSY: Final = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_INTERRUPT,
)

# Result codes that say that the file is damaged. All statements of the archive are
# valid for its own schema, so a statement that SQLite refuses as wrong (ERROR), or as
# against a constraint, says that the schema is another one.
_DAMAGED: Final = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_SCHEMA,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
)

# Where the header of a database says by which version of the format it may be written
# and read: 1 with a rollback journal, 2 with a write-ahead log
# (https://sqlite.org/fileformat2.html#file_format_version_numbers). SQLite takes a
# file with another number there for a read-only one.
_FORMAT_VERSIONS: Final = slice(18, 20)


@contextmanager
def archive_errors(path: Path) -> Iterator[None]:
    """Raise errors of the block as ArchiveError; `path` is the archive's file."""
    try:
        yield
    except sqlite3.Error as error:
        raise _kind(error, path)(str(error)) from error
    except (OSError, MemoryError) as error:
        raise ArchiveError(str(error) or type(error).__name__) from error
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise ArchiveDamagedError(str(error)) from error


def _kind(error: sqlite3.Error, path: Path) -> type[ArchiveError]:
    """Return which kind of error one of SQLite is."""
    # An extended code has the plain one in its lowest byte. Errors of Python's own module
    # have none: text that is not UTF-8, for example.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_FORMAT) & 0xFF
    if code in _BUSY:
        return ArchiveBusyError
    if code in _DAMAGED or (
        code == sqlite3.SQLITE_READONLY and _has_wrong_version(path)
    ):
        return ArchiveDamagedError
    return ArchiveError


def _has_wrong_version(path: Path) -> bool:
    """Return whether the header of a file has a format version that does not exist."""
    try:
        with path.open("rb") as file:
            versions = file.read(_FORMAT_VERSIONS.stop)[_FORMAT_VERSIONS]
    except OSError:
        return False
    return not set(versions) <= {1, 2}
