"""Table of a node's options: key, default, limits and unit of each.

Forms, reading and the test of the documentation follow from it. Options are in the data
of the node's subentry, those of `SECTIONS` by section; any may be missing. Temperatures
are stored in °C and differences in K, whatever the unit system of Home Assistant is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from homeassistant.const import (
    PERCENTAGE,
    UnitOfInformation,
    UnitOfTemperature,
    UnitOfTime,
)

from ..const import (
    CONF_CONFIRMED,
    CONF_LAYOUT,
    CONF_LOAD_SENSOR,
    CONF_NUMBERING,
    CONF_SILENT_AFTER,
)
from ..protocol.layout import Layout, Numbering
from ..render.palettes import Palette
from ..render.style import FileFormat, Scale
from ..thermal.correction import FIRMWARE_EMISSIVITY

SECTION_ARCHIVE: Final = "archive"
SECTION_CELLS: Final = "cells"
SECTION_CORRECTION: Final = "correction"
SECTION_PICTURE: Final = "picture"

CONF_ALARM: Final = "alarm"
CONF_COLUMNS: Final = "columns"
CONF_DAYS: Final = "days"
CONF_DEAD_PIXELS: Final = "dead_pixels"
CONF_EMISSIVITY: Final = "emissivity"
CONF_FORMAT: Final = "format"
CONF_HIGH: Final = "high"
CONF_HIGHEST: Final = "highest"
CONF_LOW: Final = "low"
CONF_MARKS: Final = "marks"
CONF_MEGABYTES: Final = "megabytes"
CONF_MINIMUM_SPAN: Final = "minimum_span"
CONF_MIRROR: Final = "mirror"
CONF_NAMES: Final = "names"
CONF_OFFSET: Final = "offset"
CONF_ONLY_ENDED: Final = "only_ended"
CONF_PALETTE: Final = "palette"
CONF_ROTATION: Final = "rotation"
CONF_ROWS: Final = "rows"
CONF_SCALE: Final = "scale"
CONF_SHOW_CELLS: Final = "show_cells"
CONF_WARNING: Final = "warning"
MARGINS: Final = ("top", "right", "bottom", "left")


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberOption:
    """A number from `minimum` to `maximum`. `default` is None if it may be empty."""

    default: float | None
    minimum: float
    maximum: float
    step: float
    unit: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceOption:
    """One of some values, each with a text in the translations."""

    default: str
    choices: type[StrEnum] | tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SwitchOption:
    """On or off."""

    default: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TextsOption:
    """Any number of texts."""

    default: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class SensorOption:
    """A sensor of Home Assistant of one of some device classes, or none."""

    default: None = None
    device_classes: Sequence[str]


type Option = NumberOption | ChoiceOption | SwitchOption | TextsOption | SensorOption

NODE_OPTIONS: Final[Mapping[str, Option]] = {
    CONF_LAYOUT: ChoiceOption(default=Layout.AUTO, choices=Layout),
    CONF_NUMBERING: ChoiceOption(default=Numbering.AUTO, choices=Numbering),
    CONF_CONFIRMED: SwitchOption(default=False),
    CONF_SILENT_AFTER: NumberOption(
        default=None, minimum=1, maximum=7 * 24 * 60, step=1, unit=UnitOfTime.MINUTES
    ),
    CONF_LOAD_SENSOR: SensorOption(device_classes=("power", "current")),
}

# What the camera can measure (MLX90640 data sheet).
_LOWEST: Final = -40
_HIGHEST: Final = 300
_CELSIUS: Final = UnitOfTemperature.CELSIUS
_KELVIN: Final = UnitOfTemperature.KELVIN

SECTIONS: Final[Mapping[str, Mapping[str, Option]]] = {
    SECTION_PICTURE: {
        CONF_PALETTE: ChoiceOption(default=Palette.INFERNO, choices=Palette),
        CONF_SCALE: ChoiceOption(default=Scale.AUTOMATIC, choices=Scale),
        CONF_LOW: NumberOption(
            default=0, minimum=_LOWEST, maximum=_HIGHEST, step=0.1, unit=_CELSIUS
        ),
        CONF_HIGH: NumberOption(
            default=100, minimum=_LOWEST, maximum=_HIGHEST, step=0.1, unit=_CELSIUS
        ),
        CONF_MINIMUM_SPAN: NumberOption(
            default=5, minimum=1, maximum=100, step=0.1, unit=_KELVIN
        ),
        CONF_ROTATION: ChoiceOption(default="0", choices=("0", "90", "180", "270")),
        CONF_MIRROR: SwitchOption(default=False),
        CONF_MARKS: SwitchOption(default=True),
        CONF_SHOW_CELLS: SwitchOption(default=True),
        CONF_ONLY_ENDED: SwitchOption(default=False),
        CONF_FORMAT: ChoiceOption(default=FileFormat.JPEG, choices=FileFormat),
    },
    # No rows or no columns: no cells.
    SECTION_CELLS: {
        CONF_ROWS: NumberOption(default=0, minimum=0, maximum=16, step=1),
        CONF_COLUMNS: NumberOption(default=0, minimum=0, maximum=16, step=1),
        CONF_NAMES: TextsOption(),
        **dict.fromkeys(
            MARGINS,
            NumberOption(default=0, minimum=0, maximum=45, step=0.5, unit=PERCENTAGE),
        ),
    },
    SECTION_CORRECTION: {
        CONF_OFFSET: NumberOption(
            default=0, minimum=-20, maximum=20, step=0.1, unit=_KELVIN
        ),
        CONF_EMISSIVITY: NumberOption(
            default=FIRMWARE_EMISSIVITY, minimum=0.1, maximum=1, step=0.01
        ),
        CONF_DEAD_PIXELS: TextsOption(),
    },
    # A slow image takes about 1 kB, a fast one 0.2 kB: for most nodes the days end first.
    SECTION_ARCHIVE: {
        CONF_DAYS: NumberOption(
            default=365, minimum=1, maximum=3650, step=1, unit=UnitOfTime.DAYS
        ),
        CONF_MEGABYTES: NumberOption(
            default=100,
            minimum=1,
            maximum=10_000,
            step=1,
            unit=UnitOfInformation.MEGABYTES,
        ),
    },
}

# Of each area; empty: those of the node hold.
AREA_OPTIONS: Final[Mapping[str, NumberOption]] = {
    CONF_EMISSIVITY: NumberOption(default=None, minimum=0.1, maximum=1, step=0.01),
    CONF_HIGHEST: NumberOption(
        default=None, minimum=_LOWEST, maximum=_HIGHEST, step=0.1, unit=_CELSIUS
    ),
    CONF_WARNING: NumberOption(
        default=None, minimum=0.5, maximum=100, step=0.5, unit=_KELVIN
    ),
    CONF_ALARM: NumberOption(
        default=None, minimum=0.5, maximum=100, step=0.5, unit=_KELVIN
    ),
}


def node_option(data: Mapping[str, Any], key: str) -> Any:
    """Return the value of an option in the data of a subentry, or its default."""
    return data.get(key, NODE_OPTIONS[key].default)


def section_options(data: Mapping[str, Any], section: str) -> dict[str, Any]:
    """Return the values of all options of a section, or their defaults."""
    defaults = {key: option.default for key, option in SECTIONS[section].items()}
    return {**defaults, **data.get(section, {})}
