"""Tests of an image as a row of the archive."""

from datetime import UTC, datetime
from typing import Any
import zlib

import numpy as np
import pytest

from custom_components.battery_thermal.archive.images import Addition
from custom_components.battery_thermal.archive.rows import (
    LATEST,
    mode_of,
    pack,
    stamp,
    time_of,
    unpack,
)
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.mode import Mode

from .test_database import MUCH, START, image

ARCHIVED = ArchivedImage(image(), ambient=21, fan=True, threshold=None)


def row(**changes: Any) -> Any:
    """Return the row of an image, with other values in some columns."""
    return pack(Addition("garage", ARCHIVED, MUCH, START)) | changes


def test_there_and_back() -> None:
    """An image of a row is the one that was stored."""
    found = unpack(row())
    assert found
    assert found.image.as_dict() == ARCHIVED.image.as_dict()
    assert (
        (found.image.values[found.image.present]).tolist()
        == (ARCHIVED.image.values[ARCHIVED.image.present]).tolist()
    )
    assert (found.ambient, found.fan, found.threshold) == (21, True, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"matrix": b"nonsense"},
        {"matrix": zlib.compress(bytes(10))},
        {"matrix": zlib.compress(bytes(50_000))},
        {"matrix": zlib.compress(np.full((32, 24), -32768, "<i2").tobytes())},
        {"height": 24, "width": 32},
        {"lines_expected": 0},
        {"lines_expected": 65},
        {"missing_lines": "[24]"},
        {"missing_lines": "[3, 3]"},
        {"missing_lines": " " * 301},
        {"missing_lines": None},
        {"mode": "quick"},
        {"started_at": -1},
        {"started_at": LATEST + 1},
        {"suspect": 2},
        {"ambient": "21"},
        {"threshold": 40_000},
        {"bound": 128},
    ],
)
def test_damaged(changes: dict[str, Any]) -> None:
    """A damaged row is no image."""
    assert unpack(row(**changes)) is None


def test_row_of_an_earlier_release() -> None:
    """There was no bound of the pixels before the compact format."""
    earlier = row()
    del earlier["bound"]
    found = unpack(earlier)
    assert found
    assert found.image.bound is None


def test_times() -> None:
    """Times are whole milliseconds, rounded down."""
    time = datetime(2026, 3, 1, 12, 0, 0, 123_999, UTC)
    assert time_of(stamp(time)) == time.replace(microsecond=123_000)


def test_modes() -> None:
    """A text that names no mode is none."""
    assert [mode_of(text) for text in ("slow", "fast", "quick", None, 5)] == [
        Mode.SLOW,
        Mode.FAST,
        None,
        None,
        None,
    ]
