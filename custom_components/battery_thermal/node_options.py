"""What the owner says of a node: how its picture looks, its cells, its corrections.

In the data of the node's subentry, by section. All of it may be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Any, Final

from .archive import Bounds
from .node.layout import HEIGHT, WIDTH
from .thermal.cells import CellGrid
from .thermal.correction import FIRMWARE_EMISSIVITY, Correction
from .thermal.image import ThermalImage
from .thermal.orientation import Orientation
from .thermal.palettes import Palette
from .thermal.style import FileFormat, Scale, Style

SECTION_ARCHIVE: Final = "archive"
SECTION_CELLS: Final = "cells"
SECTION_CORRECTION: Final = "correction"
SECTION_PICTURE: Final = "picture"

CONF_COLUMNS: Final = "columns"
CONF_DAYS: Final = "days"
CONF_DEAD_PIXELS: Final = "dead_pixels"
CONF_EMISSIVITY: Final = "emissivity"
CONF_FORMAT: Final = "format"
CONF_HIGH: Final = "high"
CONF_LOW: Final = "low"
CONF_MARKS: Final = "marks"
CONF_MEGABYTES: Final = "megabytes"
CONF_MINIMUM_SPAN: Final = "minimum_span"
CONF_MIRROR: Final = "mirror"
CONF_NAMES: Final = "names"
CONF_OFFSET: Final = "offset"
CONF_PALETTE: Final = "palette"
CONF_ROTATION: Final = "rotation"
CONF_ROWS: Final = "rows"
CONF_SCALE: Final = "scale"
CONF_SHOW_CELLS: Final = "show_cells"
MARGINS: Final = ("top", "right", "bottom", "left")

DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    SECTION_PICTURE: {
        CONF_PALETTE: Palette.INFERNO,
        CONF_SCALE: Scale.AUTOMATIC,
        CONF_LOW: 0,
        CONF_HIGH: 100,
        CONF_MINIMUM_SPAN: 5,
        CONF_ROTATION: "0",
        CONF_MIRROR: False,
        CONF_MARKS: True,
        CONF_SHOW_CELLS: True,
        CONF_FORMAT: FileFormat.JPEG,
    },
    # No rows and columns: no cells.
    SECTION_CELLS: {
        CONF_ROWS: 0,
        CONF_COLUMNS: 0,
        CONF_NAMES: [],
        **dict.fromkeys(MARGINS, 0),
    },
    SECTION_CORRECTION: {
        CONF_OFFSET: 0,
        CONF_EMISSIVITY: FIRMWARE_EMISSIVITY,
        CONF_DEAD_PIXELS: [],
    },
    # A slow image takes about 1 kB, a fast one 0.2 kB: for most nodes the days end first.
    SECTION_ARCHIVE: {CONF_DAYS: 365, CONF_MEGABYTES: 100},
}

# What surfaces reflect where nobody has told how warm it is around them, in °C.
_ROOM: Final = 20

# A row and a column of the sensor, counted from 1 as people do.
_PIXEL: Final = re.compile(r"\s*(\d{1,2})\s*[,; ]\s*(\d{1,2})\s*")


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """What the owner says of a node."""

    style: Style
    cells: CellGrid | None
    correction: Correction
    bounds: Bounds

    def corrected(self, image: ThermalImage, ambient: int | None) -> ThermalImage:
        """Return an image of the node as the owner wants it corrected.

        What the battery reflects is taken to be as warm as the air.
        """
        return self.correction.apply(image, _ROOM if ambient is None else ambient)


def node_options(data: Mapping[str, Any]) -> NodeOptions:
    """Return what the data of a subentry says.

    Raises ValueError with a `key` of the texts as its message.
    """
    picture, cells, correction, archive = (
        defaults | data.get(name, {}) for name, defaults in DEFAULTS.items()
    )
    grid = _grid(cells)
    low, high = picture[CONF_LOW], picture[CONF_HIGH]
    scale = Scale(picture[CONF_SCALE])
    if scale is Scale.FIXED and low >= high:
        raise ValueError("low_over_high")
    return NodeOptions(
        style=Style(
            palette=Palette(picture[CONF_PALETTE]),
            scale=scale,
            low=low,
            high=high,
            minimum_span=picture[CONF_MINIMUM_SPAN],
            orientation=Orientation(
                int(picture[CONF_ROTATION]) // 90, picture[CONF_MIRROR]
            ),
            cells=grid if picture[CONF_SHOW_CELLS] else None,
            marks=picture[CONF_MARKS],
            file_format=FileFormat(picture[CONF_FORMAT]),
        ),
        cells=grid,
        correction=Correction(
            offset=correction[CONF_OFFSET],
            emissivity=correction[CONF_EMISSIVITY],
            dead_pixels=tuple(
                sorted({_pixel(text) for text in correction[CONF_DEAD_PIXELS]})
            ),
        ),
        bounds=Bounds(int(archive[CONF_DAYS]), int(archive[CONF_MEGABYTES])),
    )


def _grid(cells: Mapping[str, Any]) -> CellGrid | None:
    rows, columns = int(cells[CONF_ROWS]), int(cells[CONF_COLUMNS])
    if not rows or not columns:
        return None
    grid = CellGrid(
        rows,
        columns,
        **{margin: cells[margin] / 100 for margin in MARGINS},
        names=tuple(name.strip() for name in cells[CONF_NAMES]),
    )
    if len(set(grid.all_names)) < rows * columns:
        raise ValueError("names_alike")
    return grid


def _pixel(text: str) -> tuple[int, int]:
    if match := _PIXEL.fullmatch(text):
        row, column = int(match[1]), int(match[2])
        if 1 <= row <= HEIGHT and 1 <= column <= WIDTH:
            return row - 1, column - 1
    raise ValueError("not_a_pixel")
