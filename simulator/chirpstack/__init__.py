"""A stand-in for ChirpStack v4, as its MQTT integration shows it to applications.

Devices with a class A queue publish ChirpStack's JSON events on a broker, either one of
its own (`ChirpStackWithBroker`) or any other (`ChirpStack` with a `BrokerOutlet`).
Source: the source of ChirpStack v4, and its protobuf definitions.
"""

from .commands import QueueItem
from .device import ChirpStackDevice, ChirpStackDownlink
from .events import GatewayReception, LogCode
from .server import BrokerOutlet, ChirpStack, ChirpStackWithBroker

__all__ = [
    "BrokerOutlet",
    "ChirpStack",
    "ChirpStackDevice",
    "ChirpStackDownlink",
    "ChirpStackWithBroker",
    "GatewayReception",
    "LogCode",
    "QueueItem",
]
