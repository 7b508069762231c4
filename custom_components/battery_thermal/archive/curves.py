"""Values of areas over time: one row for each quarter of a day and node.

A curve of a year asks for the maxima of 54,750 images. They are stored beside the images,
so that none has to be unpacked; `terms` says what they depend on, and rows of other terms
are as if they were not there. All functions block, and raise ArchiveError.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
import sqlite3
from typing import Any, Final
import zlib

import numpy as np

from ..model.mode import HEIGHT, WIDTH
from ..model.value_range import LOWEST, WRAP
from . import queries
from .connection import reading, writing
from .images import CurveSource
from .rows import LATEST, stamp, unpack

ABSENT: Final = -32768
"""Value of an area of which nothing has arrived: no temperature that a node can send."""

_PERIOD: Final = 6 * 3_600_000
"""Milliseconds of a row: some 40 fast images. What is written with each image stays small,
and a year is read in 1,460 rows."""

# Images of one period that are read at most. One a second would be 21,600.
_MOST_IMAGES: Final = 4096

# Suspect images that are unpacked for one curve of a place at most, the newest: they take
# 0.2 s. Usually there are few.
_MOST_SUSPECT: Final = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Values over time.

    `times`: int64, ms since 1970, in order; `values`: int16 tenths of a °C, (images,
    areas), `ABSENT` where nothing has arrived. `complete`: whether all of the time asked
    for has been calculated.
    """

    times: np.ndarray
    values: np.ndarray
    complete: bool = True


def add_values(
    database: sqlite3.Connection, node: str, time: int, source: CurveSource
) -> None:
    """Add the values of an image that was just stored, by its stamp."""
    period = time // _PERIOD
    row = database.execute(
        "SELECT data FROM curve WHERE node = ? AND period = ? AND terms = ?",
        (node, period, source.terms),
    ).fetchone()
    if row is None:
        _calculate(database, node, period, source)
        return
    times, values = _unpacked(row["data"])
    kept = times != time
    new_times, new = _measured(database, (node, time, time + 1, None, 1), source)
    times = np.concatenate([times[kept], new_times])
    values = np.concatenate([values[kept].reshape(-1, new.shape[1]), new])
    order = np.argsort(times)
    _write(database, node, period, source, (times[order], values[order]))


