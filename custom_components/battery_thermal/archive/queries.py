"""SQL statements about images that are used in more than one place."""

import sqlite3
from typing import Any

from .errors import ArchiveDamagedError
from .rows import unpack


def rows_of_page(
    database: sqlite3.Connection, span: tuple[Any, ...]
) -> dict[float, sqlite3.Row | None]:
    """Return the rows of a span by their time; None for one that is too large."""
    where = (
        " FROM image WHERE node = ? AND started_at >= ? AND started_at < ?"
        " AND mode = coalesce(?, mode) ORDER BY started_at LIMIT ?"
    )
    try:
        rows = database.execute(f"SELECT *{where}", span).fetchall()
    except sqlite3.DataError:
        # Too large to be the row of an image, and to be read: one at least.
        rows = database.execute(f"SELECT started_at{where}", span).fetchall()
        times = [row["started_at"] for row in rows]
        return {time: image_row(database, span[0], time) for time in times}
    return {row["started_at"]: row for row in rows}


def image_row(
    database: sqlite3.Connection, node: str, begun: float
) -> sqlite3.Row | None:
    """Return the row of an image; None for one that is too large."""
    try:
        row: sqlite3.Row | None = database.execute(
            "SELECT * FROM image WHERE node = ? AND started_at = ?", (node, begun)
        ).fetchone()
    except sqlite3.DataError:
        return None
    return row


def insert(database: sqlite3.Connection, row: dict[str, Any]) -> None:
    """Store an image. Of two with the same start the one with more lines is stored."""
    database.execute(
        f"INSERT INTO image ({', '.join(row)})"  # noqa: S608
        f" VALUES ({', '.join(f':{name}' for name in row)})"
        " ON CONFLICT DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in row)
        + " WHERE excluded.lines_received > lines_received",
        row,
    )


def check_stored(database: sqlite3.Connection, row: dict[str, Any]) -> None:
    """Raise ArchiveDamagedError if an image that was just written cannot be found.

    Of an image that ends twice, the first one may still be there.
    """
    found = image_row(database, row["node"], row["started_at"])
    if found is not None and found["matrix"] == row["matrix"]:
        return
    kept = found and unpack(found)
    # One with fewer lines would have been replaced: a damaged index leads to another.
    if not kept or kept.image.lines_received < row["lines_received"]:
        raise ArchiveDamagedError("an image cannot be read again")
