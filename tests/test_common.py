"""Test that both integrations have the same copies of common/."""

from pathlib import Path
import subprocess
import sys

SYNC = Path(__file__).parents[1] / "script/sync"


def test_copies_equal_their_sources() -> None:
    """The copies of both integrations are those that script/sync writes."""
    checked = subprocess.run(
        [sys.executable, SYNC, "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
