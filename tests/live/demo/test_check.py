"""Tests of ``script/demo --check``."""

from pathlib import Path

import pytest

from .running import check


@pytest.mark.timeout(720)
@pytest.mark.usefixtures("mosquitto", "chromium")
def test_check_proves_everything(tmp_path: Path) -> None:
    """Every proof succeeds, and none is left out."""
    check("mosquitto", tmp_path / "demo", 17)
