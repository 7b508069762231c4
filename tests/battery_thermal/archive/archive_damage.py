"""Ways to damage the archive's file, each repeatable by its number."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
import os
from pathlib import Path
from random import Random
import sqlite3
import subprocess
import sys

type Damage = Callable[[Path, Random], None]

_PAGE = 4096

_COLUMNS = (
    "node",
    "started_at",
    "updated_at",
    "mode",
    "height",
    "width",
    "matrix",
    "lines_expected",
    "lines_received",
    "missing_lines",
    "node_minimum",
    "node_maximum",
    "suspect",
    "ambient",
    "fan",
    "threshold",
)

# SQL expressions of values that no column should have.
_VALUES = (
    "NULL",
    "''",
    "'nonsense'",
    "x''",
    "x'00'",
    "x'789c'",
    "randomblob(2000)",
    "zeroblob(1100000)",
    "hex(zeroblob(600000))",
    "CAST(x'ff80fe' AS TEXT)",
    "'[1,2'",
    "'[9999999999999999999999]'",
    "'[\"a\"]'",
    "'{}'",
    "printf('%.*c', 100000, '[')",
    "0",
    "-1",
    "3",
    "1.5",
    "9e999",
    "-9e999",
    "9223372036854775807",
    "-9223372036854775808",
    "253402300799999",
    "100000",
)


def _bytes(change: Callable[[bytearray, Random], bytearray]) -> Damage:
    def damage(path: Path, random: Random) -> None:
        path.write_bytes(change(bytearray(path.read_bytes()), random))

    return damage


def _flip(data: bytearray, random: Random) -> bytearray:
    for _ in range(random.choice((1, 3, 30, 300))):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return data


def _header(data: bytearray, random: Random) -> bytearray:
    data[random.randrange(100)] = random.randrange(256)
    return data


def _page_header(data: bytearray, random: Random) -> bytearray:
    page = random.randrange(len(data) // _PAGE)
    data[page * _PAGE + random.randrange(12) + (100 if page == 0 else 0)] = (
        random.randrange(256)
    )
    return data


def _truncate(data: bytearray, random: Random) -> bytearray:
    return data[: random.randrange(len(data))]


def _zero_page(data: bytearray, random: Random) -> bytearray:
    page = random.randrange(len(data) // _PAGE) * _PAGE
    data[page : page + _PAGE] = bytes(_PAGE)
    return data


def _noise(data: bytearray, random: Random) -> bytearray:
    page = random.randrange(len(data) // _PAGE) * _PAGE
    data[page : page + _PAGE] = random.randbytes(_PAGE)
    return data


def _swap(data: bytearray, random: Random) -> bytearray:
    first, second = (random.randrange(len(data) // _PAGE) * _PAGE for _ in range(2))
    first_page = data[first : first + _PAGE]
    data[first : first + _PAGE] = data[second : second + _PAGE]
    data[second : second + _PAGE] = first_page
    return data


def _append(data: bytearray, random: Random) -> bytearray:
    return data + random.randbytes(random.randrange(1, 3 * _PAGE))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file without waiting for the disk."""
    with closing(sqlite3.connect(path, autocommit=True)) as database:
        database.execute("PRAGMA synchronous = OFF")
        yield database


def _sql(path: Path, *statements: str) -> None:
    with _opened(path) as database:
        for statement in statements:
            database.execute(statement)


def _value(path: Path, random: Random) -> None:
    """Write a wrong value into a column, also where the schema does not allow it."""
    column, value = random.choice(_COLUMNS), random.choice(_VALUES)
    where = random.choice(
        ("", " WHERE rowid = 2", " WHERE rowid IN (1, 3)", " WHERE rowid > 8")
    )
    schema = (
        "UPDATE sqlite_master SET sql = replace(sql, {!r}, {!r}) WHERE name = 'image'"
    )
    with _opened(path) as database:
        (sql,) = database.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'image'"
        ).fetchone()
        database.execute("PRAGMA writable_schema = ON")
        database.execute(schema.format(" NOT NULL", ""))
    with _opened(path) as database:
        change = f"UPDATE OR REPLACE image SET {column} = {value}{where}"  # noqa: S608
        database.execute(change)
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "UPDATE sqlite_master SET sql = ? WHERE name = 'image'", (sql,)
        )


