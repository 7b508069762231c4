"""Form fields of a node's options, made from the table of options.

Temperatures and differences are shown in the unit of Home Assistant, and stored in °C
and K.
"""

from collections.abc import Mapping
import math
from typing import Any

import probatio as vol

from homeassistant.const import UnitOfTemperature, UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
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

from ..const import CONF_CONFIRMED, CONF_LAYOUT, CONF_NUMBERING, CONF_SILENT_AFTER
from ..device.area_options import check_number
from ..device.option_table import (
    CONF_COLUMNS,
    CONF_ROWS,
    NODE_OPTIONS,
    SECTION_ARCHIVE,
    SECTION_CELLS,
    SECTION_CORRECTION,
    SECTION_PICTURE,
    SECTIONS,
    ChoiceOption,
    NumberOption,
    Option,
    SensorOption,
    SwitchOption,
    TextsOption,
)

SECTION_RADIO = "radio"
"""Section of the form. What is in it is stored without a section."""

RADIO = (CONF_LAYOUT, CONF_NUMBERING, CONF_CONFIRMED, CONF_SILENT_AFTER)

_ORDER = (SECTION_CELLS, SECTION_PICTURE, SECTION_ARCHIVE, SECTION_CORRECTION)

_CELSIUS = UnitOfTemperature.CELSIUS
_KELVIN = UnitOfTemperature.KELVIN


def fields(
    options: Mapping[str, Option], unit: str = _CELSIUS
) -> dict[vol.Marker, Selector[Any]]:
    """Return form fields for some options; `unit`: that of temperatures, °C or °F."""
    return {
        _marker(key, option, unit): _selector(key, option, unit)
        for key, option in options.items()
    }


def sections(unit: str) -> vol.Schema:
    """Return the form: what an owner looks at first, and the radio last and folded."""
    others = {key: option for key, option in NODE_OPTIONS.items() if key not in RADIO}
    return vol.Schema(
        {
            **{
                vol.Optional(name): section(
                    vol.Schema(fields(SECTIONS[name], unit)), {"collapsed": False}
                )
                for name in _ORDER
            },
            **fields(others),
            vol.Required(SECTION_RADIO): section(
                vol.Schema(fields({key: NODE_OPTIONS[key] for key in RADIO})),
                {"collapsed": True},
            ),
        }
    )


def to_form(data: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Return the data of a node as the form shows it."""
    return {
        name: values_to_form(SECTIONS[name], said, unit) if name in SECTIONS else said
        for name, said in data.items()
        if name not in RADIO
    } | {SECTION_RADIO: {key: data[key] for key in RADIO if key in data}}


def from_form(data: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Return what was entered as it is stored: in °C and K, the radio without section."""
    return {
        **data[SECTION_RADIO],
        **{
            name: values_from_form(SECTIONS[name], said, unit)
            if name in SECTIONS
            else said
            for name, said in data.items()
            if name != SECTION_RADIO
        },
    }


def new_node_fields() -> dict[vol.Marker, Selector[Any]]:
    """Return form fields for a new node: its layout, and the cells of its bank."""
    cells = {key: SECTIONS[SECTION_CELLS][key] for key in (CONF_ROWS, CONF_COLUMNS)}
    return fields(cells | {CONF_LAYOUT: NODE_OPTIONS[CONF_LAYOUT]})


def new_node_data(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a new node, given what was entered.

    Raises ValueError with the key of an error message.
    """
    data = dict(user_input)
    cells = {key: int(data.pop(key)) for key in (CONF_ROWS, CONF_COLUMNS)}
    check_number(math.prod(cells.values()))
    # No rows or no columns: no cells.
    return data | {SECTION_CELLS: cells} if all(cells.values()) else data


def values_to_form(
    options: Mapping[str, Option], values: Mapping[str, Any], unit: str
) -> dict[str, Any]:
    """Return the values of some options as a form shows them."""
    return {key: _shown(options[key], value, unit) for key, value in values.items()}


def values_from_form(
    options: Mapping[str, Option], values: Mapping[str, Any], unit: str
) -> dict[str, Any]:
    """Return what was entered for some options as it is stored: in °C and K."""
    return {key: _stored(options[key], value, unit) for key, value in values.items()}


def _marker(key: str, option: Option, unit: str) -> vol.Marker:
    if option.default is None:
        return vol.Optional(key)
    return vol.Required(key, default=_shown(option, option.default, unit))


def _selector(key: str, option: Option, unit: str) -> Selector[Any]:
    match option:
        case SwitchOption():
            return BooleanSelector()
        case SensorOption():
            return EntitySelector(
                EntitySelectorConfig(
                    domain="sensor", device_class=list(option.device_classes)
                )
            )
        case TextsOption():
            return TextSelector(TextSelectorConfig(multiple=True))
        case ChoiceOption():
            return SelectSelector(
                SelectSelectorConfig(
                    options=[str(choice) for choice in option.choices],
                    translation_key=key,
                    mode=SelectSelectorMode.DROPDOWN,
                )
            )
    return _number_selector(option, unit)


def _number_selector(option: NumberOption, unit: str) -> NumberSelector:
    config = NumberSelectorConfig(
        min=_shown(option, option.minimum, unit),
        max=_shown(option, option.maximum, unit),
        step=option.step,
        mode=NumberSelectorMode.BOX,
    )
    if option.unit:
        converted = unit != _CELSIUS and option.unit in (_CELSIUS, _KELVIN)
        config["unit_of_measurement"] = unit if converted else option.unit
    if option.unit == UnitOfTime.DAYS:
        # "d" is not a day in every language.
        config["translation_key"] = "time"
    return NumberSelector(config)


def _shown(option: Option, value: Any, unit: str) -> Any:
    """Return a stored value in the unit of the form, to a tenth."""
    match option:
        case NumberOption(unit=UnitOfTemperature.CELSIUS):
            return round(TemperatureConverter.convert(value, _CELSIUS, unit), 1)
        case NumberOption(unit=UnitOfTemperature.KELVIN):
            return round(TemperatureDeltaConverter.convert(value, _CELSIUS, unit), 1)
    return value


def _stored(option: Option, value: Any, unit: str) -> Any:
    """Return an entered value in the unit that is stored."""
    match option:
        case NumberOption(unit=UnitOfTemperature.CELSIUS):
            return TemperatureConverter.convert(value, unit, _CELSIUS)
        case NumberOption(unit=UnitOfTemperature.KELVIN):
            return TemperatureDeltaConverter.convert(value, unit, _CELSIUS)
    return value
