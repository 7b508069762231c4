"""``chirpstack``: the stand-in for ChirpStack, with nodes."""

import argparse
import asyncio
import logging

from simulator.command_options import Commands, add_broker, add_node, broker_from
from simulator.node import Numbering
from simulator.sending import send

from .server import BrokerOutlet, ChirpStack, ChirpStackWithBroker

_LOGGER = logging.getLogger(__name__)


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "chirpstack",
        help="ChirpStack with battery nodes",
        description="A stand-in for ChirpStack v4 that publishes its events on a broker,"
        " and nodes that send through it.",
    )
    add_broker(parser)
    group = parser.add_argument_group("server")
    group.add_argument(
        "--own-broker",
        type=int,
        metavar="PORT",
        help="listen on this port instead of connecting to a broker",
    )
    group.add_argument(
        "--qos",
        type=int,
        choices=[0, 1],
        default=0,
        help="of events; with 1 the broker keeps them for clients (%(default)s)",
    )
    group.add_argument("--event-prefix", default="", help="before application/ ('')")
    group.add_argument("--command-prefix", default="", help="before application/ ('')")
    group.add_argument(
        "--frame-counters",
        choices=["strict", "relaxed"],
        help="drop uplinks whose counter does not grow, or take all"
        " (relaxed if the counter is the line's number, else strict)",
    )
    parser.add_argument(
        "--device",
        action="append",
        metavar="EUI",
        help="a node's EUI; may be given several times (70b3d57ed0000001)",
    )
    add_node(parser)
    parser.set_defaults(run=_run)


async def _run(options: argparse.Namespace) -> None:
    topics = {
        "event_prefix": options.event_prefix,
        "command_prefix": options.command_prefix,
    }
    async with asyncio.TaskGroup() as group:
        if options.own_broker is not None:
            own = ChirpStackWithBroker(
                mqtt_port=options.own_broker, qos=options.qos, **topics
            )
            async with own:
                _LOGGER.info("MQTT: 127.0.0.1:%d", own.mqtt_port)
                await _send(own, options)
        else:
            outlet = BrokerOutlet(broker_from(options))
            server = ChirpStack(outlet, qos=options.qos, **topics)
            group.create_task(outlet.run(server))
            await outlet.connected.wait()
            await _send(server, options)


async def _send(server: ChirpStack, options: argparse.Namespace) -> None:
    """Let the nodes send, for ever."""
    _LOGGER.info("application %s", server.application_id)
    strict = options.frame_counters == "strict" or (
        options.frame_counters is None and options.numbering != Numbering.COUNTER
    )
    async with asyncio.TaskGroup() as group:
        for dev_eui in options.device or ["70b3d57ed0000001"]:
            device = server.add_device(dev_eui, frame_counter_check=strict)
            group.create_task(send(device, options))
