"""Queue of assignments: each is sent in turn, after it is on the disk."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final

from homeassistant.util.file import WriteError

from ..core.boards import Board, Session

#: Largest number of assignments in transit. On shared topics the broker delivers each one
#: to every board, and other messages wait meanwhile. On directed topics only one board
#: gets it, and the limit is that of mosquitto for one client (max_inflight_messages).
CONCURRENT_SHARED: Final = 4
CONCURRENT_DIRECTED: Final = 20

#: Seconds until the next attempt after the disk has refused to write.
_RETRY: Final = 10.0


class Assignments:
    """The assignments that are still to be sent."""

    def __init__(
        self,
        save: Callable[[], Awaitable[None]],
        send: Callable[[Board, Session], Awaitable[None]],
        create_task: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
        concurrent: int,
    ) -> None:
        """Initialize an empty queue.

        ``save`` returns when all sessions are on the disk, or raises ``WriteError``.
        ``send`` returns when the broker has accepted an assignment or has failed to.
        ``concurrent`` is the largest number of assignments in transit.
        """
        self._save = save
        self._send = send
        self._create_task = create_task
        self._concurrent = concurrent
        self._unsaved: dict[Board, Session] = {}
        self._saved: dict[Board, Session] = {}
        self._saving: asyncio.Task[None] | None = None
        self._senders = 0

    def queue(self, board: Board) -> None:
        """Queue the session of a board, unless the same one is queued already."""
        if self._saved.get(board) is not board.session:
            self._unsaved[board] = board.session
        if self._saving is None or self._saving.done():
            self._saving = self._create_task(self._save_all())

    def cancel(self, board: Board) -> None:
        """Remove a board from the queue."""
        self._unsaved.pop(board, None)
        self._saved.pop(board, None)

    async def _save_all(self) -> None:
        """Write sessions to the disk; those that come during a write, in one write."""
        while self._unsaved:
            unsaved = dict(self._unsaved)
            try:
                await self._save()
            except WriteError:
                await asyncio.sleep(_RETRY)
                continue
            for board, session in unsaved.items():
                # The board may have got another session during the write, or been removed.
                if self._unsaved.get(board) is session:
                    del self._unsaved[board]
                    self._saved[board] = session
            for _ in range(min(len(self._saved), self._concurrent - self._senders)):
                self._senders += 1
                self._create_task(self._send_saved())

    async def _send_saved(self) -> None:
        """Send assignments that are on the disk, one after the other, until none is left."""
        try:
            while self._saved:
                board = next(iter(self._saved))
                await self._send(board, self._saved.pop(board))
        finally:
            self._senders -= 1
