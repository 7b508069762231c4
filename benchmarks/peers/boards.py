"""The boards of the measurements, in networks of a thousand."""

from functools import partial

from demo.broker import Broker
from simulator.boards import Board, BoardKind, Broker as Address, Fleet, Timing, macs

NETWORK = 1000
"""Boards in one network: a config entry may have 10 000 entities, and a board of ours has nine."""

QUIET = Timing(light=86_400.0, keepalive=3600)
"""Boards that report nothing by themselves once they have started."""


def fleet_of(broker: Broker, first: int, boards: int, *, directed: bool) -> Fleet:
    """Return boards from number ``first`` on, not started."""
    address = Address(broker.host, broker.port)
    return Fleet(
        [
            Board(
                mac,
                address,
                kind=BoardKind.DOCUMENT,
                prefix=prefix(number),
                directed=directed,
                light=partial(int, 0),
                timing=QUIET,
            )
            for number, mac in enumerate(macs(boards, first + 1), first)
        ]
    )


def prefix(board: int) -> str:
    """Return the prefix of a board's network."""
    network = board // NETWORK
    return f"network{network}/" if network else ""
