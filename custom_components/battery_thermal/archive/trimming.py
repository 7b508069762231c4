"""Deleting images that are out of the owner's bounds.

Images of alarms are kept beyond the bounds, and do not count for the size.
"""

from datetime import datetime
import sqlite3
from typing import Final

from ..lorawan.clock import latest_time
from . import settings
from .images import Addition
from .rows import stamp

_DAY: Final = 86_400_000  # ms
_MEGABYTE: Final = 1_000_000  # bytes

# Images are deleted as soon as there are too many, so the total is never much too large; if
# the stored total is, it is calculated again before any image is deleted.
_LITTLE: Final = _MEGABYTE

# A matrix that is not a blob is damaged, and counts as empty.
_SIZE: Final = "CASE typeof(matrix) WHEN 'blob' THEN length(matrix) ELSE 0 END"


def enforce_bounds(database: sqlite3.Connection, newest: Addition) -> None:
    """Delete images of a node that are too old, and the oldest if there are too many."""
    node, bounds = newest.node, newest.bounds
    database.execute(
        "DELETE FROM image WHERE node = ? AND started_at < ? AND kept = 0",
        (node, max(stamp(newest.now) - bounds.days * _DAY, 0)),
    )
    delete_after(database, node, latest_time(newest.now))
    limit = bounds.megabytes * _MEGABYTE
    total = _stored_total(database, node)
    if total is None or not 0 <= total <= limit + _LITTLE:
        total = _counted_total(database, node)
    if total > limit:
        _delete_oldest(database, node, total - limit)


def delete_after(database: sqlite3.Connection, node: str, time: datetime) -> None:
    """Delete the images of a node started after a time, and later changes of settings."""
    settings.delete_changes(database, node, stamp(time))
    database.execute(
        "DELETE FROM image WHERE node = ? AND started_at > ?", (node, stamp(time))
    )


def _delete_oldest(database: sqlite3.Connection, node: str, excess: int) -> None:
    """Delete the oldest images of a node until so many bytes are free, or more."""
    oldest = database.execute(
        f"SELECT started_at, {_SIZE} FROM image WHERE node = ?"  # noqa: S608
        " AND kept = 0 ORDER BY started_at",
        (node,),
    )
    last = -1
    while excess > 0 and (row := oldest.fetchone()):
        last, size = row
        excess -= size
    oldest.close()
    database.execute(
        "DELETE FROM image WHERE node = ? AND started_at <= ? AND kept = 0",
        (node, last),
    )


def _stored_total(database: sqlite3.Connection, node: str) -> int | None:
    """Return the stored total of bytes of a node's images, None if there is none."""
    row = database.execute(
        "SELECT bytes FROM total WHERE node = ? AND typeof(bytes) = 'integer'", (node,)
    ).fetchone()
    return None if row is None else int(row["bytes"])


def _counted_total(database: sqlite3.Connection, node: str) -> int:
    """Calculate the total of bytes of a node's images that may be deleted; store it."""
    (total,) = database.execute(
        f"SELECT coalesce(sum({_SIZE}), 0) FROM image"  # noqa: S608
        " WHERE node = ? AND kept = 0",
        (node,),
    ).fetchone()
    database.execute("INSERT OR REPLACE INTO total VALUES (?, ?)", (node, total))
    counted: int = total
    return counted
