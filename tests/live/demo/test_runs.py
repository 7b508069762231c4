"""Tests of repeated runs of the demo, and of its files."""

from pathlib import Path
import signal
import subprocess
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from .running import REPOSITORY, children_of, running_demo


def commands(processes: list[str]) -> set[str]:
    """Return the command lines of processes: one that is being forked has that of its parent."""
    return {process.split(maxsplit=2)[2] for process in processes}


@pytest.mark.timeout(960)
def test_kept_between_runs_and_not_blocked_by_a_killed_one(
    mosquitto: str, tmp_path: Path
) -> None:
    """A run after SIGKILL ends the remaining children and keeps the set-up; Ctrl-C leaves no process."""
    folder = tmp_path / "demo"
    with running_demo(folder) as killed:
        killed.end(signal.SIGKILL)
        left = children_of(folder)
        assert len(commands(left)) == 2, left

        port = str(urlsplit(killed.url).port)
        with running_demo(folder, "--port", port) as again:
            assert again.url == killed.url
            with urlopen(again.url) as answer:
                assert answer.status == 200
            running = children_of(folder)
            assert len(commands(running)) == 2, running
            assert not set(running) & set(left)
            assert again.end(signal.SIGINT) == 0
            assert not children_of(folder)


@pytest.mark.parametrize("option", ["--check", "--fresh"])
def test_folder_of_somebody_else(option: str, tmp_path: Path) -> None:
    """Files of other folders, and processes with reused ids, are not touched."""
    theirs = [tmp_path / "letter.txt", tmp_path / "theirs.pid"]
    for file in theirs:
        file.write_text("theirs")
    done = subprocess.run(
        [REPOSITORY / "script" / "demo", option, "--folder", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "not a demo's" in done.stderr
    assert sorted(tmp_path.iterdir()) == theirs
