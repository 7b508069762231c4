"""Identification of boards: their LEDs blink, and get their state back."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN
from ..core.boards import SESSION, Board, Session
from ..core.identification import AT_ONCE, ATTEMPTS, AWAY, Blinking
from ..core.pacing import Pace
from ..core.readings import LED
from .led_commands import LedCommands, led_error


class Identification:
    """Lets LEDs blink. ``led_before`` of a board is set until its LED is as it was.

    Who switches the LED meanwhile ends that, and so does a change that nobody commanded
    here. What they set stays.
    """

    def __init__(
        self,
        leds: LedCommands,
        send: Callable[[Board, bool], Awaitable[None]],
        save: Callable[[], Awaitable[None]],
        create_task: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """Initialize without boards.

        ``send`` returns when the broker has accepted a command. ``save`` returns when
        the states to restore are on the disk.
        """
        self._leds = leds
        self._send = send
        self._save = save
        self._create_task = create_task
        self._pace = Pace()
        self._blinking: dict[Board, Blinking] = {}
        self._tasks: dict[Board, asyncio.Task[None]] = {}
        """By board, until the LED is as it was."""
        leds.before_switch = self.async_end

    @property
    def boards(self) -> Collection[Board]:
        """The boards that blink, or whose LED is not yet as it was."""
        return self._tasks.keys()

    async def async_identify(self, board: Board) -> None:
        """Let the LED of a board blink; return when the first command was sent.

        A board that blinks already does so for five seconds from now on. Raises
        ``HomeAssistantError`` when the board is offline or the broker is not connected,
        and ``ServiceValidationError`` when too many boards blink.
        """
        if not board.online:
            raise led_error("board_offline", board)
        if (blinking := self._blinking.get(board)) is not None:
            blinking.extend(monotonic())
            return
        if len(self._blinking) >= AT_ONCE:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="too_many_blink",
                translation_placeholders={"limit": str(AT_ONCE)},
            )
        blinking = self._blinking[board] = _blinking(board)
        # It may still be getting its state back from the time before.
        board.led_before = None
        try:
            await self._async_cancel(board)
        except asyncio.CancelledError:
            # Whoever asked has given up. The board is asked for its LED.
            del self._blinking[board]
            board.led_target, board.led_unconfirmed = blinking.before, True
            raise
        board.led_before = blinking.before
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._start(board, self._async_identify(board, blinking, started))
        await asyncio.shield(started)

    async def async_end(self, board: Board) -> None:
        """End the identification of a board: somebody switches its LED."""
        if board not in self._tasks:
            return
        before, board.led_before = board.led_before, None
        await self._async_cancel(board)
        if before is not None:
            # What the LED is to be if the command of who switches it fails.
            board.led_target, board.led_unconfirmed = before, True

    def forget(self, board: Board) -> None:
        """End the identification of a board that was removed."""
        board.led_before = None
        if (task := self._tasks.get(board)) is not None:
            task.cancel()

    def resume(self, boards: Iterable[Board]) -> None:
        """Restore the LEDs that were blinking when Home Assistant stopped."""
        for board in boards:
            if board.led_before is not None:
                self._start(board, self._async_restore(board, board.session))

    def _start(self, board: Board, run: Coroutine[Any, Any, None]) -> None:
        task = self._tasks[board] = self._create_task(self._async_run(board, run))
        task.add_done_callback(lambda _: self._tasks.pop(board))

    async def _async_cancel(self, board: Board) -> None:
        if (task := self._tasks.get(board)) is not None:
            task.cancel()
            await asyncio.wait((task,))

    async def _async_run(self, board: Board, run: Coroutine[Any, Any, None]) -> None:
        try:
            await run
        except asyncio.CancelledError:
            # The network is unloaded. What is not confirmed is restored after its start.
            if board.led_before is not None and board.online:
                with suppress(HomeAssistantError):
                    await self._send(board, board.led_before)
            raise

    async def _async_identify(
        self, board: Board, blinking: Blinking, started: asyncio.Future[None]
    ) -> None:
        session = board.session
        try:
            await self._async_blink(board, blinking, started)
        except HomeAssistantError as error:
            if not started.done():
                # No command was sent.
                board.led_before = None
                started.set_exception(error)
        finally:
            if not started.done():
                started.set_result(None)
        if blinking.is_restored:
            board.led_before = None
            await self._save()
            return
        if board.session is session and not blinking.is_answered:
            board.led_unconfirmed = True
        await self._async_restore(board, session)

    async def _async_blink(
        self, board: Board, blinking: Blinking, started: asyncio.Future[None]
    ) -> None:
        """Send commands until it is over, the board leaves, or somebody switches it.

        Raises ``HomeAssistantError`` when a command cannot be sent.
        """
        session = board.session
        changed = asyncio.Event()

        def board_changed(aspects: int) -> None:
            if aspects & LED.aspect and not blinking.report(
                board.led is True, monotonic()
            ):
                board.led_before = None
            changed.set()

        def wait() -> float | None:
            if board.session is not session or not board.online:
                return None
            return None if board.led_before is None else blinking.wait(monotonic())

        stop_listening = board.listen(SESSION | LED.aspect, board_changed)
        board.led_commands += 1
        _show(board, True)
        try:
            # Before the first command: if Home Assistant is killed now, it restores the
            # LED after its restart.
            await self._save()
            while (seconds := wait()) is not None:
                if seconds > 0:
                    changed.clear()
                    await _wait(changed, seconds)
                    continue
                if not board.directed:
                    await asyncio.sleep(self._pace.reserve(monotonic()))
                if wait() is not None:
                    await self._send(board, blinking.next_command(monotonic()))
                    if not started.done():
                        started.set_result(None)
            if not started.done():
                raise led_error("board_left", board)
        finally:
            stop_listening()
            board.led_commands -= 1
            self._blinking.pop(board, None)
            _show(board, False)

    async def _async_restore(self, board: Board, session: Session) -> None:
        """Give an LED its state back as soon as its board is online."""
        for _ in range(ATTEMPTS):
            if not await _until_online(board, session):
                # It was without power.
                board.led_before = None
            if board.led_before is None:
                break
            with suppress(HomeAssistantError):
                await self._leds.async_command(board, board.led_before)
                board.led_before = None
                break
        else:
            # It is asked for its LED when it comes back.
            board.led_target, board.led_unconfirmed = board.led_before, True
            board.led_before = None
        await self._save()


def _blinking(board: Board) -> Blinking:
    """Return the blinking of an LED from what is known of it now."""
    certain = board.led_before is None and not (
        board.led_uncertain or board.led_commands
    )
    before = board.led is True if certain else board.led_expected
    return Blinking(before, monotonic(), certain=certain)


def _show(board: Board, identifying: bool) -> None:
    board.identifying = identifying
    board.notify_listeners(SESSION)


async def _wait(changed: asyncio.Event, seconds: float) -> None:
    """Return when an event is set, or after a time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await changed.wait()


async def _until_online(board: Board, session: Session) -> bool:
    """Return when a board is online.

    The result is False if it was away for too long and is in a session other than
    ``session``.
    """
    away_since = monotonic()
    changed = asyncio.Event()
    stop_listening = board.listen(SESSION, lambda _: changed.set())
    try:
        while not board.online:
            changed.clear()
            await changed.wait()
    finally:
        stop_listening()
    return board.session is session or monotonic() - away_since <= AWAY
