"""Values of a node's record that sensors read."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from .device.battery_node import BatteryNode
from .lorawan.network_server import Link
from .model.thermal_image import ThermalImage


def of_image(value_fn: Callable[[ThermalImage], float]) -> Callable[..., float | None]:
    """Return a function that reads a value of the newest image that has ended."""
    return lambda node: (
        value_fn(node.record.images.measured) if node.record.images.measured else None
    )


def of_extremes(
    value_fn: Callable[[ThermalImage], float],
) -> Callable[..., float | None]:
    """Return a function that reads a value of the newest extremes that are known."""
    return lambda node: (
        value_fn(node.record.images.extremes) if node.record.images.extremes else None
    )


def mode_of_image(node: BatteryNode) -> dict[str, Any]:
    """Return the mode of the image: values of both modes are not comparable."""
    return (
        {"mode": node.record.images.measured.mode}
        if node.record.images.measured
        else {}
    )


def of_link(
    value_fn: Callable[[Link], float | None],
) -> Callable[[BatteryNode], float | None]:
    """Return a function that reads a value of the newest uplink's radio data."""
    return lambda node: (
        value_fn(node.record.traffic.link) if node.record.traffic.link else None
    )


def receptions(node: BatteryNode) -> dict[str, Any]:
    """Return how the gateways with the best signal have received the newest uplink."""
    link = node.record.traffic.link
    return {"receptions": [asdict(one) for one in link.receptions]} if link else {}


def over_ambient(node: BatteryNode) -> float | None:
    """Return by how many K the maximum is above the ambient temperature."""
    images = node.record.images
    if images.extremes is None or images.ambient is None:
        return None
    return round(images.extremes.maximum - images.ambient, 1)


def silence(node: BatteryNode) -> tuple[bool, bool]:
    """Return whether the node is silent, and whether it was ever heard."""
    return node.record.presence.silent, node.record.traffic.heard_at is not None
