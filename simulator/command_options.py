"""Options that several commands share."""

import argparse
import ssl

from simulator.mqtt.client import Broker
from simulator.node import Layout, Numbering

type Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001


def add_broker(parser: argparse.ArgumentParser) -> None:
    """Add the options of the broker."""
    group = parser.add_argument_group("broker")
    group.add_argument(
        "--broker",
        default="127.0.0.1:1883",
        metavar="HOST[:PORT]",
        help="any MQTT broker (default: %(default)s)",
    )
    group.add_argument("--username")
    group.add_argument("--password")
    group.add_argument(
        "--mqtt", choices=["3.1.1", "5"], default="5", help="version (default: 5)"
    )
    group.add_argument("--tls", action="store_true", help="encrypt, verify the broker")
    group.add_argument("--ca", metavar="FILE", help="trust these authorities only")


def broker_from(options: argparse.Namespace) -> Broker:
    """Return the requested broker. Raises ValueError for an invalid port."""
    host, _, port = options.broker.partition(":")
    tls = None
    if options.tls or options.ca:
        tls = ssl.create_default_context(cafile=options.ca)
    return Broker(
        host,
        int(port or (8883 if tls else 1883)),
        options.username,
        options.password,
        4 if options.mqtt == "3.1.1" else 5,
        tls,
    )


def add_node(parser: argparse.ArgumentParser) -> None:
    """Add the options of a node and of its radio."""
    group = parser.add_argument_group("node")
    group.add_argument(
        "--format",
        choices=["lines", "compact"],
        default="lines",
        help="lines as published nodes send them, or a picture in one message, or in"
        " four where that is too short (%(default)s)",
    )
    group.add_argument(
        "--facts-when-hot",
        type=int,
        default=0,
        metavar="MESSAGES",
        help="compact: messages without pixels after a picture over the threshold"
        " (%(default)s)",
    )
    group.add_argument(
        "--spreading-factor",
        type=int,
        choices=range(7, 13),
        default=7,
        help="of uplinks: it limits the size of a message (%(default)s)",
    )
    group.add_argument(
        "--layout",
        choices=list(Layout),
        default=Layout.SLOW_24,
        help="messages of a slow image: 24 columns or 32 rows (%(default)s)",
    )
    group.add_argument(
        "--numbering",
        choices=list(Numbering),
        default=Numbering.COUNTER,
        help="where the number of a line is: frame counter, FPort, nowhere"
        " (%(default)s)",
    )
    group.add_argument(
        "--interval",
        type=float,
        default=25,
        metavar="SECONDS",
        help="between uplinks, in the node's time (%(default)s)",
    )
    group.add_argument(
        "--speed",
        type=float,
        default=1,
        metavar="FACTOR",
        help="how much faster the node's time goes than ours (%(default)s)",
    )
    group.add_argument(
        "--hot-cell",
        type=float,
        nargs=3,
        metavar=("ROW", "COLUMN", "KELVIN"),
        help="a cell of the 4 x 3, counted from 0, that is warmer than the others",
    )
    group.add_argument("--seed", type=int, default=0, help="of all chance (0)")
    group = parser.add_argument_group("radio", "Shares of all messages, 0 to 1.")
    for name, text in (
        ("loss", "uplinks no gateway hears"),
        ("downlink-loss", "downlinks the node does not hear"),
        ("duplicates", "uplinks that are published twice"),
        ("disorder", "uplinks that are published after the one that follows"),
    ):
        group.add_argument(f"--{name}", type=float, default=0, help=text)
    group.add_argument(
        "--burst",
        type=float,
        default=1,
        metavar="UPLINKS",
        help="how many are lost in a row, on average (1: each on its own)",
    )
