"""ESP32 boards of the session protocol: LED, button, photoresistor.

Two kinds: by the owner's document, and as the published firmware was measured.
Source: the owner's document on the server side, "MQTT communications specification".
"""

from simulator.mqtt.client import Broker

from .behaviour import BoardKind, Session, Timing, daylight
from .board import Board
from .button import FieldButton
from .fleet import Fleet, allow_connections, macs

__all__ = [
    "Board",
    "BoardKind",
    "Broker",
    "FieldButton",
    "Fleet",
    "Session",
    "Timing",
    "allow_connections",
    "daylight",
    "macs",
]
