"""Database files as the first server makes them."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Any

_STATUS = """
CREATE TABLE {table} (
    id INTEGER NOT NULL,
    sensor_id INTEGER NOT NULL,
    date DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
    status {kind} NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(sensor_id) REFERENCES sensor (id){check}
)
"""

SCHEMA = (
    """
    CREATE TABLE sensor (
        id INTEGER NOT NULL,
        name VARCHAR(30),
        status BOOLEAN NOT NULL,
        mac_address VARCHAR(17) NOT NULL,
        joined_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
        last_seen DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
        session_id VARCHAR(17) NOT NULL,
        PRIMARY KEY (id),
        CHECK (joined_at <= last_seen),
        CHECK (mac_address GLOB '[0-9A-Fa-f][0-9A-Fa-f]:*'),
        CHECK (instr(name, ';') = 0),
        UNIQUE (name),
        UNIQUE (mac_address)
    )
    """,
    _STATUS.format(table="led_status", kind="BOOLEAN", check=""),
    _STATUS.format(table="button_status", kind="BOOLEAN", check=""),
    _STATUS.format(
        table="pres_status",
        kind="INTEGER",
        check=", CHECK (0 <= status AND status <= 100)",
    ),
)
"""Tables as SQLAlchemy creates them from the classes of the first server."""

OLD_MAC = "24:6f:28:aa:bb:01"
SESSION = "1743946777.6033714"
JOINED = "2025-04-06 13:39:37"
SEEN = "2025-04-06 14:00:00"


def make(
    path: Path,
    boards: Iterable[dict[str, Any]] = ({},),
    values: Iterable[tuple[str, int, str, Any]] = (),
    schema: Iterable[str] = SCHEMA,
) -> Path:
    """Write a database with boards, and values as table, board, date and status."""
    with closing(sqlite3.connect(path)) as database, database:
        for statement in schema:
            database.execute(statement)
        database.execute("PRAGMA ignore_check_constraints = ON")
        for number, board in enumerate(boards, 1):
            row = {
                "id": number,
                "name": f"old{number:02}",
                "status": False,
                "mac_address": f"{OLD_MAC[:-2]}{number:02x}",
                "joined_at": JOINED,
                "last_seen": SEEN,
                "session_id": SESSION,
            } | board
            places = ", ".join("?" * len(row))
            database.execute(
                f"INSERT INTO sensor ({', '.join(row)}) VALUES ({places})",  # noqa: S608
                [*row.values()],
            )
        for table, *value in values:
            database.execute(
                f"INSERT INTO {table} (sensor_id, date, status) VALUES (?, ?, ?)",  # noqa: S608
                value,
            )
    return path
