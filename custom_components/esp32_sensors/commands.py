"""LED commands: sent, and done when the board has confirmed them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError

from .boards import LED, SESSION, Board
from .const import CONFIRMATION_TIMEOUT, DOMAIN

#: Boards whose LED is asked for at once: on shared topics the broker hands each command
#: to every board.
_ASKED_AT_ONCE: Final = 4


class LedCommands:
    """The commands that wait for a confirmation."""

    def __init__(
        self,
        send: Callable[[Board, bool], Awaitable[None]],
        save: Callable[[], Awaitable[None]],
        create_task: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """Prepare; ``send`` returns when the broker has taken a command.

        ``save`` returns when it is written which LEDs are told to change.
        """
        self._send = send
        self._save = save
        self._create_task = create_task
        self._asking = asyncio.Semaphore(_ASKED_AT_ONCE)

    async def async_switch(self, board: Board, on: bool) -> None:
        """Switch a LED; return when the board has confirmed it.

        A board says how its LED is when it changes. So one that may have changed unheard
        is told the opposite first: then it has something to say.

        Raises ``HomeAssistantError`` when the board is offline, leaves, or does not
        confirm within 5 s.
        """
        session = board.session
        if not board.online:
            raise _error("board_offline", board)
        uncertain, should_be = board.led_uncertain, board.led_should_be
        # A LED that is as it should be says nothing when told to be so. It is told all
        # the same.
        silent = board.led is on and not uncertain and not board.led_commands
        confirmed = asyncio.get_running_loop().create_future()

        def told(changed: int) -> None:
            if confirmed.done():
                return
            if board.session is not session or not board.online:
                confirmed.set_result(False)
            elif changed & LED and board.led is on:
                confirmed.set_result(True)

        def is_gone() -> bool:
            return confirmed.done() and not confirmed.result()

        stop_listening = board.listen(SESSION | LED, told)
        if not silent:
            board.led_commands += 1
        is_confirmed = False
        try:
            async with asyncio.timeout(CONFIRMATION_TIMEOUT):
                if not silent:
                    # Before it leaves: should Home Assistant die now, the LED is asked
                    # for when it is back.
                    board.led_told = on
                    await self._save()
                for command in (not on, on) if uncertain else (on,):
                    if not is_gone():
                        await self._send(board, command)
                is_confirmed = (silent and not is_gone()) or await confirmed
            if not is_confirmed:
                raise _error("board_left", board)
        except TimeoutError:
            raise _error("not_confirmed", board) from None
        finally:
            stop_listening()
            if not silent:
                board.led_commands -= 1
            if not is_confirmed and board.session is session:
                board.led_doubt = True
                # It may be the opposite of what it should be only because it was asked.
                board.led_told = should_be if uncertain else None

    def ask_for(self, boards: Iterable[Board]) -> None:
        """Find out how these LEDs are."""
        for board in boards:
            if not board.led_commands:
                self._create_task(self._async_ask(board))

    async def _async_ask(self, board: Board) -> None:
        async with self._asking:
            # It may have gone, and it is asked again if it does not answer.
            with suppress(HomeAssistantError):
                await self.async_switch(board, board.led_should_be)


def _error(key: str, board: Board) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"name": board.session.name},
    )
