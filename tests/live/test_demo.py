"""The demo, as a new user runs it."""

import os
from pathlib import Path
import re
import signal
import subprocess
import time
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

REPOSITORY = Path(__file__).parents[2]
START_SECONDS = 180


def children_of(folder: Path) -> list[str]:
    """Return the processes that work in a demo's folder."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        line
        for line in listed.stdout.splitlines()
        if str(folder) in line and "-m demo" not in line and "Z" not in line.split()[1]
    ]


class Demo:
    """``script/demo`` in a folder of its own, until it is ended."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Start it and wait until it says where Home Assistant is."""
        self.folder = folder
        self.output = folder.with_suffix(".txt")
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [REPOSITORY / "script" / "demo", "--folder", folder, *options],
                stdout=output,
                stderr=output,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )
        deadline = time.monotonic() + START_SECONDS
        while "Ctrl-C ends it" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.2)

    @property
    def url(self) -> str:
        """Where Home Assistant is."""
        found = re.search(r"http://\S+", self.output.read_text())
        assert found
        return found[0]

    def end(self, number: signal.Signals) -> int:
        """Send a signal; return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


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


@pytest.mark.timeout(600)
def test_kept_between_runs_and_not_blocked_by_a_killed_one(
    mosquitto: str, tmp_path: Path
) -> None:
    """A demo killed with -9 leaves children; the next ends them and shows what was set up. Ctrl-C leaves none."""
    folder = tmp_path / "demo"
    killed = Demo(folder)
    killed.end(signal.SIGKILL)
    left = children_of(folder)
    assert len(left) == 2, left

    again = Demo(folder, "--port", str(urlsplit(killed.url).port))
    assert again.url == killed.url
    with urlopen(again.url) as answer:
        assert answer.status == 200
    running = children_of(folder)
    assert len(running) == 2
    assert not set(running) & set(left)
    assert again.end(signal.SIGINT) == 0
    assert not children_of(folder)


@pytest.mark.parametrize("option", ["--check", "--fresh"])
def test_folder_of_somebody_else(option: str, tmp_path: Path) -> None:
    """What is in a folder that is not a demo's stays there, numbers of processes too."""
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
