"""``node``: a battery node that sends through any broker."""

import argparse
import asyncio

from simulator.command_options import Commands, add_broker, add_node, broker_from
from simulator.sending import send
from simulator.the_things_stack.broker import BrokerApplication
from simulator.the_things_stack.command import add_application


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "node",
        help="a battery node, on any MQTT broker",
        description="A node whose uplinks appear on a broker as The Things Stack"
        " publishes them, and which takes downlinks from down/push and down/replace"
        " there. For keys, HTTP and the rest: the-things-stack.",
    )
    add_broker(parser)
    add_application(parser)
    add_node(parser)
    parser.add_argument("--device", default="battery-bank", help="(%(default)s)")
    parser.set_defaults(run=_run)


async def _run(options: argparse.Namespace) -> None:
    application = BrokerApplication(
        broker_from(options), options.application, options.tenant, options.device
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(application.run())
        await application.connected.wait()
        await send(application.device, options)
