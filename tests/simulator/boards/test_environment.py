"""Tests of the events of a board's environment."""

import asyncio
from random import Random
from typing import Any

import pytest

from simulator.boards import BoardKind
from simulator.boards.environment import INTERRUPTIONS, interrupt, push
from tests.simulator.boards.conftest import BOTH, Server, living
from tests.simulator.conftest import Mosquitto, until


@BOTH
async def test_recovers_from_mishaps(
    mosquitto: Mosquitto, server: Server, kind: BoardKind
) -> None:
    """After thirty mishaps the board works and its button is released."""
    random = Random(1)
    async with living(mosquitto, kind) as board:
        for _ in range(30):
            await interrupt(board, random, seconds=0.02)
            await asyncio.sleep(random.random() / 10)
        await board.until_started()
        await push(board)
        await until(
            lambda: (
                server.payloads("button/status")[-2:]
                == [f"{board.session};1", f"{board.session};0"]
            )
        )
        await server.command(f"{board.session};1")
        await until(lambda: board.led)


@pytest.mark.parametrize("happen", INTERRUPTIONS)
async def test_mishap_before_it_has_a_session(
    mosquitto: Mosquitto, server: Server, happen: Any
) -> None:
    """An interruption may happen while the board still joins."""
    server.assign = False
    async with living(mosquitto) as board:
        await until(lambda: server.payloads("state/join"))
        await happen(board, 0.02)
        server.assign = True
        await board.until_started()
