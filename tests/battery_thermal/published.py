"""Uplinks of the simulated node as each network server publishes them, read again.

With the messages of the stand-ins in between, the yield of images holds for a server, and
not for the rules of assembly alone.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib import import_module

from custom_components.battery_thermal.lorawan.network_server import Uplink
from simulator.networks import NETWORKS
from simulator.node import Uplink as Frame

type Reader = Callable[[str, bytes, datetime], object]
"""Takes topic, payload, and the time of reception."""


@cache
def _reader(network: str) -> Reader:
    """Return `read` of the module `published` among the tests of a server's package."""
    module = import_module(f"tests.battery_thermal.lorawan.{network}.published")
    read: Reader = module.read
    return read


def published(
    network: str, session: int, frame: Frame, received_at: datetime
) -> Uplink:
    """Return an uplink that a server has published, by the server's key."""
    topic, payload = NETWORKS[network].published(session, frame, received_at)
    uplink = _reader(network)(topic, payload, received_at)
    assert isinstance(uplink, Uplink)
    return uplink
