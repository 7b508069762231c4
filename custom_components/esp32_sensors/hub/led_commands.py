"""LED commands: sent, and finished when the board has confirmed them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError

from ..const import CONFIRMATION_TIMEOUT, DOMAIN
from ..core.boards import SESSION, Board
from ..core.pacing import Pace
from ..core.readings import LED

#: Seconds that a board has to answer a command that may change nothing, before the
#: opposite is sent. Published boards answer within about 2 s: for half of that time their
#: main loop does not read messages.
UNCHANGED_TIMEOUT: Final = 2.5

#: Largest number of boards asked for their LED concurrently. On shared topics the broker
#: delivers each command to every board.
_ASKED_CONCURRENTLY: Final = 4


class LedCommands:
    """Sends LED commands and waits for their confirmations."""

    def __init__(
        self,
        send: Callable[[Board, bool], Awaitable[None]],
        save: Callable[[], Awaitable[None]],
        create_task: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """Initialize without commands.

        ``send`` returns when the broker has accepted a command. ``save`` returns when
        the targets of the LEDs are on the disk.
        """
        self._send = send
        self._save = save
        self._create_task = create_task
        self._pace = Pace()
        self._asking = asyncio.Semaphore(_ASKED_CONCURRENTLY)
        self.before_switch: Callable[[Board], Awaitable[None]] | None = None
        """Called before somebody switches the LED of a board."""

    async def async_switch(self, board: Board, on: bool) -> None:
        """Switch an LED for somebody; return when the board has confirmed it.

        Raises ``HomeAssistantError`` as ``async_command`` does.
        """
        if self.before_switch is not None and board.online:
            await self.before_switch(board)
        await self.async_command(board, on)

    async def async_switch_in_turn(self, board: Board, on: bool) -> None:
        """Switch the LED of one of several boards, as ``async_switch`` does.

        On shared topics the boards have their turns one after the other.
        """
        if board.online and not board.directed:
            await asyncio.sleep(self._pace.reserve(monotonic()))
        await self.async_switch(board, on)

    async def async_command(self, board: Board, on: bool) -> None:
        """Command an LED; return when the board has confirmed it.

        Boards by the protocol document report their LED only when it changes. If the LED
        may already have the wanted state and such a board does not answer, the opposite
        is sent first, so that there is a change to report. Published boards answer every
        command. So the opposite is sent only to a board that did not answer.

        Raises ``HomeAssistantError`` when the board is offline, leaves, or does not
        confirm within 5 s.
        """
        session, sent_at = board.session, monotonic()
        if not board.online:
            raise led_error("board_offline", board)
        uncertain, expected = board.led_uncertain, board.led_expected
        # An LED that already has the wanted state need not be confirmed. The command is
        # sent nevertheless.
        silent = board.led is on and not uncertain and not board.led_commands
        confirmed = asyncio.get_running_loop().create_future()
        opposite_reported = False

        def board_changed(changed: int) -> None:
            nonlocal opposite_reported
            if confirmed.done():
                return
            if board.session is not session or not board.online:
                confirmed.set_result(False)
            elif changed & LED.aspect and board.led is on:
                confirmed.set_result(True)
            else:
                opposite_reported |= bool(changed & LED.aspect)

        async def send(*commands: bool) -> None:
            for command in commands:
                if not confirmed.done() or confirmed.result():
                    await self._send(board, command)

        stop_listening = board.listen(SESSION | LED.aspect, board_changed)
        if not silent:
            board.led_commands += 1
        is_confirmed = False
        try:
            async with asyncio.timeout(CONFIRMATION_TIMEOUT):
                if not silent:
                    # Before it is sent: if Home Assistant is killed now, it asks for the
                    # LED after its restart.
                    board.led_target = on
                    await self._save()
                opposite_first = uncertain and board.led_reports_changes_only
                await send(*((not on, on) if opposite_first else (on,)))
                if uncertain and not opposite_first:
                    await asyncio.wait((confirmed,), timeout=UNCHANGED_TIMEOUT)
                    if not confirmed.done():
                        opposite_reported = False
                        await send(not on, on)
                        # A late answer to the first command does not count as the opposite.
                        board.led_reports_changes_only = (
                            await confirmed and opposite_reported
                        )
                if silent and not confirmed.done():
                    confirmed.set_result(True)
                is_confirmed = await confirmed
            if not is_confirmed:
                raise led_error("board_left", board)
        except TimeoutError:
            if board.session is session and board.unconfirmed_since is None:
                board.unconfirmed_since = sent_at
            raise led_error("not_confirmed", board) from None
        finally:
            stop_listening()
            if not silent:
                board.led_commands -= 1
            if not is_confirmed and board.session is session:
                board.led_unconfirmed = True
                # The LED may have the opposite state only because it was asked for.
                board.led_target = expected if uncertain else None

    def ask_for(self, boards: Iterable[Board]) -> None:
        """Ask boards for the state of their LED by commands."""
        for board in boards:
            if not board.led_commands:
                self._create_task(self._async_ask(board))

    async def _async_ask(self, board: Board) -> None:
        async with self._asking:
            # The board may be offline now. If it does not answer, it is asked again.
            with suppress(HomeAssistantError):
                await self.async_command(board, board.led_expected)


def led_error(key: str, board: Board) -> HomeAssistantError:
    """Return an error about an LED that names the board."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"name": board.session.name},
    )
