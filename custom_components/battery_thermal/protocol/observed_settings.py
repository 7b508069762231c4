"""Settings that a node's uplinks show: its mode and its fan, never its threshold."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..model.mode import Mode
from .downlink import Settings


@dataclass(frozen=True, slots=True)
class ObservedSettings:
    """Settings that one uplink shows; None for what it does not show."""

    mode: Mode | None = None
    fan: bool | None = None

    @classmethod
    def from_uplink(
        cls,
        mode: Mode | None,
        *,
        fan: bool,
        maximum: float | None,
        thresholds: Collection[int],
    ) -> ObservedSettings:
        """Return what an uplink shows.

        `mode`: that of its image, None if not certain. `maximum`: the highest
        temperature of its image in °C, None if unknown. `thresholds`: those that the
        node may have, in °C. A running fan shows nothing if the temperature alone may
        be the reason; the node compares before it rounds its maximum down to tenths.
        """
        hot = maximum is None or not thresholds or maximum >= min(thresholds)
        return cls(mode, None if fan and hot else fan)

    def contradicts(self, settings: Settings) -> bool:
        """Return whether the node does not have these settings."""
        wrong_mode = self.mode not in (None, settings.mode)
        return wrong_mode or self.fan not in (None, settings.fan)

    def proves(
        self,
        wanted: Settings,
        before: ObservedSettings,
        others: Collection[Settings],
    ) -> bool:
        """Return whether the node has changed to the wanted settings.

        `before`: what was observed before they were sent. `others`: settings of other
        downlinks that the node may have received instead. Mode or fan has to change to
        the wanted value, and none of `others` may explain that change.
        """
        if self.contradicts(wanted):
            return False
        return (
            before.mode not in (None, wanted.mode)
            and self.mode is not None
            and all(other.mode is not wanted.mode for other in others)
        ) or (
            before.fan not in (None, wanted.fan)
            and self.fan is not None
            and all(other.fan is not wanted.fan for other in others)
        )

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ObservedSettings:
        """Return what `dataclasses.asdict` was called on."""
        return cls(data["mode"] and Mode(data["mode"]), data["fan"])
