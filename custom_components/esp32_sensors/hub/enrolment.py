"""Boards that their owner is about to switch on: let in, and waited for."""

import asyncio
from functools import partial

from homeassistant.core import callback

from ..core.admission import Admission
from ..core.boards import SESSION, Board
from .board_listeners import BoardListeners


class Enrolment:
    """Waits for boards to join, and lets them in."""

    def __init__(self, admission: Admission, boards: BoardListeners) -> None:
        """Initialize without boards."""
        self._admission = admission
        self._boards = boards
        self._arrivals: set[_Arrival] = set()

    async def async_wait_for(self, mac: str) -> Board | None:
        """Return the board with a MAC as soon as it is online.

        Until then it may join, whatever the options say. Returns None when the network is
        unloaded.
        """
        arrival = _Arrival(mac)
        self._arrivals.add(arrival)
        self._admission.expected.add(mac)
        stop_listening = self._boards.async_listen(arrival.follow)
        try:
            return await arrival.done
        finally:
            stop_listening()
            arrival.unfollow()
            self._arrivals.discard(arrival)
            if all(other.mac != mac for other in self._arrivals):
                self._admission.expected.discard(mac)

    @callback
    def async_close(self) -> None:
        """End all waiting: the network is unloaded."""
        for arrival in self._arrivals:
            arrival.end(None)


class _Arrival:
    """One board that is waited for."""

    def __init__(self, mac: str) -> None:
        """Initialize without a board."""
        self.mac = mac
        self.done: asyncio.Future[Board | None] = (
            asyncio.get_running_loop().create_future()
        )
        self._followed: list[tuple[Board, partial[None]]] = []

    @callback
    def follow(self, boards: list[Board]) -> None:
        """Follow the board with the MAC, if it is one of ``boards``."""
        for board in boards:
            if board.mac == self.mac:
                listener = partial(self._changed, board)
                self._followed.append((board, listener))
                board.listen(SESSION, listener)
                listener(SESSION)

    def unfollow(self) -> None:
        """Follow nothing any more."""
        for board, listener in self._followed:
            board.unlisten(listener)

    def end(self, board: Board | None) -> None:
        """End waiting."""
        if not self.done.done():
            self.done.set_result(board)

    def _changed(self, board: Board, _aspects: int) -> None:
        if board.online:
            self.end(board)
