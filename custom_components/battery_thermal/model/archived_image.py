"""An image that has ended, with the circumstances at its end."""

from dataclasses import dataclass

from .thermal_image import ThermalImage


@dataclass(frozen=True, slots=True)
class ArchivedImage:
    """An image as the node sent it, uncorrected, and the circumstances at its end.

    `ambient` and `threshold` are in °C, None where unknown. `fan`: whether it was on.
    """

    image: ThermalImage
    ambient: int | None
    fan: bool | None
    threshold: int | None
