"""The alarm log: a row for each alarm of a node, in the file of the archive.

How to read it: `AlarmLog(path).between(nodes, start, end)` has the alarms that were open
at any time of a span, oldest first, and `page` the newest first, some at a time. Both
block, and raise ArchiveError and nothing else; `device.node_archive` calls them outside
of the event loop. Values are those of `thermal.logged_alarm.LoggedAlarm`: times in UTC,
°C, K or K/min. The images of an alarm are in `Archive`, by when they were started.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import islice
from pathlib import Path
import sqlite3
from typing import Any, Final, NamedTuple

from ..thermal.alarm_kinds import Level, LogKind
from ..thermal.logged_alarm import LONGEST_NOTE, LoggedAlarm
from .connection import reading, writing
from .rows import LATEST, stamp, time_of

MOST_ALARMS: Final = 5000
"""Alarms of a node that are kept: 20 years with five a week. Older ones are deleted."""

_TIMES: Final = frozenset(
    (
        "since",
        "peak_at",
        "ended_at",
        "begin_image",
        "peak_image",
        "end_image",
        "acknowledged_at",
    )
)
_NAMES: Final = tuple(field.name for field in fields(LoggedAlarm))
_IMAGES: Final = "begin_image, peak_image, end_image"

# Characters of a name in a row: an area, or who has acknowledged.
_LONGEST_NAME: Final = 200


class NodeAlarm(NamedTuple):
    """An alarm and the id of its node."""

    node: str
    alarm: LoggedAlarm


class Place(NamedTuple):
    """Place of an alarm in the order of the log."""

    since: datetime
    alarm_id: str
    node: str


class AlarmLog:
    """The alarms of all nodes. `node` is the id of a node, as in `Archive`."""

    def __init__(self, path: Path) -> None:
        """Initialize. The file is created when the first alarm is stored."""
        self._path = path

    def store(self, node: str, alarms: Sequence[LoggedAlarm]) -> None:
        """Store states of alarms in one transaction; a later one is not replaced.

        The oldest alarms beyond `MOST_ALARMS` are deleted.
        """
        with writing(self._path) as database:
            for alarm in alarms:
                images = _images_of(database, node, alarm.alarm_id)
                _insert(database, _packed(node, alarm))
                keep_images(database, node, images | {*map(stamp, alarm.images)})
            self._trim(database, node)

    def latest(self, node: str) -> list[LoggedAlarm]:
        """Return the open alarms of a node, and the newest of each kind and area."""
        with reading(self._path) as database:
            rows = _select(
                database,
                # SQLite takes `alarm_id` from the row with the maximum.
                "WHERE node = ? AND (ended_at IS NULL OR alarm_id IN (SELECT alarm_id"
                " FROM (SELECT alarm_id, max(since) FROM alarm WHERE node = ?"
                " GROUP BY kind, area)))",
                (node, node),
            )
            return [one.alarm for one in rows]

    def find(self, node: str, alarm_id: str) -> LoggedAlarm | None:
        """Return an alarm, None if there is no such alarm."""
        with reading(self._path) as database:
            rows = _select(
                database, "WHERE node = ? AND alarm_id = ?", (node, alarm_id)
            )
            return next((one.alarm for one in rows), None)

    def between(
        self, nodes: Sequence[str], start: datetime, end: datetime
    ) -> list[NodeAlarm]:
        """Return the alarms that were open from `start` on and before `end`.

        Oldest first; those that have not ended are among them.
        """
        with reading(self._path) as database:
            return list(
                _select(
                    database,
                    f"WHERE node IN ({_marks(nodes)}) AND since < ?"
                    " AND coalesce(ended_at, ?) >= ? ORDER BY since, alarm_id",
                    (*nodes, stamp(end), LATEST, stamp(start)),
                )
            )

    def page(
        self, nodes: Sequence[str], count: int, before: Place | None = None
    ) -> list[NodeAlarm]:
        """Return at most `count` alarms of nodes, newest first.

        `before`: the place of the last one of the page before.
        """
        last = (LATEST, "", "")
        if before is not None:
            last = (stamp(before.since), before.alarm_id, before.node)
        with reading(self._path) as database:
            found = _select(
                database,
                f"WHERE node IN ({_marks(nodes)})"
                " AND (since, alarm_id, node) < (?, ?, ?)"
                " ORDER BY since DESC, alarm_id DESC, node DESC",
                (*nodes, *last),
            )
            return list(islice(found, count))

    def _trim(self, database: sqlite3.Connection, node: str) -> None:
        """Delete the oldest alarms of a node if there are too many."""
        excess = database.execute(
            f"SELECT alarm_id, {_IMAGES} FROM alarm WHERE node = ?"  # noqa: S608
            " ORDER BY since DESC LIMIT -1 OFFSET ?",
            (node, MOST_ALARMS),
        ).fetchall()
        for alarm_id, *images in excess:
            database.execute(
                "DELETE FROM alarm WHERE node = ? AND alarm_id = ?", (node, alarm_id)
            )
            keep_images(database, node, {one for one in images if one is not None})


def delete_alarms(database: sqlite3.Connection, node: str) -> None:
    """Delete all alarms of a node."""
    database.execute("DELETE FROM alarm WHERE node = ?", (node,))


def keep_images(database: sqlite3.Connection, node: str, stamps: Iterable[int]) -> None:
    """Keep those of some images that belong to an alarm, and no longer the others."""
    database.executemany(
        "UPDATE image SET kept = EXISTS(SELECT 1 FROM alarm"  # noqa: S608
        " WHERE alarm.node = image.node"
        f" AND image.started_at IN ({_IMAGES}))"
        " WHERE node = ? AND started_at = ?",
        [(node, one) for one in stamps],
    )


def _images_of(database: sqlite3.Connection, node: str, alarm_id: str) -> set[int]:
    """Return the stamps of the images that an alarm has had so far."""
    row = database.execute(
        f"SELECT {_IMAGES} FROM alarm WHERE node = ? AND alarm_id = ?",  # noqa: S608
        (node, alarm_id),
    ).fetchone()
    return set() if row is None else {one for one in row if one is not None}


def _insert(database: sqlite3.Connection, row: dict[str, Any]) -> None:
    database.execute(
        f"INSERT INTO alarm ({', '.join(row)})"  # noqa: S608
        f" VALUES ({', '.join(f':{name}' for name in row)})"
        " ON CONFLICT DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in row)
        + " WHERE excluded.revision > revision",
        row,
    )


def _select(
    database: sqlite3.Connection, where: str, values: tuple[Any, ...]
) -> Iterator[NodeAlarm]:
    """Yield the alarms of a query, without damaged ones; none in an older file."""
    if not database.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alarm'"
    ).fetchone():
        return
    for row in database.execute(f"SELECT * FROM alarm {where}", values):  # noqa: S608
        try:
            yield NodeAlarm(str(row["node"]), _unpacked(row))
        except ArithmeticError, LookupError, TypeError, ValueError:
            continue


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _packed(node: str, alarm: LoggedAlarm) -> dict[str, Any]:
    """Return the values of an alarm's row, by column."""
    values = {name: getattr(alarm, name) for name in _NAMES}
    return {
        "node": node,
        "alarm_id": alarm.alarm_id,
        **{
            name: stamp(value) if name in _TIMES and value is not None else value
            for name, value in values.items()
        },
    }


