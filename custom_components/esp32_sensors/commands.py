"""LED commands: sent, and done when the board has confirmed them."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from homeassistant.exceptions import HomeAssistantError

from .boards import LED, SESSION, Board
from .const import CONFIRMATION_TIMEOUT, DOMAIN


class LedCommands:
    """The commands that wait for a confirmation."""

    def __init__(self, send: Callable[[Board, bool], Awaitable[None]]) -> None:
        """Prepare; ``send`` returns when the broker has taken a command."""
        self._send = send
        self._pending: Counter[Board] = Counter()

    async def async_switch(self, board: Board, on: bool) -> None:
        """Switch a LED; return when the board has confirmed it.

        Raises ``HomeAssistantError`` when the board is offline, leaves, or does not
        confirm within 5 s.
        """
        session = board.session
        if not board.online:
            raise _error("board_offline", board)
        # A LED that is as it should be says nothing when told to be so. It is told all
        # the same, should it have changed unheard.
        silent = board.led is on and not self._pending[board]
        confirmed = asyncio.get_running_loop().create_future()

        def told(changed: int) -> None:
            if confirmed.done():
                return
            if board.session is not session or not board.online:
                confirmed.set_result(False)
            elif changed & LED and board.led is on:
                confirmed.set_result(True)

        stop_listening = board.listen(SESSION | LED, told)
        self._pending[board] += 1
        try:
            async with asyncio.timeout(CONFIRMATION_TIMEOUT):
                await self._send(board, on)
                if not (silent or await confirmed):
                    raise _error("board_left", board)
        except TimeoutError:
            raise _error("not_confirmed", board) from None
        finally:
            stop_listening()
            self._pending[board] -= 1


def _error(key: str, board: Board) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"name": board.session.name},
    )
