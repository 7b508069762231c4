"""The order in which boards are told their names."""

import asyncio
from collections.abc import Coroutine

import pytest

from custom_components.esp32_sensors.assignments import Assignments
from custom_components.esp32_sensors.boards import Board, Session, State


class Disk:
    """A disk that is as slow as it is told to be, and a broker that takes all."""

    def __init__(self) -> None:
        """Begin with a disk that waits."""
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
        """Do the work."""
        self.tasks.append(asyncio.create_task(work))
        return self.tasks[-1]

    async def done(self) -> None:
        """Wait until there is nothing left to do."""
        while self.tasks:
            await self.tasks.pop()


@pytest.fixture
async def disk() -> Disk:
    """Return a disk that waits."""
    return Disk()


@pytest.fixture
def assignments(disk: Disk) -> Assignments:
    """Return what is to be tested."""
    return Assignments(disk.save, disk.send, disk.create_task, at_once=4)


def board() -> Board:
    """Return a board that waits for its first session."""
    session = Session("capteur01", "1743946777.603371", State.ASSIGNED)
    return Board("61:EC:ED:3B:25:B1", session, 0)


async def test_another_session_meanwhile(disk: Disk, assignments: Assignments) -> None:
    """A session that was replaced while it was written is never told."""
    one = board()
    assignments.add(one)
    await asyncio.sleep(0)
    one.session = newer = Session("capteur01", "1743946778.000000", State.ASSIGNED)
    assignments.add(one)
    disk.written.set()
    await disk.done()
    assert disk.sent == [newer]


async def test_dropped_meanwhile(disk: Disk, assignments: Assignments) -> None:
    """Nor is one whose board was deleted."""
    one = board()
    assignments.add(one)
    await asyncio.sleep(0)
    assignments.drop(one)
    disk.written.set()
    await disk.done()
    assert disk.sent == []
