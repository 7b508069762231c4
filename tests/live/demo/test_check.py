"""The demo proves that what it shows is true."""

from pathlib import Path
import subprocess

import pytest

from .running import REPOSITORY, children_of


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("mosquitto", "chromium")
@pytest.mark.parametrize(
    ("broker", "options", "proofs"),
    [("mosquitto", (), 16), ("amqtt", ("--without-browser",), 15)],
)
def test_check_proves_everything(
    broker: str,
    options: tuple[str, ...],
    proofs: int,
    tmp_path: Path,
) -> None:
    """Every proof comes true, with either broker, and none is left out but the pages, once."""
    done = subprocess.run(
        [
            REPOSITORY / "script" / "demo",
            *("--check", "--broker", broker, "--folder", tmp_path / "demo"),
            *options,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Broker: {broker}" in done.stdout
    assert f"{proofs} proven, 0 failed" in done.stdout
    assert not children_of(tmp_path)
