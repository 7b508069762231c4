"""``boards``: ESP32 boards on a broker, with random events."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
import logging
from random import Random

from simulator.boards import Board, BoardKind, Fleet, macs
from simulator.boards.environment import interrupt, push
from simulator.command_options import Commands, add_broker, broker_from

_LOGGER = logging.getLogger(__name__)

_ROUND = 10.0
"""Seconds between two lines about the load."""


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "boards",
        help="ESP32 boards of the session protocol",
        description="Boards that join, have an LED, a button and a photoresistor."
        " Somebody must answer on state/nameAssign, or they join for ever.",
    )
    add_broker(parser)
    group = parser.add_argument_group("boards")
    group.add_argument("--count", type=int, default=5, help="how many (%(default)s)")
    group.add_argument(
        "--first",
        type=int,
        default=1,
        metavar="NUMBER",
        help="of the first MAC address, 02:00:00:00:00:01 (%(default)s)",
    )
    group.add_argument(
        "--kind",
        choices=[*BoardKind, "both"],
        default=BoardKind.FIELD,
        help="as published firmware is, by the document, or in turn (%(default)s)",
    )
    group.add_argument("--prefix", default="", help="before every topic")
    group.add_argument(
        "--directed", action="store_true", help="put the MAC behind every topic"
    )
    group = parser.add_argument_group("events, in seconds on average; 0 for never")
    group.add_argument(
        "--push-every", type=float, default=20, help="a button is pushed (%(default)s)"
    )
    group.add_argument(
        "--trouble-every",
        type=float,
        default=0,
        help="a board is unplugged, switched off, restarted or loses its connection"
        " (%(default)s)",
    )
    group.add_argument(
        "--rate",
        type=float,
        default=0,
        metavar="MESSAGES",
        help="light values a second, all boards together, on top of their own",
    )
    parser.set_defaults(run=_run)


async def _run(options: argparse.Namespace) -> None:
    broker = broker_from(options)
    kinds = list(BoardKind) if options.kind == "both" else [BoardKind(options.kind)]
    boards = [
        Board(
            mac,
            broker,
            kind=kinds[index % len(kinds)],
            prefix=options.prefix,
            directed=options.directed,
        )
        for index, mac in enumerate(macs(options.count, options.first))
    ]
    async with Fleet(boards) as fleet, asyncio.TaskGroup() as group:
        _LOGGER.info("%d boards at %s:%d", len(boards), broker.host, broker.port)
        if options.push_every:
            group.create_task(_now_and_then(options.push_every, boards, _push))
        if options.trouble_every:
            group.create_task(_now_and_then(options.trouble_every, boards, interrupt))
        await fleet.until_started()
        _LOGGER.info("all %d have started their sessions", len(boards))
        while options.rate:
            sent = await fleet.load(options.rate, _ROUND)
            _LOGGER.info("%d messages in %.0f s", sent, _ROUND)
        await asyncio.Event().wait()


async def _now_and_then(
    seconds: float,
    boards: Sequence[Board],
    act: Callable[[Board, Random], Awaitable[None]],
) -> None:
    random = Random()
    while True:
        await asyncio.sleep(random.expovariate(1 / seconds))
        await act(random.choice(boards), random)


async def _push(board: Board, _random: Random) -> None:
    await push(board)
