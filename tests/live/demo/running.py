"""A running demo."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
import os
from pathlib import Path
import re
import signal
import subprocess
import time

from demo.processes import end_leftovers

REPOSITORY = Path(__file__).parents[3]
START_SECONDS = 360
"""Timeout in seconds: the demo's own, and its set-up before."""
CHECK_SECONDS = 540
END_SECONDS = 90
"""Timeout in seconds of the demo for each of its children."""


def children_of(folder: Path) -> list[str]:
    """Return the processes with files in a demo's folder."""
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


@contextmanager
def launched(
    folder: Path, *options: str
) -> Generator[tuple[subprocess.Popen[bytes], Path]]:
    """Start ``script/demo`` in a folder; yield it and the file of its output.

    After the block the demo and its children are ended, also after an error: they have
    their own sessions and would continue.
    """
    output = folder.with_suffix(".txt")
    with output.open("w") as file:
        process = subprocess.Popen(
            [REPOSITORY / "script" / "demo", "--folder", folder, *options],
            stdout=file,
            stderr=file,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    try:
        yield process, output
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        end_leftovers(folder)


def check(broker: str, folder: Path, proofs: int, *options: str) -> None:
    """Run ``script/demo --check``, and check the number of proofs and that no process remains."""
    with launched(folder, "--check", "--broker", broker, *options) as (process, output):
        with suppress(subprocess.TimeoutExpired):
            process.wait(CHECK_SECONDS)
        printed = output.read_text()
        assert process.returncode == 0, printed
        assert f"Broker: {broker}" in printed
        assert f"{proofs} proven, 0 failed" in printed
        assert not children_of(folder)


class Demo:
    """``script/demo`` in its own folder."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        """Wait until it prints Home Assistant's address."""
        self.process = process
        deadline = time.monotonic() + START_SECONDS
        while "Ctrl-C ends it" not in output.read_text():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.2)
        found = re.search(r"http://\S+", output.read_text())
        assert found
        self.url = found[0]
        """Return Home Assistant's address."""

    def end(self, number: signal.Signals) -> int:
        """Send a signal; return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(END_SECONDS)


@contextmanager
def running_demo(folder: Path, *options: str) -> Generator[Demo]:
    """Start a demo that shows everything; end it after the block, if it was not ended in it."""
    with launched(folder, *options) as (process, output):
        yield Demo(process, output)
