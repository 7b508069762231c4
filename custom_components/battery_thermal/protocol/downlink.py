"""Downlinks: the node's three settings in two bytes.

Source: the firmware that published nodes of this design run.
"""

from dataclasses import dataclass
from typing import Any

from ..model.mode import Mode

DOWNLINK_PORT = 1
"""The FPort on which the node receives."""

THRESHOLD_RANGE = (-40, 300)
"""Thresholds that can be requested, in °C: what the MLX90640 measures."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a node; a downlink always carries all of them.

    The fan runs while an image's maximum is over `threshold` (whole °C), and also
    below it while `fan` asks for it.
    """

    threshold: int
    mode: Mode
    fan: bool

    def changed(
        self, *, threshold: int | None, mode: Mode | None, fan: bool | None
    ) -> Settings:
        """Return settings with what is given; None: unchanged."""
        return Settings(
            self.threshold if threshold is None else threshold,
            mode or self.mode,
            self.fan if fan is None else fan,
        )

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Settings:
        """Return the settings that `dataclasses.asdict` was called on."""
        return cls(data["threshold"], Mode(data["mode"]), data["fan"])


FRESH_SETTINGS = Settings(threshold=50, mode=Mode.FAST, fan=False)
"""Settings of a node that has never received a downlink."""


def encode_downlink(settings: Settings) -> bytes:
    """Return the two bytes of a downlink with settings.

    Raises ValueError if the threshold is outside THRESHOLD_RANGE.
    """
    low, high = THRESHOLD_RANGE
    if not low <= settings.threshold <= high:
        raise ValueError(f"threshold {settings.threshold} °C outside {low}..{high} °C")
    fast = settings.mode is Mode.FAST
    head = 0b11000000 | settings.fan << 5 | fast << 4
    return bytes((head | settings.threshold >> 8 & 0x0F, settings.threshold & 0xFF))
