"""Test of the demo with the other broker; in its own file, so that both tests can run at once."""

from pathlib import Path

import pytest

from .running import check


@pytest.mark.timeout(720)
def test_check_proves_everything(tmp_path: Path) -> None:
    """All checks pass with the other broker; only those of the pages are left out."""
    check("amqtt", tmp_path / "demo", 16, "--without-browser")
