"""The settings of a node over time: a row for each time when they changed.

They are texts here; `device.settings_in_force` makes and reads them. They are recorded
with the images, in the same transaction. All functions block.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
import sqlite3
from typing import Final

from .connection import reading
from .images import SettingsChange
from .rows import LATEST, stamp, time_of

MOST_CHANGES: Final = 1000
"""Changes of a node that are kept: 19 years with one a week. Older ones are deleted."""


def record_changes(
    database: sqlite3.Connection,
    node: str,
    changes: Iterable[SettingsChange],
    now: datetime,
) -> None:
    """Record changes in their order; settings that are in force already are none.

    One that seems to be of the future, or older than the last one, because a clock was set,
    is of now, or follows the last one.
    """
    for change in changes:
        newest = database.execute(
            "SELECT since, settings FROM setting WHERE node = ? AND since <= ?"
            " AND typeof(since) = 'integer' ORDER BY since DESC LIMIT 1",
            (node, LATEST),
        ).fetchone()
        since = max(min(stamp(change.since), stamp(now)), 0)
        if newest:
            if newest["settings"] == change.settings:
                continue
            since = max(since, newest["since"] + 1)
        database.execute(
            "INSERT OR REPLACE INTO setting VALUES (?, ?, ?)",
            (node, since, change.settings),
        )
        database.execute(
            "DELETE FROM setting WHERE node = ? AND since <= (SELECT since FROM setting"
            " WHERE node = ? ORDER BY since DESC LIMIT 1 OFFSET ?)",
            (node, node, MOST_CHANGES),
        )


def delete_changes(database: sqlite3.Connection, node: str, after: int = -1) -> None:
    """Delete the changes of a node after a stamp."""
    database.execute("DELETE FROM setting WHERE node = ? AND since > ?", (node, after))


def read_changes(
    path: Path, node: str, start: datetime, end: datetime
) -> list[SettingsChange]:
    """Return the settings in force at `start`, and their changes until `end`.

    Oldest first, without damaged ones; none of a file of an earlier release. The first
    one is later than `start` if what was in force then is not known. Raises ArchiveError.
    """
    with reading(path) as database:
        return list(_changes(database, node, stamp(start), stamp(end)))


def _changes(
    database: sqlite3.Connection, node: str, begin: int, end: int
) -> Iterator[SettingsChange]:
    if not database.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'setting'"
    ).fetchone():
        return
    rows = database.execute(
        "SELECT since, settings FROM setting WHERE node = :node AND since <= :end"
        " AND since >= coalesce((SELECT max(since) FROM setting"
        "  WHERE node = :node AND since BETWEEN 0 AND :begin), 0) ORDER BY since",
        {"node": node, "begin": begin, "end": min(end, LATEST)},
    )
    for since, settings in rows:
        if isinstance(since, int) and isinstance(settings, str):
            yield SettingsChange(time_of(since), settings)
