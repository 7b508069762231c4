"""How the owner wants pictures to look."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum

from .cells import CellGrid
from .orientation import Orientation
from .palettes import Palette

CELSIUS = "°C"
FAHRENHEIT = "°F"


class Scale(StrEnum):
    """Which temperatures the palette is spread over."""

    AUTOMATIC = "automatic"
    """Those of the image."""
    THRESHOLD = "threshold"
    """Those of the image, and always the threshold."""
    FIXED = "fixed"
    """Those that the owner says."""


class FileFormat(StrEnum):
    """What a picture is stored as."""

    JPEG = "jpeg"
    PNG = "png"
    """With a palette of 256 colours and no loss."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a picture shall look.

    `low` and `high` (°C) are the ends of a fixed scale; `minimum_span` (K) is the
    least that an automatic one covers, for over less the sensor's noise would fill
    the palette. `threshold` is in °C, None where unknown. `unit` is CELSIUS or
    FAHRENHEIT. `cells` are drawn with their maxima; `marks` are put on the hottest and
    the coldest pixel. `lines_text` counts lines where some are missing, `empty_text` is
    for when there is no image yet.
    """

    palette: Palette = Palette.INFERNO
    scale: Scale = Scale.AUTOMATIC
    low: float = 0.0
    high: float = 100.0
    minimum_span: float = 5.0
    unit: str = CELSIUS
    threshold: float | None = None
    orientation: Orientation = Orientation()
    cells: CellGrid | None = None
    marks: bool = True
    time_zone: tzinfo = UTC
    file_format: FileFormat = FileFormat.JPEG
    lines_text: str = "{received} of {expected} lines"
    empty_text: str = "No image yet"

    @property
    def content_type(self) -> str:
        """The media type of the pictures."""
        return f"image/{self.file_format}"
