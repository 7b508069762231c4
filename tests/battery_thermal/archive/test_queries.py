"""Tests of the statements about images."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.battery_thermal.archive import ArchiveDamagedError
from custom_components.battery_thermal.archive.connection import writing
from custom_components.battery_thermal.archive.images import Addition
from custom_components.battery_thermal.archive.queries import (
    check_stored,
    image_row,
    insert,
    rows_of_page,
)
from custom_components.battery_thermal.archive.rows import pack, stamp
from custom_components.battery_thermal.model.archived_image import ArchivedImage

from .test_database import MUCH, START, image


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Return an open archive without images."""
    with writing(tmp_path / "archive.db") as database:
        yield database


def row(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return the row of an image."""
    archived = ArchivedImage(image(number, **changes), None, None, None)
    return pack(Addition("garage", archived, MUCH, START))


def span(minutes: int, mode: str | None = None) -> tuple[Any, ...]:
    """Return the span from the start."""
    return "garage", stamp(START), stamp(START + timedelta(minutes=minutes)), mode, 10


def test_page(database: sqlite3.Connection) -> None:
    """A page has the rows of a span and a mode, by their time."""
    for number in (2, 0, 1):
        insert(database, row(number))
    times = [stamp(START + timedelta(minutes=number)) for number in range(3)]
    assert list(rows_of_page(database, span(3))) == times
    assert list(rows_of_page(database, span(2))) == times[:2]
    assert rows_of_page(database, span(3, "fast")) == {}


def test_row_that_is_too_large(database: sqlite3.Connection) -> None:
    """It is None, and the others of its page are read."""
    for number in (0, 1):
        insert(database, row(number))
    first, second = (stamp(START + timedelta(minutes=number)) for number in (0, 1))
    database.execute(
        "UPDATE image SET matrix = zeroblob(900000) WHERE started_at = ?", (first,)
    )
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 100_000)
    found = rows_of_page(database, span(3))
    assert found[first] is None
    assert found[second]
    assert image_row(database, "garage", first) is None
    assert image_row(database, "garage", second)


def test_image_with_more_lines_stays(database: sqlite3.Connection) -> None:
    """Of two with the same start, the one with more lines is stored."""
    whole, part = (
        row(missing_lines=missing, values=image(len(missing)).values)
        for missing in ((), (3, 4))
    )
    for one in (part, whole, part):
        insert(database, one)
        check_stored(database, one)
    found = image_row(database, "garage", whole["started_at"])
    assert found
    assert found["lines_received"] == 24


def test_image_that_cannot_be_found(database: sqlite3.Connection) -> None:
    """What was just written must be there."""
    with pytest.raises(ArchiveDamagedError):
        check_stored(database, row())
    insert(database, row(missing_lines=(3, 4)))
    with pytest.raises(ArchiveDamagedError):
        check_stored(database, row(missing_lines=(), values=image(1).values))
