"""The tables of the archive's file, and the migration of earlier ones.

The version of the schema is kept in the file, as `PRAGMA user_version`.
"""

from contextlib import closing
from functools import lru_cache
import sqlite3
from typing import Final

from .errors import ArchiveDamagedError, ArchiveNewerError

# Statements that migrate a file from a version (the index) to the next one.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE image (
        node TEXT NOT NULL,
        started_at INTEGER NOT NULL, -- ms since 1970, as all times
        updated_at INTEGER NOT NULL,
        mode TEXT NOT NULL,
        height INTEGER NOT NULL,
        width INTEGER NOT NULL,
        matrix BLOB NOT NULL, -- tenths of a °C, int16 little endian, zlib
        lines_expected INTEGER NOT NULL,
        lines_received INTEGER NOT NULL,
        missing_lines TEXT NOT NULL, -- JSON
        node_minimum INTEGER, -- tenths of a °C
        node_maximum INTEGER,
        suspect INTEGER NOT NULL,
        ambient INTEGER, -- °C
        fan INTEGER,
        threshold INTEGER, -- °C
        PRIMARY KEY (node, started_at)
    );
    """,
    # Size of each node's images, so that it is not added up for each new image.
    """
    CREATE TABLE total (
        node TEXT PRIMARY KEY,
        bytes INTEGER NOT NULL -- of the matrices
    );
    INSERT INTO total SELECT node, sum(length(matrix)) FROM image GROUP BY node;
    CREATE TRIGGER image_added AFTER INSERT ON image BEGIN
        INSERT INTO total VALUES (new.node, length(new.matrix))
        ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes; END;
    CREATE TRIGGER image_changed AFTER UPDATE OF matrix ON image BEGIN
        UPDATE total SET bytes = bytes + length(new.matrix) - length(old.matrix)
        WHERE node = new.node; END;
    CREATE TRIGGER image_dropped AFTER DELETE ON image BEGIN
        UPDATE total SET bytes = bytes - length(old.matrix)
        WHERE node = old.node; END;
    """,
    # Tenths of a K within which the pixels are known; NULL: they are the node's own.
    """
    ALTER TABLE image ADD COLUMN bound INTEGER;
    """,
    # The alarm log. Images of alarms are kept beyond the bounds, and are not in the total.
    """
    CREATE TABLE alarm (
        node TEXT NOT NULL,
        alarm_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        level TEXT NOT NULL,
        since INTEGER NOT NULL,
        area TEXT,
        certain INTEGER NOT NULL,
        peak REAL, -- °C, K or K/min
        peak_at INTEGER,
        over_range INTEGER NOT NULL,
        ended_at INTEGER,
        begin_image INTEGER, -- when the image was started, as the next two
        peak_image INTEGER,
        end_image INTEGER,
        acknowledged_at INTEGER,
        acknowledged_by TEXT,
        acknowledged_level TEXT,
        note TEXT,
        revision INTEGER NOT NULL,
        PRIMARY KEY (node, alarm_id)
    );
    CREATE INDEX alarm_since ON alarm (node, since);
    ALTER TABLE image ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
    DROP TRIGGER image_changed;
    DROP TRIGGER image_dropped;
    CREATE TRIGGER image_changed AFTER UPDATE OF matrix, kept ON image BEGIN
        UPDATE total SET bytes = bytes
            + CASE new.kept WHEN 0 THEN length(new.matrix) ELSE 0 END
            - CASE old.kept WHEN 0 THEN length(old.matrix) ELSE 0 END
        WHERE node = new.node; END;
    CREATE TRIGGER image_dropped AFTER DELETE ON image WHEN old.kept = 0 BEGIN
        UPDATE total SET bytes = bytes - length(old.matrix)
        WHERE node = old.node; END;
    """,
    # Values of areas over time, so that a curve need not unpack every image.
    """
    CREATE TABLE curve (
        node TEXT NOT NULL,
        period INTEGER NOT NULL, -- quarters of a day since 1970
        terms TEXT NOT NULL, -- what the values depend on
        data BLOB NOT NULL, -- number of images, their times, values of each area
        PRIMARY KEY (node, period)
    ) WITHOUT ROWID;
    """,
    # The settings and limits in force, whenever they have changed.
    """
    CREATE TABLE setting (
        node TEXT NOT NULL,
        since INTEGER NOT NULL,
        settings TEXT NOT NULL, -- JSON
        PRIMARY KEY (node, since)
    ) WITHOUT ROWID;
    """,
    # What identifies the area of an alarm, also after it was renamed.
    """
    ALTER TABLE alarm ADD COLUMN area_key TEXT;
    """,
)

# Bytes of the longest value that is read or written. A packed image has 1.5 kB.
_LONGEST: Final = 1_000_000


def limit_lengths(database: sqlite3.Connection) -> None:
    """Limit the memory of damaged values, and accept damaged text.

    Text that is not UTF-8 is read with replacement characters: it makes its own row a
    damaged one, and not the rows around it.
    """
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    database.text_factory = lambda data: data.decode(errors="replace")


def version(database: sqlite3.Connection) -> int:
    """Return the version of a file's schema; 0 for one that is empty.

    Raises ArchiveNewerError, and ArchiveDamagedError if the file is not an archive.
    """
    found: int = database.execute("PRAGMA user_version").fetchone()[0]
    if found > len(MIGRATIONS):
        raise ArchiveNewerError(f"version {found}")
    objects = _objects(database)
    # Others may have added an index or statistics of their own.
    foreign = _reference(found) - objects if found > 0 else objects
    if found < 0 or foreign:
        raise ArchiveDamagedError("the file is not an archive of images")
    return found


def migrate(database: sqlite3.Connection) -> None:
    """Migrate a file to the newest version, inside a transaction. Raises as `version`."""
    if (found := version(database)) < len(MIGRATIONS):
        _run(database, found, len(MIGRATIONS))


def create(database: sqlite3.Connection, version: int = len(MIGRATIONS)) -> None:
    """Create the tables and triggers of a version in an empty file."""
    _run(database, 0, version)


def empty() -> sqlite3.Connection:
    """Return a connection to an archive in memory that has no images."""
    database = sqlite3.connect(":memory:", autocommit=True)
    create(database)
    return database


def _run(database: sqlite3.Connection, begin: int, end: int) -> None:
    for script in MIGRATIONS[begin:end]:
        # Not `executescript`, which would end the transaction first.
        for statement in script.split(";\n"):
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {end}")


type _Object = tuple[str, str, str, str]


def _objects(database: sqlite3.Connection) -> frozenset[_Object]:
    """Return the tables and triggers of a file: kind, name, table and SQL text."""
    rows = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return frozenset(tuple(row) for row in rows)


def _reference(version: int) -> frozenset[_Object]:
    """Return the tables and triggers that a version of the schema has."""
    return _reference_of(MIGRATIONS[:version])


@lru_cache(maxsize=8)
def _reference_of(scripts: tuple[str, ...]) -> frozenset[_Object]:
    with closing(sqlite3.connect(":memory:", autocommit=True)) as database:
        create(database, len(scripts))
        return _objects(database)
