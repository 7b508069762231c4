"""``node``: a battery node that sends through any broker."""

import argparse
import asyncio
import logging

from simulator.chirpstack import Device as ChirpStackDevice
from simulator.data_rate import longest_payload
from simulator.node import BatteryNode, CompactNode, LossyRadio
from simulator.the_things_stack import Device as TheThingsStackDevice
from simulator.the_things_stack.broker import BrokerApplication
from simulator.thermal_model import ThermalModel

from .options import Commands, add_application, add_broker, add_node, broker_from

_LOGGER = logging.getLogger(__name__)


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


def _node(
    model: ThermalModel, radio: LossyRadio, options: argparse.Namespace
) -> BatteryNode:
    """Return a node with the requested format."""
    device = radio.device
    device.spreading_factor = options.spreading_factor
    if options.format == "compact":
        return CompactNode(
            model,
            radio,
            capacity=lambda: longest_payload(device.spreading_factor),
            facts_when_hot=options.facts_when_hot,
            interval=options.interval,
            speed=options.speed,
        )
    return BatteryNode(
        model,
        radio,
        layout=options.layout,
        numbering=options.numbering,
        interval=options.interval,
        speed=options.speed,
    )


async def send(
    device: TheThingsStackDevice | ChirpStackDevice, options: argparse.Namespace
) -> None:
    """Run a node, and print what it sends."""
    model = ThermalModel(options.seed)
    if options.hot_cell:
        row, column, kelvin = options.hot_cell
        model.heat((int(row), int(column)), kelvin)
    radio = LossyRadio(
        device,
        loss=options.loss,
        burst=options.burst,
        downlink_loss=options.downlink_loss,
        duplicates=options.duplicates,
        disorder=options.disorder,
        seed=options.seed,
    )
    node = _node(model, radio, options)
    while True:
        settings = node.threshold, node.mode, node.fan_asked
        uplink = await node.step()
        if settings != (node.threshold, node.mode, node.fan_asked):
            _LOGGER.info(
                "%s is told: %s, threshold %d °C, fan %s",
                device.device_id,
                node.mode,
                node.threshold,
                "on" if node.fan_asked else "as needed",
            )
        image = node.image
        if image is not None and image.complete and uplink.line is not None:
            _LOGGER.info(
                "%s has sent a %s image: %.1f to %.1f °C, fan %s, %d uplinks lost",
                device.device_id,
                image.mode,
                image.minimum / 10,
                image.maximum / 10,
                "on" if node.fan_running else "off",
                radio.lost,
            )
        await asyncio.sleep(node.interval / node.speed)
