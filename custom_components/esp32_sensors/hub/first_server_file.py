"""Reading of the database file of the first server.

The file comes from outside. It is opened read-only; the only statements that SQLite may
run on it are reads of tables that are named here, and each step has a limit.
"""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
import sqlite3
from time import monotonic
from typing import Final

from ..core.first_server import (
    BOARD_COLUMNS,
    BOARDS_TABLE,
    VALUE_COLUMNS,
    VALUES_TABLES,
    Cell,
    OldBoard,
    parse_board,
    parse_reading,
)
from ..core.readings import READINGS_KEPT, Reading, newest

#: Largest file, in bytes. Home Assistant accepts uploads of the same size. A board that
#: reports light every 2 s adds about 2 MB a day.
MOST_BYTES: Final = 100 * 1024 * 1024

#: Largest number of boards in a file.
MOST_ROWS: Final = 5000

#: Seconds after which reading is given up. 77 MB (2.5 million values) took 4 s.
MOST_SECONDS: Final = 60.0

#: Longest text in a cell or in the schema, in bytes.
_LONGEST_CELL: Final = 100_000

#: Steps of SQLite's virtual machine between two looks at the clock.
_STEPS: Final = 100_000

_HEADER: Final = b"SQLite format 3\0"

#: What SQLite may do with the file: nothing but reading, without any function.
_ALLOWED: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})

_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
_BOARDS: Final = f"SELECT {', '.join(BOARD_COLUMNS)} FROM {BOARDS_TABLE} ORDER BY id"  # noqa: S608
_VALUES: Final = {
    table: f"SELECT {', '.join(VALUE_COLUMNS)} FROM {table} ORDER BY id DESC"  # noqa: S608
    for table in VALUES_TABLES
}

_REASONS: Final = {
    # A column is missing.
    sqlite3.SQLITE_ERROR: "other_database",
    sqlite3.SQLITE_INTERRUPT: "too_big",
}


class UnusableFile(Exception):
    """Raised for a file that cannot be read.

    ``reason`` is ``not_a_database``, ``other_database``, ``damaged`` or ``too_big``.
    """

    def __init__(self, reason: str) -> None:
        """Initialize with the reason."""
        super().__init__(reason)
        self.reason = reason


def read_boards(path: Path, utc: float) -> list[OldBoard]:
    """Return the boards of a database file; to be called in the executor.

    ``utc`` is the current time, in seconds since the epoch. Rows that no board can have
    are left out. Raises ``UnusableFile``.
    """
    if path.stat().st_size > MOST_BYTES:
        raise UnusableFile("too_big")
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise UnusableFile("not_a_database")
    try:
        # Without a scheme the path could be taken for an URI with other options.
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            return _Reader(database, utc).boards()
    except sqlite3.Error as err:
        raise UnusableFile(_REASONS.get(err.sqlite_errorcode, "damaged")) from None


class _Reader:
    """Reads one open database."""

    def __init__(self, database: sqlite3.Connection, utc: float) -> None:
        """Restrict what the content of the database can do."""
        self._database = database
        self._utc = utc
        end = monotonic() + MOST_SECONDS
        database.set_progress_handler(lambda: monotonic() > end, _STEPS)
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
        database.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        database.setconfig(sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, False)
        database.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW, False)
        database.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
        database.set_authorizer(_authorize)
        # Text that is no UTF-8 is no error of the whole file.
        database.text_factory = bytes

    def boards(self) -> list[OldBoard]:
        """Return the boards."""
        tables = self._tables()
        if not {BOARDS_TABLE, *VALUES_TABLES} <= tables:
            raise UnusableFile("other_database")
        rows = self._database.execute(_BOARDS).fetchmany(MOST_ROWS + 1)
        if len(rows) > MOST_ROWS:
            raise UnusableFile("too_big")
        numbers = [row[0] for row in rows]
        readings = {table: self._readings(table, numbers) for table in VALUES_TABLES}
        boards = (
            parse_board(
                row,
                tuple(readings[table][row[0]] for table in VALUES_TABLES),
                self._utc,
            )
            for row in rows
        )
        return [board for board in boards if board is not None]

    def _tables(self) -> set[str]:
        """Return the names of the real tables: no views and no virtual tables."""
        rows = self._database.execute(_TABLES)
        return {name.decode(errors="replace") for (name,) in rows}

    def _readings(
        self, table: str, numbers: Iterable[Cell]
    ) -> dict[Cell, tuple[Reading, ...]]:
        """Return the newest readings of boards, by the ``id`` of their rows.

        The newest are those that were written last: the table has no index by board, and
        sorting it by time takes six times as long as reading it.
        """
        found: dict[Cell, list[Reading]] = {number: [] for number in numbers}
        incomplete = len(found)
        for number, date, status in self._database.execute(_VALUES[table]):
            readings = found.get(number)
            if readings is None or len(readings) == READINGS_KEPT:
                continue
            reading = parse_reading(VALUES_TABLES[table], date, status, self._utc)
            if reading is None:
                continue
            readings.append(reading)
            if len(readings) == READINGS_KEPT:
                incomplete -= 1
                if not incomplete:
                    break
        return {number: newest(readings) for number, readings in found.items()}


def _authorize(action: int, *_: str | None) -> int:
    """Allow reading only."""
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
