"""Connections to the archive's file, for writing and for reading."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from os import SEEK_END
from pathlib import Path
import sqlite3
from stat import S_ISREG
from struct import Struct
from time import monotonic
from typing import Final

from .errors import ArchiveDamagedError, ArchiveError, archive_errors
from .schema import empty, limit_lengths, migrate, version

# Seconds that a write waits for another connection: it is repeated later anyway.
_WRITE_PATIENCE: Final = 5.0

# Seconds that a read waits for another connection: a user waits for the answer.
_READ_PATIENCE: Final = 1.0

# A transaction is on the disk when it has ended: no image is lost if the power fails.
_SYNCHRONOUS: Final = "FULL"

# Seconds after which a read is ended, and the steps of SQLite's virtual machine between
# two checks of that: a few milliseconds.
_LONGEST_READ: Final = 30.0
_STEPS: Final = 100_000

# How a file is opened for reading: as one that is written to meanwhile, and if that fails,
# as one that is not. A file with a write-ahead log needs another file
# beside it, for the locks; on a read-only or full disk it cannot be made. The log itself
# is not read then: it only is there if the last write was interrupted.
_WAYS: Final = ("mode=ro", "mode=ro&immutable=1")

# The bytes of a page and the number of pages, in the header of a file
# (https://sqlite.org/fileformat2.html#the_database_header).
_HEADER: Final = Struct(">16xH10xI")

# Errors of SQLite if it cannot create the file for the locks.
_NO_LOCKS: Final = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
)


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file for one transaction, and migrate it.

    The file is created if it is missing. With a write-ahead log and full synchronisation
    the transaction is atomic, even if the power fails. Raises ArchiveError.
    """
    with archive_errors(path):
        if _exists(path):
            _check_size(path)
        with closing(
            sqlite3.connect(path, timeout=_WRITE_PATIENCE, autocommit=True)
        ) as database:
            _prepared(database)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute(f"PRAGMA synchronous = {_SYNCHRONOUS}")
            database.execute("BEGIN IMMEDIATE")
            migrate(database)
            yield database
            database.execute("COMMIT")


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file for reading its present state.

    A missing file is an archive without images. A file of an earlier release is read as
    it is, so columns of later versions may be missing. Raises ArchiveError.
    """
    with archive_errors(path), closing(_open_for_reading(path)) as database:
        yield database


def check_file(path: Path) -> None:
    """Raise ArchiveDamagedError if a file is damaged. It takes a second for 100 MB."""
    with writing(path) as database:
        (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise ValueError(found)


def _open_for_reading(path: Path) -> sqlite3.Connection:
    if not _exists(path):
        return _prepared(empty())
    *others, last = _WAYS
    for way in others:
        try:
            return _opened(path, way)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _NO_LOCKS:
                raise
    return _opened(path, last)


def _opened(path: Path, way: str) -> sqlite3.Connection:
    """Return a connection with an open read transaction."""
    uri = f"{path.absolute().as_uri()}?{way}"
    database = sqlite3.connect(uri, uri=True, timeout=_READ_PATIENCE, autocommit=True)
    try:
        _prepared(database)
        end = monotonic() + _LONGEST_READ
        database.set_progress_handler(lambda: monotonic() > end, _STEPS)
        database.execute("BEGIN")
        if version(database):
            return database
    except BaseException:
        database.close()
        raise
    database.close()
    return _prepared(empty())


def _prepared(database: sqlite3.Connection) -> sqlite3.Connection:
    database.row_factory = sqlite3.Row
    limit_lengths(database)
    return database


def _exists(path: Path) -> bool:
    """Return whether there is a file; raise ArchiveError if something else is there."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError, NotADirectoryError:
        return False
    # Opening a pipe would wait for ever.
    if not S_ISREG(mode):
        raise ArchiveError(f"{path} is not a file")
    return True


def _check_size(path: Path) -> None:
    """Raise ArchiveDamagedError if a file is shorter than it says, or ends in a page.

    SQLite does not look at that before it writes. With a write-ahead log the file may be
    shorter until the log has been copied into it.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER.size)
        size = file.seek(0, SEEK_END)
    log = path.resolve().with_name(f"{path.resolve().name}-wal")
    if len(header) < _HEADER.size or (log.exists() and log.stat().st_size):
        return
    page, pages = _HEADER.unpack(header)
    # A page of 65,536 bytes is written as one of 1 byte.
    page = 65_536 if page == 1 else page
    if page and (size % page or size < page * pages):
        raise ArchiveDamagedError("the file is shorter than it was")
