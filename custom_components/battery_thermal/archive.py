"""The archive: every image that has ended, in one SQLite file.

Images are kept as the node sent them; corrections and palettes are put on when they are
looked at. The file is opened for each access: images come minutes apart, and while it
is closed it is whole in itself, for backups too. In WAL mode with full synchronisation
a write is either there or not, even if the power fails.

Blocking: to be called in the executor.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
import json
from pathlib import Path
import sqlite3
from threading import Lock
from typing import Final
import zlib

import numpy as np

from .node.layout import Mode
from .thermal.image import ThermalImage

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EVER: Final = datetime.max.replace(tzinfo=UTC)

# Seconds that an access waits for another one to end.
_PATIENCE: Final = 30.0

# Images read in one go: half a megabyte.
_PAGE: Final = 256

# Only one sets the file aside, however many nodes have found it damaged.
_RECOVERY: Final = Lock()

# The codes of SQLite for a file that is none of its own any more.
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

# How a pixel is written that has not arrived: no temperature the node can send.
_ABSENT: Final = -32768

# What brings a file from a version (the index) to the next one. The version is kept in
# the file; see `PRAGMA user_version`.
MIGRATIONS: Final = (
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
    # How much there is of each node, so that nobody has to add it up for each image.
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
)


class ArchiveError(Exception):
    """The file cannot be read or written."""


class ArchiveDamagedError(ArchiveError):
    """The file is not what it was when it was written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An image as the node sent it, and the circumstances at its end.

    `ambient` and `threshold` are in °C, None where unknown.
    """

    image: ThermalImage
    ambient: int | None
    fan: bool | None
    threshold: int | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of one node is kept."""

    days: int
    megabytes: int


@dataclass(frozen=True, slots=True)
class Addition:
    """An image to be kept, of a node, as much of it as may be, and when that is."""

    node: str
    kept: Kept
    bounds: Bounds
    now: datetime


