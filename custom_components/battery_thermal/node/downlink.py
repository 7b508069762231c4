"""Downlinks: the node's three settings in two bytes.

Source: the firmware that published nodes of this design run.
"""

from dataclasses import dataclass
from typing import Any

from .layout import Mode

DOWNLINK_PORT = 1
"""The FPort that the node listens to."""

THRESHOLD_RANGE = (-40, 300)
"""What an owner may ask for, in °C: what the MLX90640 measures."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the node can be told, always told at once.

    The fan runs while an image's maximum is over `threshold` (whole °C), and also
    below it while `fan` asks for it.
    """

    threshold: int
    mode: Mode
    fan: bool

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Settings:
        """Return the settings that `dataclasses.asdict` was called on."""
        return cls(data["threshold"], Mode(data["mode"]), data["fan"])


FRESH_SETTINGS = Settings(threshold=50, mode=Mode.FAST, fan=False)
"""What a node does that has never been told anything."""


def encode_downlink(settings: Settings) -> bytes:
    """Return the two bytes that tell the node its settings.

    Raises ValueError if the threshold is outside THRESHOLD_RANGE.
    """
    low, high = THRESHOLD_RANGE
    if not low <= settings.threshold <= high:
        raise ValueError(f"threshold {settings.threshold} °C outside {low}..{high} °C")
    fast = settings.mode is Mode.FAST
    head = 0b11000000 | settings.fan << 5 | fast << 4
    return bytes((head | settings.threshold >> 8 & 0x0F, settings.threshold & 0xFF))
