"""Events of a board's environment: button presses, power cuts and radio interruptions."""

import asyncio
from collections.abc import Awaitable, Callable
import logging
from random import Random

from .board import Board

_LOGGER = logging.getLogger(__name__)

HOLD = 0.3
"""Seconds a button is held down after its board has noticed."""


async def push(board: Board) -> None:
    """Press and release the button."""
    await board.push()
    await asyncio.sleep(HOLD)
    await board.release()


async def unplug(board: Board, seconds: float) -> None:
    """Cut the power for a while; the will is sent."""
    board.cut()
    await asyncio.sleep(seconds)
    board.restart()


async def switch_off(board: Board, seconds: float) -> None:
    """Disconnect regularly, and restart after a while."""
    await board.leave()
    await asyncio.sleep(seconds)
    board.restart()


async def break_connection(board: Board, _seconds: float) -> None:
    """Interrupt the network for a moment."""
    board.drop()


async def power_cycle(board: Board, _seconds: float) -> None:
    """Cut the power for less than the broker's timeout."""
    board.restart()


INTERRUPTIONS: tuple[Callable[[Board, float], Awaitable[None]], ...] = (
    unplug,
    switch_off,
    break_connection,
    power_cycle,
)


async def interrupt(board: Board, random: Random, seconds: float = 10.0) -> None:
    """Apply one event to a board; `seconds` is the duration of those with an absence."""
    happen = random.choice(INTERRUPTIONS)
    _LOGGER.info("%s: %s", board.name or board.mac, happen.__name__.replace("_", " "))
    await happen(board, seconds)
