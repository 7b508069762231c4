"""An image as a row of the archive, and back."""

from datetime import UTC, datetime, timedelta
import json
import sqlite3
from typing import Any, Final
import zlib

import numpy as np

from ..model.archived_image import ArchivedImage
from ..model.mode import Mode
from ..model.thermal_image import ThermalImage, as_measured
from ..protocol.layout import Layout
from .images import Addition

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

# The last time that an image can have, in ms since 1970: two days before the last one
# that `datetime` has, so that it has a day in every time zone.
LATEST: Final = (datetime(9999, 12, 30, tzinfo=UTC) - _EPOCH) // _MILLISECOND

# Value of a pixel that has not arrived: no temperature that the node can send.
_ABSENT: Final = -32768

# The sizes that images have: height and width. Both slow layouts make the same.
_SHAPES: Final = [(grid.height, grid.width) for grid in map(Layout.SLOW_24.grid, Mode)]

# Bounds of the values of a row. A layout has 32 lines at most; ambient temperature and
# threshold are a byte or two of the node's messages.
_MOST_LINES: Final = 64
_INT16: Final = 32767

# Tenths of a K: half of the largest step of the compact format.
_LARGEST_BOUND: Final = 127

# Characters of the list of missing lines: 64 numbers with two digits.
_LONGEST_LIST: Final = 300


def stamp(time: datetime) -> int:
    """Return a time as whole ms since 1970, rounded down."""
    return (time - _EPOCH) // _MILLISECOND


def time_of(milliseconds: float) -> datetime:
    """Return the time of a stamp. Raises OverflowError."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def mode_of(text: object) -> Mode | None:
    """Return a mode, None if the text names none."""
    return next((mode for mode in Mode if mode == text), None)


def pack(addition: Addition) -> dict[str, Any]:
    """Return the values of an image's row, by column."""
    archived = addition.archived
    image = archived.image
    values = np.where(image.present, image.values, _ABSENT).astype("<i2")
    return {
        "node": addition.node,
        "started_at": stamp(image.started_at),
        "updated_at": stamp(image.updated_at),
        "mode": image.mode,
        "height": image.values.shape[0],
        "width": image.values.shape[1],
        "matrix": zlib.compress(values.tobytes()),
        "lines_expected": image.lines_expected,
        "lines_received": image.lines_received,
        "missing_lines": json.dumps(image.missing_lines),
        "node_minimum": image.node_minimum,
        "node_maximum": image.node_maximum,
        "suspect": image.suspect,
        "ambient": archived.ambient,
        "fan": archived.fan,
        "threshold": archived.threshold,
        "bound": image.bound,
    }


def unpack(row: sqlite3.Row) -> ArchivedImage | None:
    """Return the image of a row; None if the row is damaged."""
    try:
        return _unpacked(row)
    except (
        ArithmeticError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        zlib.error,
    ):
        return None


def _unpacked(row: sqlite3.Row) -> ArchivedImage:
    stored = _matrix(row)
    present = stored != _ABSENT
    if not present.any():
        raise ValueError("an image without a pixel")
    lines = _integer(row["lines_expected"], 1, _MOST_LINES)
    minimum = _optional(row["node_minimum"])
    values, maximum = as_measured(
        stored, present, minimum, _optional(row["node_maximum"])
    )
    image = ThermalImage(
        values=values,
        present=present,
        mode=Mode(row["mode"]),
        lines_expected=lines,
        missing_lines=_missing_lines(row["missing_lines"], lines),
        started_at=_time(row["started_at"]),
        updated_at=_time(row["updated_at"]),
        closed=True,
        node_minimum=minimum,
        node_maximum=maximum,
        suspect=bool(_integer(row["suspect"], 0, 1)),
        bound=_bound(row),
    )
    fan = _optional(row["fan"])
    return ArchivedImage(
        image,
        _optional(row["ambient"]),
        None if fan is None else bool(fan),
        _optional(row["threshold"]),
    )


def _matrix(row: sqlite3.Row) -> np.ndarray:
    """Return the temperatures; raise ValueError if they are not an image of a node."""
    shape = (row["height"], row["width"])
    if shape not in _SHAPES:
        raise ValueError("an image of another size")
    size = shape[0] * shape[1] * 2
    # A byte more: a matrix that is too long is not read to its end, however long it is.
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(row["matrix"], size + 1)
    if len(data) != size or not unpacker.eof:
        raise ValueError("a matrix of another size")
    return np.frombuffer(data, "<i2").astype(np.int16).reshape(shape)


def _missing_lines(text: str, lines: int) -> tuple[int, ...]:
    if len(text) > _LONGEST_LIST:
        raise ValueError("too many missing lines")
    missing = tuple(_integer(line, 0, lines - 1) for line in json.loads(text))
    if len(set(missing)) != len(missing):
        raise ValueError("a line is missing twice")
    return missing


def _time(value: object) -> datetime:
    return time_of(_integer(value, 0, LATEST))


def _optional(value: object) -> int | None:
    return None if value is None else _integer(value, -_INT16, _INT16)


def _bound(row: sqlite3.Row) -> int | None:
    """Return the bound of the pixels; a file of an earlier release has none."""
    value = row["bound"] if "bound" in row.keys() else None  # noqa: SIM118
    return None if value is None else _integer(value, 0, _LARGEST_BOUND)


def _integer(value: object, low: int, high: int) -> int:
    """Return a whole number; raise ValueError if it is none, or out of bounds."""
    if not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{value!r} is not a number from {low} to {high}")
    return value