def _total(path: Path, random: Random) -> None:
    value = random.choice(
        ("-1000000", "9000000000000000000", "'text'", "x'ff'", "1e300")
    )
    change = f"UPDATE total SET bytes = {value}"  # noqa: S608
    _sql(path, random.choice((change, "DELETE FROM total")))


_ENDLESS = (
    "CREATE VIEW image AS WITH RECURSIVE c(x) AS"
    " (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS node FROM c"
)


def _schema(path: Path, random: Random) -> None:
    """Change the schema, or use another database."""
    statements = random.choice(
        (
            ("PRAGMA user_version = 3",),
            ("PRAGMA user_version = 2147483647",),
            ("PRAGMA user_version = -1",),
            ("PRAGMA user_version = 0",),
            ("PRAGMA user_version = 1",),
            ("DROP TABLE image",),
            ("DROP TABLE total",),
            ("DROP TABLE setting",),
            ("DROP TRIGGER image_added",),
            ("ALTER TABLE image RENAME COLUMN matrix TO pixels",),
            ("ALTER TABLE total ADD COLUMN more",),
            ("CREATE INDEX another ON image (mode)", "ANALYZE"),
            (
                "DROP TABLE image",
                _ENDLESS,
            ),
        )
    )
    _sql(path, *statements)


def _foreign(path: Path, random: Random) -> None:
    path.unlink()
    version = random.choice((0, 1, 2))
    _sql(
        path,
        "CREATE TABLE image (name TEXT)",
        "INSERT INTO image VALUES ('holiday')",
        f"PRAGMA user_version = {version}",
    )


def _something_else(path: Path, random: Random) -> None:
    """Replace the file by something that is no database."""
    path.unlink()
    kind = random.choice(
        ("text", "binary", "empty", "gone", "directory", "pipe", "loop", "dangling")
    )
    if kind == "text":
        path.write_text("Dear diary,\n" * random.randrange(1, 1000))
    elif kind == "binary":
        path.write_bytes(random.randbytes(random.randrange(1, 10_000)))
    elif kind == "empty":
        path.touch()
    elif kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "dangling":
        path.symlink_to(path.with_name("nowhere.db"))


def _link(path: Path, random: Random) -> None:
    """Replace the file by a link to it, damaged or not."""
    target = path.with_name("elsewhere.db")
    path.rename(target)
    path.symlink_to(target)
    if random.random() < 0.5:
        target.write_bytes(_flip(bytearray(target.read_bytes()), random))


_CRASH = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], autocommit=True)
database.execute("UPDATE image SET fan = NOT fan, matrix = matrix || x'00'")
os._exit(0)
"""


def _log(path: Path, random: Random) -> None:
    """Add a write-ahead log beside the file, and damage one of the two."""
    before = path.read_bytes()
    subprocess.run([sys.executable, "-c", _CRASH, str(path)], check=True)
    log = path.with_name(f"{path.name}-wal")
    shared = path.with_name(f"{path.name}-shm")
    kind = random.choice(("missing", "stale", "damaged", "noise", "no memory", "file"))
    if kind == "missing":
        log.unlink()
    elif kind == "stale":
        path.write_bytes(before[: len(before) // 2] + before[: len(before) // 2])
    elif kind == "damaged":
        log.write_bytes(_flip(bytearray(log.read_bytes()), random))
    elif kind == "noise":
        log.write_bytes(random.randbytes(20_000))
    elif kind == "no memory":
        shared.write_bytes(random.randbytes(32_768))
    else:
        _bytes(_flip)(path, random)


DAMAGES: dict[str, tuple[Damage, int]] = {
    "flipped bits": (_bytes(_flip), 60),
    "header": (_bytes(_header), 40),
    "page header": (_bytes(_page_header), 40),
    "truncated": (_bytes(_truncate), 30),
    "zeroed page": (_bytes(_zero_page), 20),
    "page of noise": (_bytes(_noise), 20),
    "swapped pages": (_bytes(_swap), 30),
    "longer": (_bytes(_append), 10),
    "value": (_value, 120),
    "total": (_total, 12),
    "schema": (_schema, 30),
    "foreign": (_foreign, 6),
    "something else": (_something_else, 24),
    "link": (_link, 12),
    "log": (_log, 18),
}
"""Each way with how many numbers it is tried; 472 in all."""
