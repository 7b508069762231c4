"""Tests of a node that sends as the options of a command say."""

import argparse
import asyncio

import pytest

from simulator.command_options import add_node
from simulator.sending import send
from simulator.the_things_stack import TheThingsStack, TheThingsStackDevice


def options(*arguments: str) -> argparse.Namespace:
    """Return the options of a quick node."""
    parser = argparse.ArgumentParser()
    add_node(parser)
    return parser.parse_args(["--speed", "100000", *arguments])


async def sent(device: TheThingsStackDevice, options: argparse.Namespace) -> None:
    """Let a node send until the server has heard 40 uplinks."""
    async with asyncio.timeout(10):
        sending = asyncio.create_task(send(device, options))
        while len(device.stored) < 40:
            await asyncio.sleep(0)
        sending.cancel()


@pytest.mark.parametrize(("arguments", "port"), [((), 1), (("--format", "compact"), 9)])
async def test_sends(
    arguments: tuple[str, ...], port: int, caplog: pytest.LogCaptureFixture
) -> None:
    """The node sends its format, and each image is logged with a hot cell's heat."""
    caplog.set_level("INFO")
    device = TheThingsStack().add_device(
        "bank", frame_counter_check=False, storage=True
    )
    await sent(device, options("--hot-cell", "1", "1", "40", *arguments))
    assert device.stored[-1].message["uplink_message"]["f_port"] == port
    assert "bank has sent a fast image" in caplog.text
    assert "fan on" in caplog.text
    assert " 0 uplinks lost" in caplog.text


async def test_losses(caplog: pytest.LogCaptureFixture) -> None:
    """The radio loses what it is set to lose."""
    caplog.set_level("INFO")
    device = TheThingsStack().add_device(
        "bank", frame_counter_check=False, storage=True
    )
    await sent(device, options("--loss", "0.5"))
    assert " 0 uplinks lost" not in caplog.messages[-1]
