"""A demo that runs."""

import os
from pathlib import Path
import re
import signal
import subprocess
import time

REPOSITORY = Path(__file__).parents[3]
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


def check(broker: str, folder: Path, proofs: int, *options: str) -> None:
    """Run ``script/demo --check``, which has to prove so much and to leave nothing behind."""
    done = subprocess.run(
        [
            REPOSITORY / "script" / "demo",
            *("--check", "--broker", broker, "--folder", folder, *options),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Broker: {broker}" in done.stdout
    assert f"{proofs} proven, 0 failed" in done.stdout
    assert not children_of(folder)


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
