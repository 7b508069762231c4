"""The demo proves the same where no mosquitto is: in a file of its own, so that both can be run at once."""

from pathlib import Path

import pytest

from .running import check


@pytest.mark.timeout(720)
def test_check_proves_everything(tmp_path: Path) -> None:
    """Every proof comes true with the other broker, and none is left out but the pages."""
    check("amqtt", tmp_path / "demo", 15, "--without-browser")
