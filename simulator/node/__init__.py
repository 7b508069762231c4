"""A battery node: MLX90640 thermal camera, DHT11, fan and a class A LoRaWAN radio.

Written from the owner's document and the format that published nodes send. It has its
own codec and shares no code with the integration, so a mistake in one is not repeated in
the other.
"""

from .codec import Layout, Mode, Settings
from .compact import COMPACT_PORT, CompactImage, CompactNode
from .interfaces import Model, Radio
from .node import BatteryNode, Image, Numbering, Uplink
from .radio import LossyRadio

__all__ = [
    "COMPACT_PORT",
    "BatteryNode",
    "CompactImage",
    "CompactNode",
    "Image",
    "Layout",
    "LossyRadio",
    "Mode",
    "Model",
    "Numbering",
    "Radio",
    "Settings",
    "Uplink",
]
