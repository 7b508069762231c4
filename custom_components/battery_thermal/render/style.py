"""Style of pictures: palette, scale, unit, marks, file format."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum

from ..model.area import Area
from ..model.orientation import Orientation
from .palettes import Palette

CELSIUS = "°C"
FAHRENHEIT = "°F"


class Scale(StrEnum):
    """Range of temperatures that the palette covers."""

    AUTOMATIC = "automatic"
    """That of the image."""
    THRESHOLD = "threshold"
    """That of the image, with the threshold always inside."""
    FIXED = "fixed"
    """One that the owner has set."""


class FileFormat(StrEnum):
    """File formats of pictures."""

    JPEG = "jpeg"
    PNG = "png"
    """With a palette of 256 colours and no loss."""


@dataclass(frozen=True, slots=True)
class Style:
    """Style of a picture.

    `low` and `high` (°C) are the ends of a fixed scale; `minimum_span` (K) is the
    least that an automatic one covers, for over less the sensor's noise would fill
    the palette. `threshold` is in °C, None where unknown. `unit` is CELSIUS or
    FAHRENHEIT. `areas` are drawn with their maxima; `marks` are put on the hottest and
    the coldest pixel.
    """

    palette: Palette = Palette.INFERNO
    scale: Scale = Scale.AUTOMATIC
    low: float = 0.0
    high: float = 100.0
    minimum_span: float = 5.0
    unit: str = CELSIUS
    threshold: float | None = None
    orientation: Orientation = Orientation()
    areas: tuple[Area, ...] = ()
    marks: bool = True
    time_zone: tzinfo = UTC
    file_format: FileFormat = FileFormat.JPEG

    @property
    def content_type(self) -> str:
        """The media type of the pictures."""
        return f"image/{self.file_format}"
