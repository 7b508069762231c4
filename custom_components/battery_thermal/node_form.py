"""The form for what the owner says of a node, in sections that can be folded."""

from collections.abc import Callable, Mapping
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
from homeassistant.util.unit_conversion import (
    TemperatureConverter,
    TemperatureDeltaConverter,
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

# In the unit of the house, whatever they are kept in.
_TEMPERATURES: Final = (CONF_LOW, CONF_HIGH)
_DIFFERENCES: Final = (CONF_MINIMUM_SPAN, CONF_OFFSET)


def sections(unit: str) -> vol.Schema:
    """Return the form; `unit` is that of temperatures in the house, °C or °F."""
    return vol.Schema(
        {
            vol.Optional(name): section(
                vol.Schema(
                    {
                        vol.Required(
                            field, default=_shown(field, DEFAULTS[name][field], unit)
                        ): _selector(field, selector, unit)
                        for field, selector in fields.items()
                    }
                ),
                {"collapsed": True},
            )
            for name, fields in _FIELDS.items()
        }
    )


def to_form(data: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Return the data of a node as its owner reads it in the form."""
    return _converted(data, lambda field, value: _shown(field, value, unit))


def from_form(data: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Return what was entered as it is kept: in °C and K."""
    return _converted(data, lambda field, value: _kept(field, value, unit))


def _converted(
    data: Mapping[str, Any], convert: Callable[[str, Any], Any]
) -> dict[str, Any]:
    return {
        name: {field: convert(field, said) for field, said in value.items()}
        if name in _FIELDS
        else value
        for name, value in data.items()
    }


def _shown(field: str, value: Any, unit: str) -> Any:
    if field in _TEMPERATURES:
        return round(TemperatureConverter.convert(value, _CELSIUS, unit), 1)
    if field in _DIFFERENCES:
        return round(TemperatureDeltaConverter.convert(value, _CELSIUS, unit), 1)
    return value


def _kept(field: str, value: Any, unit: str) -> Any:
    if field in _TEMPERATURES:
        return TemperatureConverter.convert(value, unit, _CELSIUS)
    if field in _DIFFERENCES:
        return TemperatureDeltaConverter.convert(value, unit, _CELSIUS)
    return value


def _selector(field: str, selector: Selector[Any], unit: str) -> Selector[Any]:
    """Return the selector with its ends, and its unit, in that of the house."""
    if unit == _CELSIUS or field not in (*_TEMPERATURES, *_DIFFERENCES):
        return selector
    low, high = (_shown(field, selector.config[end], unit) for end in ("min", "max"))
    return _number(low, high, 0.1, unit)
