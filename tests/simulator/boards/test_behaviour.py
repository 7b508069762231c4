"""Tests of what a board measures."""

import pytest

from simulator.boards import BoardKind, daylight
from tests.simulator.boards.conftest import BOTH, Server, living
from tests.simulator.conftest import Mosquitto, until


def test_daylight() -> None:
    """Light values are between 1 and 100, and the same for the same seed."""
    first, second = daylight("a"), daylight("a")
    values = [first() for _ in range(1000)]
    assert (min(values), max(values)) == (1, 100)
    assert values == [second() for _ in range(1000)]


@BOTH
@pytest.mark.parametrize("percent", [100, 99, 10, 9])
async def test_light(
    mosquitto: Mosquitto, server: Server, kind: BoardKind, percent: int
) -> None:
    """A field board reports 100 % as 10, because its buffer is one byte short."""
    async with living(mosquitto, kind, light=lambda: percent) as board:
        await board.until_started()
        await until(lambda: server.payloads("photoresistor/status"))
        reported = 10 if (percent, kind) == (100, BoardKind.FIELD) else percent
        assert server.payloads("photoresistor/status")[0].endswith(f";{reported}")
        assert (board.light, board.reported_light) == (percent, reported)
