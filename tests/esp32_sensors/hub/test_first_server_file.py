"""Reading of database files that anybody may have made."""

from contextlib import closing
from pathlib import Path
import sqlite3
from time import time
from unittest.mock import patch

import pytest

from custom_components.esp32_sensors.core.first_server import OldBoard
from custom_components.esp32_sensors.hub import first_server_file
from custom_components.esp32_sensors.hub.first_server_file import (
    UnusableFile,
    read_boards,
)

from .. import first_server
from ..first_server import SCHEMA, make

ENDLESS_VIEW = (
    "CREATE VIEW sensor AS WITH RECURSIVE endless(id) AS"
    " (SELECT 1 UNION ALL SELECT id + 1 FROM endless) SELECT id, 'x' AS name,"
    " 'x' AS mac_address, 1 AS joined_at, 1 AS last_seen, 1 AS session_id FROM endless"
)
VIRTUAL_TABLE = (
    "CREATE VIRTUAL TABLE sensor USING fts5("
    "name, mac_address, joined_at, last_seen, session_id)"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a test writes its file."""
    return tmp_path / "db?#%.sqlite3"


def read(path: Path) -> list[OldBoard]:
    """Read a file now."""
    return read_boards(path, time())


def reason(path: Path) -> str:
    """Return why a file cannot be read."""
    with pytest.raises(UnusableFile) as unusable:
        read(path)
    return unusable.value.reason


def test_newest_values(path: Path) -> None:
    """The ten values of each board and kind that were written last are read."""
    values = [
        (table, board, f"2025-04-06 13:{minute:02}:00", minute % 2)
        for minute in [*range(20), *range(29, 19, -1)]
        for table in ("led_status", "button_status", "pres_status")
        for board in (1, 2)
    ]
    values += [
        # No value, no time, and a board that is not there.
        ("pres_status", 1, "2025-04-06 14:00:00", 101),
        ("pres_status", 1, "soon", 1),
        ("pres_status", 3, "2025-04-06 14:00:00", 1),
    ]
    boards = read(make(path, [{}, {}, {"id": 9, "mac_address": "no"}], values))
    assert len(boards) == 2
    led, button, light = boards[1].readings
    assert led == button == light
    assert [value for _, value in led] == [0, 1] * 5
    assert boards[0].readings == boards[1].readings


def test_no_uri(tmp_path: Path) -> None:
    """What is in a file's name is no option for SQLite."""
    path = make(tmp_path / "db.sqlite3?mode=memory&x=")
    assert len(read(path)) == 1


def test_wal(path: Path) -> None:
    """A file of a database in WAL mode is read without writing beside it."""
    make(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
    before = sorted(path.parent.iterdir())
    path.parent.chmod(0o500)
    try:
        assert len(read(path)) == 1
    finally:
        path.parent.chmod(0o700)
    assert sorted(path.parent.iterdir()) == before


def test_too_big(path: Path) -> None:
    """Files, boards and time have limits."""
    with path.open("wb") as file:
        file.truncate(first_server_file.MOST_BYTES + 1)
    assert reason(path) == "too_big"
    path.unlink()
    make(path, [{}, {}, {}])
    with patch.object(first_server_file, "MOST_ROWS", 2):
        assert reason(path) == "too_big"
    with (
        patch.object(first_server_file, "MOST_SECONDS", -1.0),
        patch.object(first_server_file, "_STEPS", 1),
    ):
        assert reason(path) == "too_big"


def test_damaged(path: Path) -> None:
    """A file that ends too early, or has other bytes in the middle."""
    values = [("pres_status", 1, "2025-04-06 14:00:00", 1)] * 2000
    whole = make(path, values=values).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert reason(path) == "damaged"
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    assert reason(path) == "damaged"
    path.write_bytes(b"SQLite format 3\0")
    assert reason(path) == "damaged"


def test_a_text_that_is_too_long(path: Path) -> None:
    """A cell of any size is not read into memory."""
    make(path, [{"name": "x" * 200_000}])
    assert reason(path) == "damaged"


@pytest.mark.parametrize(
    "schema",
    [
        ["CREATE TABLE other (id INTEGER)"],
        # A table of values is missing.
        SCHEMA[:3],
        # A column is missing.
        ["CREATE TABLE sensor (id INTEGER)", *SCHEMA[1:]],
        # A view in the place of the table, which never ends.
        [
            ENDLESS_VIEW,
            *SCHEMA[1:],
        ],
        # A virtual table.
        [
            VIRTUAL_TABLE,
            *SCHEMA[1:],
        ],
    ],
)
def test_other_databases(path: Path, schema: list[str]) -> None:
    """A database with other tables, or with views and virtual tables, is refused."""
    assert reason(first_server.make(path, [], schema=schema)) == "other_database"


def test_triggers_do_not_run(path: Path) -> None:
    """A trigger in the file has no effect, and the file stays as it was."""
    make(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TRIGGER t AFTER UPDATE ON sensor BEGIN DELETE FROM sensor; END"
        )
    before = path.read_bytes()
    assert len(read(path)) == 1
    assert path.read_bytes() == before


def test_computed_columns(path: Path) -> None:
    """A column that is computed makes no more than a cell of the longest size."""
    make(path, [], schema=SCHEMA[1:])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TABLE sensor (id INTEGER, name TEXT, joined_at TEXT, last_seen TEXT,"
            " session_id TEXT, mac_address TEXT AS (printf('%.99999999c', 'x')))"
        )
        database.execute("INSERT INTO sensor (id) VALUES (1)")
    assert reason(path) == "damaged"
