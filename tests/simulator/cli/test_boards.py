"""Tests of the command that runs boards."""

import signal

import aiomqtt

from tests.simulator.cli.command import command
from tests.simulator.conftest import Mosquitto


async def test_boards(mosquitto: Mosquitto) -> None:
    """Boards join; Ctrl-C ends the command."""
    broker = f"127.0.0.1:{mosquitto.port}"
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        await client.subscribe("user/state/join")
        async with command(
            "boards", "--broker", broker, "--count", "2", "--kind", "both",
            "--prefix", "user/", "--mqtt", "3.1.1",
        ) as boards:  # fmt: skip
            await boards.until("2 boards at 127.0.0.1")
            joins = {(await anext(client.messages)).payload for _ in range(2)}
            assert joins == {b"02:00:00:00:00:01", b"02:00:00:00:00:02"}
            assert await boards.stop(signal.SIGINT) == 0
