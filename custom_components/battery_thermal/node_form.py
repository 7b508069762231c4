"""The form for what the owner says of a node, in sections that can be folded."""

from enum import StrEnum
from typing import Any, Final

import probatio as vol

from homeassistant.const import (
    PERCENTAGE,
    UnitOfInformation,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)

from .node_options import (
    CONF_COLUMNS,
    CONF_DAYS,
    CONF_DEAD_PIXELS,
    CONF_EMISSIVITY,
    CONF_FORMAT,
    CONF_HIGH,
    CONF_LOW,
    CONF_MARKS,
    CONF_MEGABYTES,
    CONF_MINIMUM_SPAN,
    CONF_MIRROR,
    CONF_NAMES,
    CONF_OFFSET,
    CONF_PALETTE,
    CONF_ROTATION,
    CONF_ROWS,
    CONF_SCALE,
    CONF_SHOW_CELLS,
    DEFAULTS,
    MARGINS,
    SECTION_ARCHIVE,
    SECTION_CELLS,
    SECTION_CORRECTION,
    SECTION_PICTURE,
)
from .thermal.palettes import Palette
from .thermal.style import FileFormat, Scale


def _number(low: float, high: float, step: float, unit: str | None) -> NumberSelector:
    config = NumberSelectorConfig(
        min=low, max=high, step=step, mode=NumberSelectorMode.BOX
    )
    if unit:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


def _choice(key: str, options: type[StrEnum] | list[str]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[str(option) for option in options],
            translation_key=key,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


_TEXTS: Final = TextSelector(TextSelectorConfig(multiple=True))
_CELSIUS: Final = UnitOfTemperature.CELSIUS
_KELVIN: Final = UnitOfTemperature.KELVIN

_FIELDS: Final[dict[str, dict[str, Selector[Any]]]] = {
    SECTION_PICTURE: {
        CONF_PALETTE: _choice(CONF_PALETTE, Palette),
        CONF_SCALE: _choice(CONF_SCALE, Scale),
        # What the camera can see (MLX90640 data sheet).
        CONF_LOW: _number(-40, 300, 0.1, _CELSIUS),
        CONF_HIGH: _number(-40, 300, 0.1, _CELSIUS),
        CONF_MINIMUM_SPAN: _number(1, 100, 0.1, _KELVIN),
        CONF_ROTATION: _choice(CONF_ROTATION, ["0", "90", "180", "270"]),
        CONF_MIRROR: BooleanSelector(),
        CONF_MARKS: BooleanSelector(),
        CONF_SHOW_CELLS: BooleanSelector(),
        CONF_FORMAT: _choice(CONF_FORMAT, FileFormat),
    },
    SECTION_CELLS: {
        CONF_ROWS: _number(0, 16, 1, None),
        CONF_COLUMNS: _number(0, 16, 1, None),
        CONF_NAMES: _TEXTS,
        **{margin: _number(0, 45, 0.5, PERCENTAGE) for margin in MARGINS},
    },
    SECTION_CORRECTION: {
        CONF_OFFSET: _number(-20, 20, 0.1, _KELVIN),
        CONF_EMISSIVITY: _number(0.1, 1, 0.01, None),
        CONF_DEAD_PIXELS: _TEXTS,
    },
    SECTION_ARCHIVE: {
        CONF_DAYS: _number(1, 3650, 1, UnitOfTime.DAYS),
        CONF_MEGABYTES: _number(1, 10_000, 1, UnitOfInformation.MEGABYTES),
    },
}

SECTIONS: Final = vol.Schema(
    {
        vol.Optional(name): section(
            vol.Schema(
                {
                    vol.Required(field, default=DEFAULTS[name][field]): selector
                    for field, selector in fields.items()
                }
            ),
            {"collapsed": True},
        )
        for name, fields in _FIELDS.items()
    }
)
