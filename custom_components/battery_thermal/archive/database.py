"""The archive: every image that has ended, in one SQLite file.

Images are stored as the node sent them; corrections and palettes are applied when they
are read. The file is opened for each access: images come minutes apart, and while it is
closed it is consistent, for backups too.

All methods block, and raise ArchiveError and nothing else.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from pathlib import Path
import sqlite3
from typing import Final

from ..model.archived_image import ArchivedImage
from ..model.mode import Mode
from . import curves, queries, recovery, settings
from .alarms import delete_alarms, keep_images
from .connection import reading, writing
from .errors import ArchiveDamagedError, ArchiveError
from .images import Addition, ArchiveSize, ImageIndex, SettingsChange
from .rows import LATEST, mode_of, pack, stamp, time_of, unpack
from .trimming import delete_after, enforce_bounds

# Images read at a time: half a megabyte.
_PAGE: Final = 256

# Errors of writing that are caused by the image, and not by the file.
_UNWRITABLE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)


class Archive:
    """The images of all nodes, by the id of the node and when they were started."""

    def __init__(self, path: Path) -> None:
        """Initialize. The file is created when the first image is stored."""
        self._path = path

    def store_images(self, *additions: Addition) -> list[Addition]:
        """Store images, and delete the oldest of their nodes that are out of bounds.

        Returns those that cannot be written to any file; the others are stored. After a
        crash the node's record may be a little older than the archive, so that an image
        ends twice: the one with more lines is stored.
        """
        refused: list[Addition] = []
        newest: dict[str, Addition] = {}
        with writing(self._path) as database:
            for addition in additions:
                settings.record_changes(
                    database, addition.node, addition.settings, addition.now
                )
                try:
                    row = pack(addition)
                    queries.insert(database, row)
                except _UNWRITABLE:
                    refused.append(addition)
                else:
                    queries.check_stored(database, row)
                    keep_images(database, row["node"], (row["started_at"],))
                    if addition.curves:
                        curves.add_values(
                            database, row["node"], row["started_at"], addition.curves
                        )
                    newest[addition.node] = addition
            for addition in newest.values():
                enforce_bounds(database, addition)
        return refused

    def images_between(
        self, node: str, start: datetime, end: datetime, mode: Mode | None = None
    ) -> list[ArchivedImage]:
        """Return the images started from `start` on and before `end`, oldest first."""
        return list(self.iterate_images(node, start, end, mode))

    def iterate_images(
        self, node: str, start: datetime, end: datetime, mode: Mode | None = None
    ) -> Iterator[ArchivedImage]:
        """Yield the images of such a span, oldest first, without damaged ones.

        The file is not open while an image is yielded.
        """
        begin, until = _span(start, end)
        while True:
            with reading(self._path) as database:
                rows = queries.rows_of_page(database, (node, begin, until, mode, _PAGE))
            yield from (kept for row in rows.values() if row and (kept := unpack(row)))
            if len(rows) < _PAGE:
                return
            begin = later_begin(begin, max(rows))

    def count(
        self, node: str, start: datetime, end: datetime, mode: Mode | None = None
    ) -> dict[Mode, int]:
        """Return the number of images in such a span, by mode."""
        with reading(self._path) as database:
            rows = database.execute(
                "SELECT mode, count(*) AS images FROM image WHERE node = ?"
                " AND started_at >= ? AND started_at < ? AND mode = coalesce(?, mode)"
                " GROUP BY mode",
                (node, *_span(start, end), mode),
            )
            return {
                found: row["images"] for row in rows if (found := mode_of(row["mode"]))
            }

    def newest(self, node: str, until: datetime) -> ArchivedImage | None:
        """Return the newest image started at a time or before that is not damaged."""
        latest = min(stamp(until), LATEST)
        with reading(self._path) as database:
            while True:
                (found,) = database.execute(
                    "SELECT max(started_at) FROM image WHERE node = ?"
                    " AND started_at BETWEEN 0 AND ?",
                    (node, latest),
                ).fetchone()
                if found is None:
                    return None
                row = queries.image_row(database, node, found)
                if row and (archived := unpack(row)):
                    return archived
                latest = earlier_end(latest + 1, found) - 1

    def times(
        self, node: str, start: datetime | None = None, end: datetime | None = None
    ) -> dict[datetime, Mode]:
        """Return start times and modes of the images of a span, newest first."""
        with reading(self._path) as database:
            rows = database.execute(
                "SELECT started_at, mode FROM image WHERE node = ?"
                " AND started_at >= ? AND started_at < ? ORDER BY started_at DESC",
                (node, *_span(start, end)),
            )
            return {
                time_of(row["started_at"]): mode
                for row in rows
                if (mode := mode_of(row["mode"]))
            }

    def days(self, node: str, zone: tzinfo) -> list[date]:
        """Return the days in a time zone with images, newest first.

        One query for each day, however many images there are.
        """
        days: list[date] = []
        begin = LATEST
        with reading(self._path) as database:
            while True:
                (newest,) = database.execute(
                    "SELECT max(started_at) FROM image"
                    " WHERE node = ? AND started_at >= 0 AND started_at < ?",
                    (node, begin),
                ).fetchone()
                if newest is None:
                    return days
                day = time_of(newest).astimezone(zone).date()
                days.append(day)
                midnight = stamp(datetime.combine(day, time.min, zone))
                begin = min(midnight, earlier_end(begin, newest))

    def index(self, node: str, start: datetime, end: datetime) -> ImageIndex:
        """Return the start times of the images of such a span, and of their neighbours."""
        begin, until = _span(start, end)
        span = {"node": node, "start": begin, "end": until, "latest": LATEST}
        with reading(self._path) as database:
            rows = database.execute(
                "SELECT started_at FROM image WHERE node = :node"
                " AND started_at >= :start AND started_at < :end ORDER BY started_at",
                span,
            )
            times = tuple(time_of(row["started_at"]) for row in rows)
            beside = database.execute(
                "SELECT (SELECT max(started_at) FROM image WHERE node = :node"
                "  AND started_at >= 0 AND started_at < :start) AS before,"
                " (SELECT min(started_at) FROM image WHERE node = :node"
                "  AND started_at >= :end AND started_at < :latest) AS after",
                span,
            ).fetchone()
            before, after = (
                None if begun is None else time_of(begun) for begun in tuple(beside)
            )
        return ImageIndex(times, before, after)

    def settings(
        self, node: str, start: datetime, end: datetime
    ) -> list[SettingsChange]:
        """Return the settings in force at `start`, and their changes until `end`."""
        return settings.read_changes(self._path, node, start, end)

    def nodes(self) -> set[str]:
        """Return the nodes with images."""
        with reading(self._path) as database:
            rows = database.execute("SELECT DISTINCT node FROM image")
            return {str(row["node"]) for row in rows}

    def size(self, node: str) -> ArchiveSize:
        """Return the number of images of a node, their size, and the oldest."""
        with reading(self._path) as database:
            row = database.execute(
                "SELECT count(*) AS images, min(started_at) AS oldest,"
                " coalesce(sum(length(matrix)), 0) AS bytes FROM image WHERE node = ?"
                " AND started_at BETWEEN 0 AND ?",
                (node, LATEST),
            ).fetchone()
            oldest = row["oldest"]
            return ArchiveSize(
                row["images"],
                int(row["bytes"]),
                None if oldest is None else time_of(oldest),
            )

    def delete_images(self, node: str) -> None:
        """Delete all images, alarms and settings of a node."""
        with writing(self._path) as database:
            delete_alarms(database, node)
            curves.delete_values(database, node)
            settings.delete_changes(database, node)
            database.execute("DELETE FROM image WHERE node = ?", (node,))
            database.execute("DELETE FROM total WHERE node = ?", (node,))

    def delete_images_after(self, node: str, time: datetime) -> bool:
        """Delete images of a node started after a time; return whether there were any."""
        with reading(self._path) as database:
            (later,) = database.execute(
                "SELECT EXISTS(SELECT 1 FROM image WHERE node = ? AND started_at > ?)",
                (node, stamp(time)),
            ).fetchone()
        if not later:
            return False
        with writing(self._path) as database:
            delete_after(database, node, time)
            curves.delete_values(database, node, stamp(time))
        return True

    def recover(self, now: datetime) -> Path:
        """Rename a file that cannot be used, so that a new one is created.

        Returns the new path of the old file, also if it has been renamed already.
        """
        return recovery.recover(self._path, now)

    def set_aside(self, now: datetime) -> Path:
        """Rename the file without checking it; return its new path."""
        return recovery.set_aside(self._path, now)

    def remove(self) -> None:
        """Delete the file, and files that SQLite may have left beside it in a crash."""
        try:
            for path in recovery.files(self._path):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise ArchiveError(str(error)) from error


def _span(start: datetime | None, end: datetime | None) -> tuple[int, int]:
    """Return a span of time as stamps that images can have."""
    return (
        0 if start is None else max(stamp(start), 0),
        LATEST if end is None else min(stamp(end), LATEST),
    )


def later_begin(begin: int, found: float) -> int:
    """Return where to continue after the last image of a page.

    In a damaged file the index may not be in order: the search must advance, or it would
    not end.
    """
    if found < begin:
        raise ArchiveDamagedError("the index is not in order")
    return int(found) + 1


def earlier_end(begin: int, found: float) -> int:
    """Return where to continue before an image: at an earlier time, as in `later_begin`.

    Raises ArchiveDamagedError.
    """
    if found >= begin:
        raise ArchiveDamagedError("the index is not in order")
    return int(found)
