"""Tests of the queue of assignments."""

import asyncio
from collections.abc import Coroutine

import pytest

from custom_components.esp32_sensors.core.boards import Board, Session, State
from custom_components.esp32_sensors.hub.assignments import Assignments


class Disk:
    """A disk that writes on command, and a broker that accepts everything."""

    def __init__(self) -> None:
        """Initialize with a disk that does not write yet."""
        self.written = asyncio.Event()
        self.sent: list[Session] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def save(self) -> None:
        """Write."""
        await self.written.wait()

    async def send(self, board: Board, session: Session) -> None:
        """Publish."""
        self.sent.append(session)

    def create_task(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Create a task."""
        self.tasks.append(asyncio.create_task(work))
        return self.tasks[-1]

    async def done(self) -> None:
        """Wait for all tasks."""
        while self.tasks:
            await self.tasks.pop()


@pytest.fixture
async def disk() -> Disk:
    """Return a disk that does not write yet."""
    return Disk()


@pytest.fixture
def assignments(disk: Disk) -> Assignments:
    """Return an empty queue."""
    return Assignments(disk.save, disk.send, disk.create_task, concurrent=4)


def board() -> Board:
    """Return a board that waits for its first session."""
    session = Session("capteur01", "1743946777.603371", State.ASSIGNED)
    return Board("61:EC:ED:3B:25:B1", session, 0)


async def test_another_session_meanwhile(disk: Disk, assignments: Assignments) -> None:
    """A session that was replaced during the write is not sent."""
    one = board()
    assignments.queue(one)
    await asyncio.sleep(0)
    one.session = newer = Session("capteur01", "1743946778.000000", State.ASSIGNED)
    assignments.queue(one)
    disk.written.set()
    await disk.done()
    assert disk.sent == [newer]


async def test_dropped_meanwhile(disk: Disk, assignments: Assignments) -> None:
    """A session of a board that was removed during the write is not sent."""
    one = board()
    assignments.queue(one)
    await asyncio.sleep(0)
    assignments.cancel(one)
    disk.written.set()
    await disk.done()
    assert disk.sent == []
