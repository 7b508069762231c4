"""ESP32 boards of the session protocol: LED, button, photoresistor.

Two kinds: as the owner's document wants them, and as the firmware in the field is.
Source: the owner's document on the server side, "MQTT communications specification".
"""

from simulator.mqtt.client import Broker

from .behaviour import BoardKind, Session, Timing, daylight
from .board import Board
from .fleet import Fleet, allow_connections, macs

__all__ = [
    "Board",
    "BoardKind",
    "Broker",
    "Fleet",
    "Session",
    "Timing",
    "allow_connections",
    "daylight",
    "macs",
]
