"""Reading of a node's options: picture style, areas, corrections, archive limits."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Any, Final

from ..archive import Bounds
from ..model.area import COMPARED, Area, AreaKind
from ..model.mode import HEIGHT, WIDTH
from ..model.thermal_image import ThermalImage
from ..render.palettes import Palette
from ..render.style import FileFormat, Scale, Style
from ..thermal.area_alarms import own_limit
from ..thermal.cells import CellGrid
from ..thermal.correction import Correction
from .area_options import Difference, areas_of, differences_of
from .cell_grid import grid_of, orientation_of
from .option_table import (
    CONF_DAYS,
    CONF_DEAD_PIXELS,
    CONF_EMISSIVITY,
    CONF_FORMAT,
    CONF_HIGH,
    CONF_LOW,
    CONF_MARKS,
    CONF_MEGABYTES,
    CONF_MINIMUM_SPAN,
    CONF_OFFSET,
    CONF_ONLY_ENDED,
    CONF_PALETTE,
    CONF_SCALE,
    CONF_SHOW_CELLS,
    SECTION_ARCHIVE,
    SECTION_CORRECTION,
    SECTION_PICTURE,
    section_options,
)

# °C: what surfaces reflect while the ambient temperature is unknown.
ROOM: Final = 20

# A row and a column of the sensor, counted from 1.
_PIXEL: Final = re.compile(r"\s*(\d{1,2})\s*[,; ]\s*(\d{1,2})\s*")


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """Options of a node, as the rules need them."""

    style: Style
    areas: tuple[Area, ...]
    grid: CellGrid
    """The grid that cells were made of; it may have no rows or no columns."""

    differences: tuple[Difference, ...]
    correction: Correction
    bounds: Bounds
    only_ended: bool
    """Whether lines are not shown before their image has ended, unless they are hotter."""

    @property
    def cell_names(self) -> list[str]:
        """The names of the cells, in their order."""
        return [cell.name for cell in self.cells]

    @property
    def measured_cells(self) -> tuple[int, str]:
        """The number of cells, and a text that changes with what they measure."""
        places = [(cell.key, cell.points) for cell in self.cells]
        if not places:
            return 0, ""
        return len(places), repr((places, self.correction))

    @property
    def cells(self) -> list[Area]:
        """The areas that are cells."""
        return [area for area in self.areas if area.kind is AreaKind.CELL]

    @property
    def counted_areas(self) -> list[Area]:
        """The areas that are measured."""
        return [area for area in self.areas if area.kind is not AreaKind.IGNORE]

    @property
    def has_area_limit(self) -> bool:
        """Whether an area has a highest temperature."""
        return any(area.highest is not None for area in self.counted_areas)

    @property
    def compares(self) -> bool:
        """Whether areas are compared with others of their kind."""
        return any(area.kind in COMPARED for area in self.areas)

    def has_deviation_limit(self, name: str) -> bool:
        """Whether an area has a limit above the median of its kind, or that of the node.

        `name`: warning or alarm.
        """
        return any(own_limit(area, name, 0) is not None for area in self.counted_areas)

    def corrected(self, image: ThermalImage, ambient: int | None) -> ThermalImage:
        """Return an image with the corrections of the owner.

        The surroundings that the bank reflects are taken to be at ambient
        temperature (°C), or at room temperature where that is unknown.
        """
        return self.correction.apply(image, ROOM if ambient is None else ambient)


def node_options(data: Mapping[str, Any]) -> NodeOptions:
    """Return the options in the data of a subentry.

    Raises ValueError with the key of a translated error as its message.
    """
    picture = section_options(data, SECTION_PICTURE)
    correction = section_options(data, SECTION_CORRECTION)
    archive = section_options(data, SECTION_ARCHIVE)
    areas = areas_of(data)
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
            orientation=orientation_of(data),
            areas=areas if picture[CONF_SHOW_CELLS] else (),
            marks=picture[CONF_MARKS],
            file_format=FileFormat(picture[CONF_FORMAT]),
        ),
        areas=areas,
        grid=grid_of(data),
        differences=differences_of(data),
        correction=Correction(
            offset=correction[CONF_OFFSET],
            emissivity=correction[CONF_EMISSIVITY],
            dead_pixels=tuple(
                sorted({_pixel(text) for text in correction[CONF_DEAD_PIXELS]})
            ),
            areas=tuple(
                area
                for area in areas
                if area.emissivity is not None or area.kind is AreaKind.IGNORE
            ),
        ),
        bounds=Bounds(int(archive[CONF_DAYS]), int(archive[CONF_MEGABYTES])),
        only_ended=picture[CONF_ONLY_ENDED],
    )


def _pixel(text: str) -> tuple[int, int]:
    if match := _PIXEL.fullmatch(text):
        row, column = int(match[1]), int(match[2])
        if 1 <= row <= HEIGHT and 1 <= column <= WIDTH:
            return row - 1, column - 1
    raise ValueError("not_a_pixel")
