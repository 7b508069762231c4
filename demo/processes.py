"""Child processes that end with the demo, and that a later run can clean up."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
import os
from pathlib import Path
import random
import signal
import socket
import subprocess
import time
from types import TracebackType
from typing import Self

STOP_SECONDS = 30
"""Timeout in seconds of a child's regular end (Home Assistant writes its storage then)."""


_PORTS: Sequence[int] = range(12_000, 32_768)
"""No browser refuses one of these, and no system gives one to a connection: Linux begins with 32768, others with 49152
(RFC 6335). A port of those may be taken again before it is used. Those that commands of the documentation name, which the
tests run too, are lower."""

_reserved: list[socket.socket] = []


def free_port(host: str = "127.0.0.1") -> int:
    """Return a free TCP port, and reserve it.

    Until this process ends, no caller gets it again, here or in another process: tests run at once, and it takes seconds
    until Home Assistant listens.
    """
    while not (is_free(port := random.choice(_PORTS), host) and _reserve(port)):
        pass
    return port


def _reserve(port: int) -> bool:
    """Take the UDP port of the same number, which nothing here uses; return whether it was free."""
    mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        mark.bind(("127.0.0.1", port))
    except OSError:
        mark.close()
        return False
    _reserved.append(mark)
    return True


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Return whether ``port`` is free."""
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


def _environment() -> dict[str, str]:
    """Return the environment of a child: Python may write the modules that it compiled.

    Container images often forbid it. Then each start of Home Assistant compiles all of its modules, in 9 s of
    processor time.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE"
    }


class Child:
    """A child process with a log file and a file with its process id.

    The number outlives a demo that was killed: ``end_leftovers`` ends what such a run left.
    """

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        """Initialize; ``folder`` is the place of ``<name>.log`` and ``<name>.pid``."""
        self.name = name
        self.command = list(command)
        self.log = folder / f"{name}.log"
        self._number = folder / f"{name}.pid"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start."""
        with self.log.open("ab") as log:
            # A new session: Ctrl-C reaches only the demo, which ends its children in order.
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=_environment(),
            )
        self._number.write_text(f"{self._process.pid}\n{self.command[0]}\n")

    @property
    def pid(self) -> int:
        """Return its process id, None before the start."""
        assert self._process
        return self._process.pid

    @property
    def running(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.returncode is None

    async def stop(self) -> None:
        """Terminate the child, and kill it after a timeout."""
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
        """Kill the child (SIGKILL)."""
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
    """End the children of a run that was killed, if their process ids still belong to the same programs."""
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
    """Return the command line of a process, empty without one (``ps`` exists on every Unix)."""
    ps = ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)]
    line = subprocess.run(
        ps, capture_output=True, text=True, check=False
    ).stdout.strip()
    return "" if line.startswith("Z") else line
