"""A process that locks the file of an archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import subprocess
import sys

LOCK = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], autocommit=True)
database.execute("PRAGMA locking_mode = EXCLUSIVE")
database.execute("BEGIN EXCLUSIVE")
database.execute("UPDATE image SET fan = fan")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let another process lock the file exclusively."""
    with subprocess.Popen(
        [sys.executable, "-c", LOCK, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"locked\n"
        try:
            yield
        finally:
            process.communicate()
