"""A stand-in for The Things Stack v3 with servers for MQTT 3.1.1 and HTTP.

Sources: https://www.thethingsindustries.com/docs/ (integrations, API reference) and
the source of github.com/TheThingsNetwork/lorawan-stack. It behaves like the real
server and, on request (``faults``), like the real server with a fault.
"""

from simulator.raw import Raw, Where

from . import extras
from .airtime import time_on_air
from .device import TheThingsStackDevice, TheThingsStackDownlink
from .faults import Faults, HttpFault, StreamFault
from .keys import ALL_RIGHTS, MQTT_PAGE_RIGHTS, Right
from .messages import QueuedDownlink, Reception
from .server import TheThingsStack

__all__ = [
    "ALL_RIGHTS",
    "MQTT_PAGE_RIGHTS",
    "Faults",
    "HttpFault",
    "QueuedDownlink",
    "Raw",
    "Reception",
    "Right",
    "StreamFault",
    "TheThingsStack",
    "TheThingsStackDevice",
    "TheThingsStackDownlink",
    "Where",
    "extras",
    "time_on_air",
]