def delete_values(database: sqlite3.Connection, node: str, since: int = 0) -> None:
    """Delete the values of images started from a stamp on, and of some before it."""
    database.execute(
        "DELETE FROM curve WHERE node = ? AND period >= ?", (node, since // _PERIOD)
    )


def missing_periods(path: Path, node: str, terms: str) -> list[int]:
    """Return the periods whose values have to be calculated, the newest first.

    That looks at every image, and is for all rows at once: for each few rows it would
    take as long as they do.
    """
    with reading(path) as database:
        return _missing(database, node, terms, 0, LATEST)


def calculate_periods(
    path: Path, node: str, source: CurveSource, periods: Sequence[int]
) -> None:
    """Calculate the values of some periods, and delete those of other terms."""
    with writing(path) as database:
        database.execute(
            "DELETE FROM curve WHERE node = ? AND terms != ?", (node, source.terms)
        )
        for period in periods:
            _calculate(database, node, period, source)


def read_series(
    path: Path, node: str, terms: str, start: datetime, end: datetime
) -> Series:
    """Return the values of the images started from `start` on and before `end`."""
    begin, until = max(stamp(start), 0), min(stamp(end), LATEST)
    with reading(path) as database:
        missing = _missing(database, node, terms, begin, until)
        if not _has_table(database):
            return _joined([], not missing)
        rows = database.execute(
            "SELECT data FROM curve WHERE node = ? AND terms = ?"
            " AND period BETWEEN ? AND ? ORDER BY period",
            (node, terms, begin // _PERIOD, until // _PERIOD),
        )
        found = [_unpacked(row["data"]) for row in rows]
        (oldest,) = database.execute(
            "SELECT min(started_at) FROM image WHERE node = ? AND started_at >= ?",
            (node, begin),
        ).fetchone()
    series = _joined(found, not missing)
    # Of images that were deleted since there is nothing to look at any more.
    begin = until if oldest is None else oldest
    inside = (series.times >= begin) & (series.times < until)
    return Series(series.times[inside], series.values[inside], series.complete)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What one place of the sensor read over time, uncorrected.

    `times` as in `Series`, `values` int16 tenths of a °C, `ambient` °C or NaN, `fast`:
    whether it is the maximum of a block, `doubtful`: whether it may be far hotter.
    """

    times: np.ndarray
    values: np.ndarray
    ambient: np.ndarray
    fast: np.ndarray
    doubtful: np.ndarray


def read_spot(
    path: Path, node: str, start: datetime, end: datetime, place: tuple[int, int]
) -> Readings:
    """Return what a pixel (row and column of the sensor) read in such a span.

    Only its own bytes are looked at: to unpack 54,750 images would take seconds.
    """
    begin, until = max(stamp(start), 0), min(stamp(end), LATEST)
    row_of, column_of = place
    found: list[tuple[int, int, float, bool]] = []
    suspect: list[int] = []
    with reading(path) as database:
        rows = database.execute(
            "SELECT started_at, height, width, matrix, node_minimum, node_maximum,"
            " ambient, suspect FROM image WHERE node = ? AND started_at >= ? AND started_at < ?"
            " ORDER BY started_at",
            (node, begin, until),
        )
        for time, height, width, matrix, minimum, maximum, ambient, doubt in rows:
            at = row_of * height // HEIGHT * width + column_of * width // WIDTH
            try:
                data = zlib.decompressobj().decompress(matrix, 2 * HEIGHT * WIDTH)
                value = int.from_bytes(data[2 * at : 2 * at + 2], "little", signed=True)
                warmth = float("nan") if ambient is None else float(ambient)
            except TypeError, ValueError, zlib.error:
                continue
            wrapped = LOWEST - 50 <= value < LOWEST or (
                None not in (minimum, maximum) and maximum < minimum > value
            )
            if value != ABSENT and len(data) > 2 * at + 1:
                value += WRAP * wrapped
                found.append((time, value, warmth, height < HEIGHT))
                suspect += [time] * bool(doubt)
        unpacked = suspect[-_MOST_SUSPECT:]
        doubtful = set(suspect) - {
            time for time in unpacked if not _is_doubtful(database, node, time, place)
        }
    times, values, around, fast = zip(*found, strict=True) if found else ((),) * 4
    return Readings(
        np.array(times, np.int64),
        np.array(values, np.int16),
        np.array(around, float),
        np.array(fast, bool),
        np.array([time in doubtful for time in times], bool),
    )


def _is_doubtful(
    database: sqlite3.Connection, node: str, time: int, place: tuple[int, int]
) -> bool:
    """Return whether a pixel of the sensor may be far hotter than its value in an image."""
    row = queries.image_row(database, node, time)
    if row is None or (archived := unpack(row)) is None:
        return False
    doubtful = archived.image.doubtful
    height, width = doubtful.shape
    return bool(doubtful[place[0] * height // HEIGHT, place[1] * width // WIDTH])


def _missing(
    database: sqlite3.Connection, node: str, terms: str, begin: int, until: int
) -> list[int]:
    """Return the periods with images and without a row, the newest first."""
    known = (
        " EXCEPT SELECT period FROM curve WHERE node = :node AND terms = :terms"
        if _has_table(database)
        else ""
    )
    rows = database.execute(
        f"SELECT DISTINCT started_at / {_PERIOD} AS period FROM image"  # noqa: S608
        " WHERE node = :node AND started_at >= :begin AND started_at < :until"
        f"{known} ORDER BY period DESC",
        {"node": node, "terms": terms, "begin": begin, "until": until},
    )
    return [int(row["period"]) for row in rows]


def _has_table(database: sqlite3.Connection) -> bool:
    """Return whether there is a table; a file of an earlier release is read without."""
    return bool(
        database.execute("SELECT 1 FROM sqlite_master WHERE name = 'curve'").fetchone()
    )


def _calculate(
    database: sqlite3.Connection, node: str, period: int, source: CurveSource
) -> None:
    """Calculate the row of a period from its images."""
    begin = period * _PERIOD
    span = (node, begin, begin + _PERIOD, None, _MOST_IMAGES)
    _write(database, node, period, source, _measured(database, span, source))


def _measured(
    database: sqlite3.Connection, span: tuple[Any, ...], source: CurveSource
) -> tuple[np.ndarray, np.ndarray]:
    """Return times and values of the images of a span, as `queries.rows_of_page` takes it."""
    images = {
        time: source.measure(archived)
        for time, row in queries.rows_of_page(database, span).items()
        if row and (archived := unpack(row))
    }
    values = [
        [ABSENT if value is None else value for value in row] for row in images.values()
    ]
    return np.array(list(images), np.int64), np.array(values, np.int16)


def _write(
    database: sqlite3.Connection,
    node: str,
    period: int,
    source: CurveSource,
    values: tuple[np.ndarray, np.ndarray],
) -> None:
    times, maxima = values
    data = (
        len(times).to_bytes(4, "little")
        + times.astype("<i8").tobytes()
        + maxima.astype("<i2").tobytes()
    )
    database.execute(
        "INSERT OR REPLACE INTO curve VALUES (?, ?, ?, ?)",
        (node, period, source.terms, data),
    )


def _unpacked(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return times and values of a row; nothing of a damaged one."""
    try:
        count = int.from_bytes(data[:4], "little")
        times = np.frombuffer(data, "<i8", count, 4)
        values = np.frombuffer(data, "<i2", offset=4 + 8 * count)
        return times, values.reshape(count, -1 if count else 0)
    except TypeError, ValueError:
        return np.empty(0, np.int64), np.empty((0, 0), np.int16)


def _joined(rows: Sequence[tuple[np.ndarray, np.ndarray]], complete: bool) -> Series:
    filled = [row for row in rows if len(row[0])]
    if not filled:
        return Series(np.empty(0, np.int64), np.empty((0, 0), np.int16), complete)
    times, values = zip(*filled, strict=True)
    return Series(np.concatenate(times), np.concatenate(values), complete)
