"""A command of the simulator as a process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import re
import signal
import sys

ROOT = Path(__file__).parents[3]


class Command:
    """A running command."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Take the process."""
        self.process = process

    async def until(self, pattern: str) -> re.Match[str]:
        """Read output until a line matches."""
        assert self.process.stderr is not None
        async with asyncio.timeout(20):
            while line := (await self.process.stderr.readline()).decode():
                if match := re.search(pattern, line):
                    return match
        raise AssertionError(f"it never said {pattern}")

    async def stop(self, number: signal.Signals) -> int | None:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        async with asyncio.timeout(10):
            return await self.process.wait()


@asynccontextmanager
async def command(*arguments: str) -> AsyncIterator[Command]:
    """Start a command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", *arguments, cwd=ROOT, stderr=-1, stdout=-1
    )
    try:
        yield Command(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