def _unpacked(row: sqlite3.Row) -> LoggedAlarm:
    """Return the alarm of a row; raise ValueError or another if it is damaged."""
    values: dict[str, Any] = {
        name: time_of(_stamp(row[name]))
        if name in _TIMES and row[name] is not None
        else row[name]
        for name in _NAMES
        # A file of an earlier release does not have it.
        if name != "area_key" or name in row.keys()  # noqa: SIM118 - a row iterates over values
    }
    for name, longest in (
        ("area", _LONGEST_NAME),
        ("area_key", _LONGEST_NAME),
        ("acknowledged_by", _LONGEST_NAME),
        ("note", LONGEST_NOTE),
    ):
        if values.get(name) is not None:
            values[name] = str(values[name])[:longest]
    known = values["acknowledged_level"]
    peak = values["peak"]
    alarm = LoggedAlarm(
        **values
        | {
            "kind": LogKind(values["kind"]),
            "level": Level(values["level"]),
            "acknowledged_level": None if known is None else Level(known),
            "certain": bool(values["certain"]),
            "over_range": bool(values["over_range"]),
            "peak": None if peak is None else float(peak),
            "revision": int(values["revision"]),
        }
    )
    # Its id was made of other values.
    if alarm.alarm_id != row["alarm_id"]:
        raise ValueError("an alarm with another id")
    return alarm


def _stamp(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= LATEST:
        raise ValueError(f"{value!r} is not a time")
    return value