@dataclass(frozen=True, slots=True)
class Index:
    """When the images of a span of time were started, oldest first.

    `before` and `after`: the nearest ones outside of the span, None without any.
    """

    times: tuple[datetime, ...]
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How much of one node there is: images, bytes of their matrices, when it begins."""

    images: int
    matrix_bytes: int
    oldest: datetime | None


class Archive:
    """The images of all nodes, by the id of the node and when they were started."""

    def __init__(self, path: Path) -> None:
        """Use a file, which is made when it is first needed."""
        self._path = path

    def add(self, *additions: Addition) -> None:
        """Keep images, and drop the oldest of their nodes that are out of bounds.

        After a crash the node's record may be a little older than the archive, and an
        image end twice: the one with more lines is kept.
        """
        with self._open() as database:
            for addition in additions:
                _insert(database, addition.node, addition.kept)
            # What the newest one says of its node.
            for addition in {one.node: one for one in additions}.values():
                _keep_bounds(database, addition)

    def between(
        self, node: str, start: datetime, end: datetime, mode: Mode | None = None
    ) -> list[Kept]:
        """Return the images started from `start` on and before `end`, oldest first."""
        return list(self.each(node, start, end, mode))

    def each(
        self, node: str, start: datetime, end: datetime, mode: Mode | None = None
    ) -> Iterator[Kept]:
        """Give the same one after the other, and never hold up others for long."""
        begin, until = stamp(start), stamp(end)
        while True:
            with self._open() as database:
                rows = database.execute(
                    "SELECT * FROM image WHERE node = ? AND started_at >= ?"
                    " AND started_at < ? AND mode = coalesce(?, mode)"
                    " ORDER BY started_at LIMIT ?",
                    (node, begin, until, mode, _PAGE),
                ).fetchall()
            yield from (kept for row in rows if (kept := _kept(row)))
            if len(rows) < _PAGE:
                return
            begin = rows[-1]["started_at"] + 1

    def count(
        self, node: str, start: datetime, end: datetime, mode: Mode | None = None
    ) -> dict[Mode, int]:
        """Return how many images of which mode there are in a span."""
        with self._open() as database:
            rows = database.execute(
                "SELECT mode, count(*) AS images FROM image WHERE node = ?"
                " AND started_at >= ? AND started_at < ? AND mode = coalesce(?, mode)"
                " GROUP BY mode",
                (node, stamp(start), stamp(end), mode),
            )
            return {Mode(row["mode"]): row["images"] for row in rows}

    def newest(self, node: str, until: datetime) -> Kept | None:
        """Return the newest image that was started until then."""
        with self._open() as database:
            row = database.execute(
                "SELECT * FROM image WHERE node = ? AND started_at <= ?"
                " ORDER BY started_at DESC LIMIT 1",
                (node, stamp(until)),
            ).fetchone()
        return row and _kept(row)

    def times(
        self, node: str, start: datetime = _EPOCH, end: datetime = _EVER
    ) -> dict[datetime, Mode]:
        """Return when images of a span were started, newest first, and in which mode."""
        with self._open() as database:
            rows = database.execute(
                "SELECT started_at, mode FROM image WHERE node = ?"
                " AND started_at >= ? AND started_at < ? ORDER BY started_at DESC",
                (node, stamp(start), stamp(end)),
            )
            return {_time(row["started_at"]): Mode(row["mode"]) for row in rows}

    def days(self, node: str, zone: tzinfo) -> list[date]:
        """Return on which days, as people there count them, there are images.

        The newest comes first. It takes one look for each, however many images there are.
        """
        days: list[date] = []
        begin = _EVER
        with self._open() as database:
            while True:
                (newest,) = database.execute(
                    "SELECT max(started_at) FROM image"
                    " WHERE node = ? AND started_at < ?",
                    (node, stamp(begin)),
                ).fetchone()
                if newest is None:
                    return days
                day = _time(newest).astimezone(zone).date()
                days.append(day)
                begin = datetime.combine(day, time.min, zone)

    def index(self, node: str, start: datetime, end: datetime) -> Index:
        """Return which images were started from `start` on and before `end`."""
        span = {"node": node, "start": stamp(start), "end": stamp(end)}
        with self._open() as database:
            rows = database.execute(
                "SELECT started_at FROM image WHERE node = :node"
                " AND started_at >= :start AND started_at < :end ORDER BY started_at",
                span,
            )
            times = tuple(_time(row["started_at"]) for row in rows)
            beside = database.execute(
                "SELECT (SELECT max(started_at) FROM image"
                "  WHERE node = :node AND started_at < :start) AS before,"
                " (SELECT min(started_at) FROM image"
                "  WHERE node = :node AND started_at >= :end) AS after",
                span,
            ).fetchone()
        before, after = (
            None if begun is None else _time(begun) for begun in tuple(beside)
        )
        return Index(times, before, after)

    def nodes(self) -> set[str]:
        """Return the nodes that there may be images of."""
        if not self._path.exists():
            return set()
        with self._open() as database:
            rows = database.execute("SELECT node FROM total")
            return {row["node"] for row in rows}

    def figures(self, node: str) -> Figures:
        """Return how much there is of a node."""
        with self._open() as database:
            row = database.execute(
                "SELECT count(*) AS images, min(started_at) AS oldest,"
                " coalesce(sum(length(matrix)), 0) AS bytes FROM image WHERE node = ?",
                (node,),
            ).fetchone()
        oldest = row["oldest"]
        return Figures(
            row["images"], row["bytes"], None if oldest is None else _time(oldest)
        )

    def forget(self, node: str) -> None:
        """Drop all images of a node."""
        with self._open() as database:
            database.execute("DELETE FROM image WHERE node = ?", (node,))
            database.execute("DELETE FROM total WHERE node = ?", (node,))

    def recover(self, now: datetime) -> Path:
        """Set a damaged file aside, and let a new one begin.

        Returns where the old one is now; also if somebody else has just put it there.
        Raises ArchiveError if that cannot be done.
        """
        with _RECOVERY:
            try:
                with self._open() as database:
                    (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            except ArchiveDamagedError as error:
                found = str(error)
            damaged = f"{self._path.name}.damaged-"
            if found == "ok":
                return max(self._path.parent.glob(f"{damaged}*"), default=self._path)
            aside = self._path.with_name(f"{damaged}{now:%Y%m%d%H%M%S}")
            try:
                self._path.replace(aside)
                self.remove()
            except OSError as error:
                raise ArchiveError(str(error)) from error
            return aside

    def remove(self) -> None:
        """Drop everything, and what SQLite may have left beside the file in a crash."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction, and bring it up to date.

        Raises ArchiveError.
        """
        try:
            with closing(
                sqlite3.connect(self._path, timeout=_PATIENCE, autocommit=True)
            ) as database:
                database.row_factory = sqlite3.Row
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                database.execute("BEGIN IMMEDIATE")
                _migrate(database)
                yield database
                database.execute("COMMIT")
        except sqlite3.Error as error:
            # An extended code has the plain one in its lowest byte; errors that are not
            # SQLite's own have none.
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            damaged = code in _DAMAGED
            kind = ArchiveDamagedError if damaged else ArchiveError
            raise kind(str(error)) from error


def _migrate(database: sqlite3.Connection) -> None:
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    if version == len(MIGRATIONS):
        return
    if version > len(MIGRATIONS):
        raise ArchiveError(f"the archive has version {version}, of a later release")
    for script in MIGRATIONS[version:]:
        # Not `executescript`, which would end the transaction first.
        for statement in script.split(";\n"):
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _insert(database: sqlite3.Connection, node: str, kept: Kept) -> None:
    image = kept.image
    row = {
        "node": node,
        "started_at": stamp(image.started_at),
        "updated_at": stamp(image.updated_at),
        "mode": image.mode,
        "height": image.values.shape[0],
        "width": image.values.shape[1],
        "matrix": _packed(image),
        "lines_expected": image.lines_expected,
        "lines_received": image.lines_received,
        "missing_lines": json.dumps(image.missing_lines),
        "node_minimum": image.node_minimum,
        "node_maximum": image.node_maximum,
        "suspect": image.suspect,
        "ambient": kept.ambient,
        "fan": kept.fan,
        "threshold": kept.threshold,
    }
    database.execute(
        f"INSERT INTO image ({', '.join(row)})"  # noqa: S608
        f" VALUES ({', '.join(f':{name}' for name in row)})"
        " ON CONFLICT DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in row)
        + " WHERE excluded.lines_received > lines_received",
        row,
    )


def _keep_bounds(database: sqlite3.Connection, newest: Addition) -> None:
    """Drop what is too old of a node, and the oldest of what is too much."""
    node, bounds = newest.node, newest.bounds
    database.execute(
        "DELETE FROM image WHERE node = ? AND started_at < ?",
        (node, stamp(newest.now - timedelta(days=bounds.days))),
    )
    (total,) = database.execute(
        "SELECT bytes FROM total WHERE node = ?", (node,)
    ).fetchone()
    excess = total - bounds.megabytes * 1_000_000
    if excess <= 0:
        return
    oldest = database.execute(
        "SELECT started_at, length(matrix) FROM image WHERE node = ?"
        " ORDER BY started_at",
        (node,),
    )
    last = 0
    while excess > 0:
        last, size = oldest.fetchone()
        excess -= size
    oldest.close()
    database.execute(
        "DELETE FROM image WHERE node = ? AND started_at <= ?", (node, last)
    )


def _packed(image: ThermalImage) -> bytes:
    values = np.where(image.present, image.values, _ABSENT).astype("<i2")
    return zlib.compress(values.tobytes())


def _kept(row: sqlite3.Row) -> Kept | None:
    """Return an image; None if it is not what it was when it was written."""
    try:
        return _unpacked(row)
    except ValueError, zlib.error:
        return None


def _unpacked(row: sqlite3.Row) -> Kept:
    matrix = np.frombuffer(zlib.decompress(row["matrix"]), "<i2")
    values = matrix.astype(np.int16).reshape(row["height"], row["width"])
    image = ThermalImage(
        values=values,
        present=values != _ABSENT,
        mode=Mode(row["mode"]),
        lines_expected=row["lines_expected"],
        missing_lines=tuple(json.loads(row["missing_lines"])),
        started_at=_time(row["started_at"]),
        updated_at=_time(row["updated_at"]),
        closed=True,
        node_minimum=row["node_minimum"],
        node_maximum=row["node_maximum"],
        suspect=bool(row["suspect"]),
    )
    fan = row["fan"]
    return Kept(
        image, row["ambient"], None if fan is None else bool(fan), row["threshold"]
    )


def stamp(time: datetime) -> int:
    """Return a time as the archive knows it: ms since 1970, begun ones left out."""
    return (time - _EPOCH) // timedelta(milliseconds=1)


def _time(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
