"""Limits of the alarms."""

from dataclasses import dataclass

from .analysis import Limit


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the alarms. The defaults are starting points, not a standard.

    Imbalance: K of an area over the median of its kind. Rise: K/min of the maximum.
    An alarm is raised after so many `images` in a row, and ends `hysteresis` (K) below
    its limit, or at half the limit of a rise. `age` (minutes): when an image is too old.
    """

    imbalance_warning: float = 5.0
    imbalance_alarm: float = 10.0
    rise_warning: float = 1.0
    rise_alarm: float = 5.0
    hysteresis: float = 1.0
    images: float = 1.0
    age: float = 60.0

    def limit(self, over: float, hysteresis: float | None = None) -> Limit:
        """Return the limit of an alarm; `hysteresis`: its own, None for that of all."""
        hysteresis = self.hysteresis if hysteresis is None else hysteresis
        return Limit(over, hysteresis, round(self.images))
