"""A node that sends through a device of a network server, as the options say."""

import argparse
import asyncio
import logging

from .data_rate import longest_payload
from .network import NetworkDevice
from .node import BatteryNode, CompactNode, LossyRadio
from .thermal_model import ThermalModel

_LOGGER = logging.getLogger(__name__)


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


async def send(device: NetworkDevice, options: argparse.Namespace) -> None:
    """Run a node, and log what it sends; for ever."""
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
                "%s has received: %s, threshold %d °C, fan %s",
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
