"""Telling boards their names and sessions: in turn, and only what is on the disk."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final

from homeassistant.util.file import WriteError

from .boards import Board, Session

#: Assignments under way at once. On shared topics the broker hands each one to every
#: board: what is sent meanwhile waits behind so many. On a board's own topics only that
#: board hears it, and the limit is what mosquitto has under way with one client (its
#: max_inflight_messages).
AT_ONCE_SHARED: Final = 4
AT_ONCE_DIRECTED: Final = 20

#: Seconds until it is tried again when the disk has refused.
_RETRY: Final = 10.0


class Assignments:
    """The assignments that are still to be sent."""

    def __init__(
        self,
        save: Callable[[], Awaitable[None]],
        send: Callable[[Board, Session], Awaitable[None]],
        create_task: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
        at_once: int,
    ) -> None:
        """Prepare.

        ``save`` returns when all sessions are on the disk, or raises ``WriteError``;
        ``send`` returns when the broker has taken an assignment, or has failed to.
        ``at_once`` of them are under way at a time.
        """
        self._save = save
        self._send = send
        self._create_task = create_task
        self._at_once = at_once
        self._unsaved: dict[Board, Session] = {}
        self._saved: dict[Board, Session] = {}
        self._saving: asyncio.Task[None] | None = None
        self._senders = 0

    def add(self, board: Board) -> None:
        """Tell a board its session, unless it is about to be told anyway."""
        if self._saved.get(board) is not board.session:
            self._unsaved[board] = board.session
        if self._saving is None or self._saving.done():
            self._saving = self._create_task(self._save_all())

    def drop(self, board: Board) -> None:
        """Tell a board nothing after all."""
        self._unsaved.pop(board, None)
        self._saved.pop(board, None)

    async def _save_all(self) -> None:
        """Write sessions to the disk: what comes while it writes, in one go."""
        while self._unsaved:
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
            for _ in range(min(len(self._saved), self._at_once - self._senders)):
                self._senders += 1
                self._create_task(self._send_saved())

    async def _send_saved(self) -> None:
        """Send what is on the disk, one after the other, while others do the same."""
        try:
            while self._saved:
                board = next(iter(self._saved))
                await self._send(board, self._saved.pop(board))
        finally:
            self._senders -= 1
