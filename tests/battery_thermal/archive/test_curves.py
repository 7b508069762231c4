"""Tests of the stored values of areas over time."""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
import sqlite3
from typing import Any

import numpy as np
import pytest

from custom_components.battery_thermal.archive import (
    Addition,
    Archive,
    CurveSource,
    curves,
)
from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.model.mode import Mode

from .test_database import MUCH, START, image, rewrite_as_version

NODE = "garage"
ALL = START - timedelta(days=1), START + timedelta(days=400)


def measure(archived: ArchivedImage) -> Sequence[int | None]:
    """Return the first value of an image, and nothing for a second area."""
    return int(archived.image.values[0, 0]), None


SOURCE = CurveSource("first", measure)


def store(
    path: Path, number: int, source: CurveSource | None = SOURCE, **changes: Any
) -> int:
    """Store an image; return the first value of it."""
    taken = image(number, **changes)
    archived = ArchivedImage(taken, ambient=21, fan=None, threshold=None)
    now = taken.updated_at
    Archive(path).store_images(Addition(NODE, archived, MUCH, now, source))
    return int(taken.values[0, 0])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of an archive without a file yet."""
    return tmp_path / "archive.db"


def values(path: Path, *span: datetime) -> list[list[int]]:
    """Return the values of a span, of all times by default."""
    found: list[list[int]] = curves.read_series(
        path, NODE, "first", *(span or ALL)
    ).values.tolist()
    return found


def test_written_with_each_image(path: Path) -> None:
    """Values are in the order of time, whatever the order of the images was."""
    first = {number: store(path, number) for number in (5, 1, 400, 3)}
    series = curves.read_series(path, NODE, "first", *ALL)
    assert series.complete
    assert series.values.tolist() == [
        [first[number], curves.ABSENT] for number in (1, 3, 5, 400)
    ]
    minutes = (series.times - series.times[0]) / 60_000
    assert minutes.tolist() == [0, 2, 4, 399]


def test_span(path: Path) -> None:
    """The beginning belongs to a span, its end does not."""
    first = {number: store(path, number) for number in range(4)}
    minute = timedelta(minutes=1)
    assert [row[0] for row in values(path, START + minute, START + 3 * minute)] == [
        first[1],
        first[2],
    ]
    assert values(path, START + 9 * minute, START + 99 * minute) == []


def test_image_that_is_stored_again(path: Path) -> None:
    """If more of it has arrived since, its values replace those that it had."""
    first = store(path, 1)
    again = image(7).values
    store(path, 1, values=again)
    assert [row[0] for row in values(path)] == [first]
    whole = np.ones((32, 24), bool)
    store(path, 1, values=again, present=whole, missing_lines=())
    assert [row[0] for row in values(path)] == [int(again[0, 0])]


def test_calculated_later(path: Path) -> None:
    """Without values a series is not complete until the missing periods are calculated."""
    first = [store(path, number, None) for number in (0, 1, 3 * 1440)]
    series = curves.read_series(path, NODE, "first", *ALL)
    assert not (series.complete or len(series.times))
    newest, oldest = curves.missing_periods(path, NODE, "first")
    assert newest > oldest
    curves.calculate_periods(path, NODE, SOURCE, [newest])
    assert [row[0] for row in values(path)] == first[2:]
    assert not curves.read_series(path, NODE, "first", *ALL).complete
    curves.calculate_periods(path, NODE, SOURCE, [oldest])
    assert [row[0] for row in values(path)] == first
    assert curves.missing_periods(path, NODE, "first") == []


def test_other_terms(path: Path) -> None:
    """Values that depend on something else are as if they were not there."""
    store(path, 0)
    assert len(curves.missing_periods(path, NODE, "other")) == 1
    assert not len(curves.read_series(path, NODE, "other", *ALL).times)
    other = CurveSource("other", lambda archived: (1, 2))
    curves.calculate_periods(
        path, NODE, other, curves.missing_periods(path, NODE, "other")
    )
    assert curves.read_series(path, NODE, "other", *ALL).values.tolist() == [[1, 2]]
    # Those of other terms were deleted.
    assert len(curves.missing_periods(path, NODE, "first")) == 1


def test_damaged_row(path: Path) -> None:
    """Its values are not there; the others are."""
    store(path, 0)
    later = store(path, 1440)
    with closing(sqlite3.connect(path, autocommit=True)) as database:
        database.execute(
            "UPDATE curve SET data = ? WHERE period = (SELECT min(period) FROM curve)",
            (b"\xff" * 11,),
        )
    assert [row[0] for row in values(path)] == [later]


def test_file_of_an_earlier_release(path: Path) -> None:
    """Without the table there are no values, and all periods are missing."""
    store(path, 0)
    rewrite_as_version(path, 4)
    series = curves.read_series(path, NODE, "first", *ALL)
    assert (len(series.times), series.complete) == (0, False)
    assert len(curves.missing_periods(path, NODE, "first")) == 1


@pytest.mark.parametrize("place", [(0, 0), (31, 23), (17, 3)])
def test_spot(path: Path, place: tuple[int, int]) -> None:
    """A pixel is read from images of both modes; what has not arrived is left out."""
    slow = image(0)
    fast_values = np.arange(48, dtype=np.int16).reshape(8, 6)
    store(path, 0)
    store(
        path,
        1,
        values=fast_values,
        present=np.ones((8, 6), bool),
        mode=Mode.FAST,
        lines_expected=2,
        missing_lines=(),
        node_minimum=0,
        node_maximum=47,
    )
    found = curves.read_spot(path, NODE, *ALL, place)
    row, column = place
    expected = [int(fast_values[row // 4, column // 4])]
    if slow.present[place]:
        expected.insert(0, int(slow.values[place]))
    assert found.values.tolist() == expected
    assert found.fast.tolist() == [False, True][-len(expected) :]
    assert set(found.ambient.tolist()) == {21.0}


def test_spot_of_a_damaged_image(path: Path) -> None:
    """It is left out, and so is an image of which the ambient is no number."""
    store(path, 0)
    store(path, 1)
    last = store(path, 2)
    with closing(sqlite3.connect(path, autocommit=True)) as database:
        database.execute(
            "UPDATE image SET matrix = x'00' WHERE started_at ="
            " (SELECT min(started_at) FROM image)"
        )
        database.execute(
            "UPDATE image SET ambient = 'warm' WHERE matrix != x'00' AND started_at <"
            " (SELECT max(started_at) FROM image)"
        )
    found = curves.read_spot(path, NODE, *ALL, (0, 0))
    assert found.values.tolist() == [last]


def test_deleted_with_the_images(path: Path) -> None:
    """Values of images from a time on are deleted."""
    store(path, 0)
    store(path, 1440)
    with closing(sqlite3.connect(path, autocommit=True)) as database:
        day = int((START + timedelta(days=1)).timestamp() * 1000)
        curves.delete_values(database, NODE, day)
    assert len(values(path)) == 1
    with closing(sqlite3.connect(path, autocommit=True)) as database:
        curves.delete_values(database, NODE)
    assert values(path) == []
