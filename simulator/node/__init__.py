"""A battery node: MLX90640 thermal camera, DHT11, fan and a class A LoRaWAN radio.

Written from the owner's document and the format published nodes send. Its codec is its
own: the integrations' must agree with it by being right, not by being the same.
"""

from .codec import Layout, Mode, Settings
from .node import BatteryNode, Image, Model, Numbering, Radio, Uplink
from .radio import LossyRadio

__all__ = [
    "BatteryNode",
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
