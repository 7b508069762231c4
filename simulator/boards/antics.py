"""What happens to boards: hands, plugs, and radio that breaks."""

import asyncio
from collections.abc import Awaitable, Callable
import logging
from random import Random

from .board import Board

_LOGGER = logging.getLogger(__name__)

HOLD = 0.3
"""Seconds a button is held down."""


async def push(board: Board) -> None:
    """Push the button and let go."""
    await board.push()
    await asyncio.sleep(HOLD)
    await board.release()


async def unplug(board: Board, seconds: float) -> None:
    """Take its power for a while, without a goodbye."""
    board.cut()
    await asyncio.sleep(seconds)
    board.restart()


async def switch_off(board: Board, seconds: float) -> None:
    """Let it say goodbye, and come back after a while."""
    await board.leave()
    await asyncio.sleep(seconds)
    board.restart()


async def break_connection(board: Board, _seconds: float) -> None:
    """Lose the network for a moment."""
    board.drop()


async def power_cycle(board: Board, _seconds: float) -> None:
    """Take its power too shortly for anybody to notice in time."""
    board.restart()


MISHAPS: tuple[Callable[[Board, float], Awaitable[None]], ...] = (
    unplug,
    switch_off,
    break_connection,
    power_cycle,
)


async def mishap(board: Board, random: Random, seconds: float = 10.0) -> None:
    """Let one of these happen to a board; away for ``seconds`` if it is one of those."""
    happen = random.choice(MISHAPS)
    _LOGGER.info("%s: %s", board.name or board.mac, happen.__name__.replace("_", " "))
    await happen(board, seconds)
