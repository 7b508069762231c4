"""Test of the demo with the other broker and each other network server, in its own file: files run at once."""

from pathlib import Path

import pytest

from simulator.networks import NETWORKS

from .running import check

_FIRST, *OTHERS = (key.replace("_", "-") for key in NETWORKS)


@pytest.mark.timeout(720)
@pytest.mark.parametrize("server", OTHERS)
def test_check_proves_everything(tmp_path: Path, server: str) -> None:
    """Every proof succeeds with aMQTT; only that of the pages is left out."""
    options = "--without-browser", "--server", server
    check("amqtt", tmp_path / "demo", 16, *options)
