"""The page about moving from the first server says what the code does."""

from contextlib import closing
from pathlib import Path
import sqlite3
from time import time

from custom_components.esp32_sensors.hub.first_server_file import (
    MOST_BYTES,
    MOST_ROWS,
    read_boards,
)
from tests.esp32_sensors.first_server import make

from .pages import REPOSITORY, blocks

PAGE = REPOSITORY / "docs" / "first_server.md"


def test_smaller_database(tmp_path: Path) -> None:
    """The statement on the page keeps what is taken over, and makes the file small."""
    [block] = blocks(PAGE, "sh")
    statement = block.commands[-1].split('"')[1]
    values = [
        ("pres_status", 1 + n % 2, f"2025-04-06 13:{n % 60:02}:00", n % 101)
        for n in range(20_000)
    ]
    path = make(tmp_path / "small.sqlite3", [{}, {}], values)
    before, size = read_boards(path, time()), path.stat().st_size
    with closing(sqlite3.connect(path)) as database:
        database.executescript(statement)
    assert read_boards(path, time()) == before
    assert path.stat().st_size < size / 5


def test_limits() -> None:
    """The limits are those of the code."""
    limits = f"{MOST_BYTES // 2**20} MB with up to {MOST_ROWS} boards"
    assert limits in " ".join(PAGE.read_text().split())
