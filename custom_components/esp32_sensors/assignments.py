"""Telling boards their names and sessions: in turn, and only what is on the disk."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from itertools import islice
from typing import Final

from homeassistant.util.file import WriteError

from .boards import Board, Session

#: Assignments under way at once. On shared topics the broker hands each one to every
#: board: what is sent meanwhile waits behind so many.
_AT_ONCE: Final = 4

#: Seconds until it is tried again when the disk has refused.
_RETRY: Final = 10.0


class Assignments:
    """The assignments that are still to be sent."""

    def __init__(
        self,
        save: Callable[[], Awaitable[None]],
        send: Callable[[Board, Session], Awaitable[None]],
        create_task: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
    ) -> None:
        """Prepare.

        ``save`` returns when all sessions are on the disk, or raises ``WriteError``;
        ``send`` returns when the broker has taken an assignment, or has failed to.
        """
        self._save = save
        self._send = send
        self._create_task = create_task
        self._unsaved: dict[Board, Session] = {}
        self._saved: dict[Board, Session] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, board: Board) -> None:
        """Tell a board its session, unless it is about to be told anyway."""
        if self._saved.get(board) is not board.session:
            self._unsaved[board] = board.session
        if self._task is None or self._task.done():
            self._task = self._create_task(self._work())

    def drop(self, board: Board) -> None:
        """Tell a board nothing after all."""
        self._unsaved.pop(board, None)
        self._saved.pop(board, None)

    async def _work(self) -> None:
        """Send everything; what comes meanwhile is written to the disk in one go."""
        while self._unsaved or self._saved:
            unsaved = dict(self._unsaved)
            try:
                await self._save()
            except WriteError:
                await asyncio.sleep(_RETRY)
                continue
            for board, session in unsaved.items():
                # While it was written the board may have got another, or been dropped.
                if self._unsaved.get(board) is session:
                    del self._unsaved[board]
                    self._saved[board] = session
            batch = list(islice(self._saved.items(), _AT_ONCE))
            for board, _ in batch:
                del self._saved[board]
            await asyncio.gather(*(self._send(*item) for item in batch))
