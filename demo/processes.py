"""Child processes that end with the demo, and do not block the next one when the demo was killed."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
import os
from pathlib import Path
import signal
import socket
import subprocess
import time
from types import TracebackType
from typing import Self

STOP_SECONDS = 30
"""How long a child may take to end by itself (Home Assistant writes its storage then)."""


def free_port(host: str = "127.0.0.1") -> int:
    """Return a TCP port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Return whether a server could listen on ``port`` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def log_tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a child's log, for an error message."""
    with suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""


class Child:
    """A child process: its output in a log file, its number in a file beside it.

    The number outlives a demo that was killed: ``end_leftovers`` ends what such a run left.
    """

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        """Prepare to run ``command``; ``folder`` takes ``<name>.log`` and ``<name>.pid``."""
        self.name = name
        self.command = list(command)
        self.log = folder / f"{name}.log"
        self._number = folder / f"{name}.pid"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start."""
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C reaches the demo alone, which then ends its children in order.
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._number.write_text(f"{self._process.pid}\n{self.command[0]}\n")

    @property
    def pid(self) -> int:
        """Its number, once it was started."""
        assert self._process
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the child is there."""
        return self._process is not None and self._process.returncode is None

    async def stop(self) -> None:
        """Ask the child to end, and kill it when it does not."""
        if self._process is None:
            return
        if self.running:
            self._process.terminate()
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                await self.kill()
        self._number.unlink(missing_ok=True)

    async def kill(self) -> None:
        """End the child without a word (kill -9)."""
        if self._process is not None and self.running:
            self._process.kill()
            await self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child."""
        if self._process is not None and self.running:
            self._process.send_signal(number)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()


def end_leftovers(folder: Path) -> None:
    """End the children that a killed run left, as far as they are still the same programs."""
    for file in folder.glob("**/*.pid"):
        with suppress(OSError, ValueError):
            number, program = file.read_text().split("\n")[:2]
            _end(int(number), program)
        file.unlink(missing_ok=True)


def _end(pid: int, program: str) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    with suppress(ProcessLookupError, PermissionError):
        while program in _command_line(pid):
            late = time.monotonic() > deadline
            os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
            time.sleep(0.2)


def _command_line(pid: int) -> str:
    """Return the command line of a process, empty when there is none (``ps`` is on every Unix)."""
    ps = ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)]
    line = subprocess.run(
        ps, capture_output=True, text=True, check=False
    ).stdout.strip()
    return "" if line.startswith("Z") else line
