"""A stand-in for The Things Stack v3 that really speaks MQTT 3.1.1 and HTTP.

Sources: https://www.thethingsindustries.com/docs/ (integrations, API reference) and
the source of github.com/TheThingsNetwork/lorawan-stack. It does what the real one does
and, told so by its ``faults``, what the real one does on a bad day.
"""

from .airtime import time_on_air
from .device import Device, Downlink
from .faults import Faults, HttpFault
from .keys import ALL_RIGHTS, MQTT_PAGE_RIGHTS, Right
from .messages import QueuedDownlink, Reception
from .server import TheThingsStack

__all__ = [
    "ALL_RIGHTS",
    "MQTT_PAGE_RIGHTS",
    "Device",
    "Downlink",
    "Faults",
    "HttpFault",
    "QueuedDownlink",
    "Reception",
    "Right",
    "TheThingsStack",
    "time_on_air",
]
