"""A fleet of boards in one process, and its load.

A board needs a socket (one open file), a task and about 20 kB. A thousand boards at the
firmware's pace need 3 % of a processor, so load tests use the same boards.
"""

import asyncio
from collections.abc import Sequence
from itertools import cycle, islice
import resource
from typing import Self

from .board import Board

_TICK = 0.01
"""Seconds between two bursts of a load."""


def macs(count: int, first: int = 1) -> list[str]:
    """Return locally administered unicast MAC addresses."""
    return [_mac(0x02_00_00_00_00_00 + first + index) for index in range(count)]


def _mac(number: int) -> str:
    return number.to_bytes(6).hex(":").upper()


def allow_connections(count: int) -> None:
    """Raise the limit on open files as far as it goes; OSError if that is too few."""
    spare = 64
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count + spare:
        raise OSError(f"{count} connections need more than the {hard} files allowed")
    if soft != resource.RLIM_INFINITY and soft < count + spare:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count + spare, hard))


class Fleet:
    """Boards that run while the context is open."""

    def __init__(self, boards: Sequence[Board]) -> None:
        """Take boards without power."""
        self.boards = boards
        self._lives: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start all boards at once."""
        allow_connections(len(self.boards))
        self._lives = [asyncio.create_task(board.run()) for board in self.boards]
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Stop all boards, as without power."""
        for life in self._lives:
            life.cancel()
        if self._lives:
            await asyncio.wait(self._lives)

    async def until_started(self) -> None:
        """Wait until every board has a session and has started it."""
        for board in self.boards:
            await board.until_started()

    async def load(self, rate: float, seconds: float) -> int:
        """Report light values of all boards in turn, ``rate`` messages a second.

        Every value differs from the board's last. Returns the number of messages sent;
        boards without a connection are skipped. The rate is not adapted to the broker,
        which drops messages of QoS 0 that exceed its limits.
        """
        loop = asyncio.get_running_loop()
        start = loop.time()
        turns = cycle(self.boards)
        taken = sent = 0
        while True:
            elapsed = min(loop.time() - start, seconds)
            due = int(elapsed * rate)
            for board in islice(turns, due - taken):
                sent += board.report_light((board.light + 1) % 101)
            taken = due
            if elapsed == seconds:
                return sent
            await asyncio.sleep(_TICK)
