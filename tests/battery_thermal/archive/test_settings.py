"""Tests of the settings over time in the archive."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.battery_thermal.archive import (
    Addition,
    Archive,
    Bounds,
    SettingsChange,
    settings as settings_module,
)
from custom_components.battery_thermal.model.archived_image import ArchivedImage

from .test_database import image

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOUNDS = Bounds(365, 100)


class File:
    """An archive with a file."""

    def __init__(self, path: Path) -> None:
        """Initialize."""
        self.path = path
        self.archive = Archive(path)

    def store(self, hours: float, *changes: tuple[float, str], node: str = "a") -> None:
        """Store an image that was started after some hours, and changes before it."""
        at = START + hours * HOUR
        one = ArchivedImage(image(started_at=at, updated_at=at), None, None, None)
        stored = tuple(SettingsChange(START + h * HOUR, text) for h, text in changes)
        self.archive.store_images(Addition(node, one, BOUNDS, at, None, stored))

    def read(
        self, start: float, end: float, node: str = "a"
    ) -> list[tuple[float, str]]:
        """Return the settings of a span in hours."""
        return [
            ((change.since - START) / HOUR, change.settings)
            for change in self.archive.settings(
                node, START + start * HOUR, START + end * HOUR
            )
        ]

    def execute(self, *statements: str) -> None:
        """Change the file from outside."""
        with closing(sqlite3.connect(self.path, autocommit=True)) as database:
            for statement in statements:
                database.execute(statement)


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Return an empty archive."""
    return File(tmp_path / "archive.db")


def test_clock_that_was_ahead(file: File) -> None:
    """What seems to be of the future is of the time when it is recorded, and stays."""
    file.store(2, (100, "one"))
    file.store(3, (100, "one"))
    file.store(4, (100, "one"), (101, "two"))
    assert file.read(0, 9) == [(2, "one"), (4, "two")]


def test_changes_are_recorded_once(file: File) -> None:
    """What is in force already is no change; the first of a span is in force at its start."""
    assert file.read(0, 9) == []
    file.store(2, (1, "one"))
    file.store(3, (1, "one"))
    file.store(5, (1, "one"), (4, "two"), (4.5, "one"))
    file.store(6, (4.5, "one"))
    file.store(6, (5, "other"), node="b")
    assert file.read(0, 9) == [(1, "one"), (4, "two"), (4.5, "one")]
    assert file.read(1, 9) == [(1, "one"), (4, "two"), (4.5, "one")]
    assert file.read(4.2, 4.4) == [(4, "two")]
    assert file.read(0, 0.5) == []
    assert file.read(7, 9, node="b") == [(5, "other")]


def test_a_clock_that_was_set(file: File) -> None:
    """The order of changes is that in which they were made."""
    file.store(2, (1, "one"))
    file.store(3, (-5, "two"))
    (_, (since, settings)) = file.read(0, 9)
    assert settings == "two"
    assert since == pytest.approx(1, abs=0.001)
    # Before 1970 there is nothing.
    other = File(file.path.with_name("other.db"))
    other.store(2, (-24 * 365 * 100, "one"))
    assert [text for _, text in other.read(0, 9)] == ["one"]


def test_there_are_not_too_many(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest are deleted, of this node only."""
    monkeypatch.setattr(settings_module, "MOST_CHANGES", 3)
    file.store(2, (0, "other"), node="b")
    file.store(2, *((1 + number / 10, str(number)) for number in range(7)))
    assert [text for _, text in file.read(0, 9)] == ["4", "5", "6"]
    assert file.read(0, 9, node="b") == [(0, "other")]


def test_deleted_with_the_images(file: File) -> None:
    """Of a removed node nothing is left; of times in the future neither."""
    file.store(2, (1, "one"))
    file.store(6, (1, "other"), node="b")
    assert not file.archive.delete_images_after("a", START + 3 * HOUR)
    file.store(5, (4, "two"))
    assert file.archive.delete_images_after("a", START + 3 * HOUR)
    assert file.read(0, 9) == [(1, "one")]
    file.archive.delete_images("a")
    assert file.read(0, 9) == []
    assert file.read(0, 9, node="b") == [(1, "other")]


def test_file_of_an_earlier_release(file: File) -> None:
    """It has none; the next image adds the table."""
    file.store(2)
    file.execute(
        "DROP TABLE setting",
        "ALTER TABLE alarm DROP COLUMN area_key",
        "PRAGMA user_version = 5",
    )
    assert file.read(0, 9) == []
    file.store(3, (2.5, "one"))
    assert file.read(0, 9) == [(2.5, "one")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("settings", "x'00ff'"),
        ("settings", "7.5"),
        ("since", "'text'"),
        ("since", "x'00'"),
        ("since", "9000000000000000000"),
        ("since", "-5"),
    ],
)
def test_damaged_rows(file: File, column: str, value: str) -> None:
    """They are left out, and others are read and recorded all the same."""
    file.store(2, (1, "one"), (1.5, "two"))
    statement: Any = f"UPDATE setting SET {column} = {value} WHERE settings = 'one'"  # noqa: S608
    file.execute(statement)
    file.store(3, (2.5, "three"))
    found = [(since, text) for since, text in file.read(0, 9) if text != "7.5"]
    assert found == [(1.5, "two"), (2.5, "three")]
