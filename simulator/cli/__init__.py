"""Boards, battery nodes and stand-ins for network servers, from the command line."""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import suppress
import logging
import signal
import sys

from simulator.networks import NETWORKS

from . import boards, node


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command until interrupted; return 1 if it fails."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING if options.quiet else logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
    )
    status = 0
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(_until_stopped(options))
    except* (OSError, TimeoutError, ValueError) as group:
        for error in group.exceptions:
            print(f"simulator: {error}", file=sys.stderr)
        status = 1
    return status


async def _until_stopped(options: argparse.Namespace) -> None:
    """Run the command until SIGTERM or Ctrl-C, also if a shell started it in the background.

    Such a process is started with SIGINT ignored, and Python leaves it so.
    """
    task = asyncio.ensure_future(options.run(options))
    for number in signal.SIGINT, signal.SIGTERM:
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description=__doc__,
        epilog="Every command runs until Ctrl-C. 'COMMAND --help' lists its options.",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="only say warnings")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    boards.add_to(commands)
    node.add_to(commands)
    for network in NETWORKS.values():
        network.add_command(commands)
    return parser
