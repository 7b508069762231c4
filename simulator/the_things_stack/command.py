"""``the-things-stack``: the stand-in, with nodes."""

import argparse
import asyncio
import logging
from random import Random
import ssl

from simulator.command_options import Commands, add_node
from simulator.node import Numbering
from simulator.sending import send

from .disturbances import disturb
from .server import TheThingsStack

_LOGGER = logging.getLogger(__name__)


def add_application(parser: argparse.ArgumentParser) -> None:
    """Add the options of the application."""
    group = parser.add_argument_group("application")
    group.add_argument("--application", default="batteries", help="(%(default)s)")
    group.add_argument(
        "--tenant", default="ttn", help="'' for the open source edition (%(default)s)"
    )


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "the-things-stack",
        help="a network server with battery nodes",
        description="A stand-in for The Things Stack that speaks MQTT 3.1.1 and HTTP,"
        " and nodes that send through it.",
    )
    group = parser.add_argument_group("server")
    group.add_argument("--host", default="127.0.0.1", help="(%(default)s)")
    group.add_argument("--mqtt-port", type=int, default=1883, help="(%(default)s)")
    group.add_argument("--http-port", type=int, default=1885, help="(%(default)s)")
    group.add_argument("--certificate", metavar="FILE", help="use TLS on both ports")
    group.add_argument("--private-key", metavar="FILE")
    group.add_argument(
        "--no-storage", action="store_true", help="storage integration switched off"
    )
    group.add_argument(
        "--frame-counters",
        choices=["strict", "relaxed"],
        help="drop uplinks whose counter does not grow, or take all"
        " (relaxed if the counter is the line's number, else strict)",
    )
    group.add_argument(
        "--trouble-every",
        type=float,
        default=0,
        metavar="SECONDS",
        help="let something go wrong now and then; 0 for never (%(default)s)",
    )
    add_application(parser)
    group = parser.add_argument_group("access")
    group.add_argument("--key", default="NNSXS.SIMULATOR", help="(%(default)s)")
    parser.add_argument(
        "--device",
        action="append",
        metavar="ID",
        help="a node's device id; may be given several times (battery-bank)",
    )
    add_node(parser)
    parser.set_defaults(run=_run)


async def _run(options: argparse.Namespace) -> None:
    tls = None
    if options.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options.certificate, options.private_key)
    stack = TheThingsStack(
        options.application,
        options.tenant,
        host=options.host,
        mqtt_port=options.mqtt_port,
        http_port=options.http_port,
        tls=tls,
    )
    stack.add_key(options.key)
    strict = options.frame_counters == "strict" or (
        options.frame_counters is None
        and (options.format == "compact" or options.numbering != Numbering.COUNTER)
    )
    async with stack, asyncio.TaskGroup() as group:
        scheme = "https" if tls else "http"
        _LOGGER.info("MQTT: %s:%d", options.host, stack.mqtt_port)
        _LOGGER.info("HTTP: %s://%s:%d", scheme, options.host, stack.http_port)
        _LOGGER.info("user %s, key %s", stack.uid, options.key)
        for device_id in options.device or ["battery-bank"]:
            device = stack.add_device(
                device_id, frame_counter_check=strict, storage=not options.no_storage
            )
            group.create_task(send(device, options))
        random = Random()
        while options.trouble_every:
            await asyncio.sleep(random.expovariate(1 / options.trouble_every))
            _LOGGER.info("trouble: %s", disturb(stack, random))
