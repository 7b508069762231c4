"""Tests of the form of a node's options."""

from typing import Any

import probatio as vol
import pytest

from custom_components.battery_thermal.device.option_table import NODE_OPTIONS, SECTIONS
from custom_components.battery_thermal.flows.node_form import (
    RADIO,
    fields,
    from_form,
    sections,
    to_form,
)
from custom_components.battery_thermal.protocol.layout import Layout
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    NumberSelector,
    Selector,
    SelectSelector,
    TextSelector,
)

CELSIUS = "°C"
FAHRENHEIT = "°F"


def selectors(unit: str) -> dict[str, dict[str, Any]]:
    """Return the selectors of all sections."""
    return {
        str(name): {str(key): value for key, value in folded.schema.schema.items()}
        for name, folded in sections(unit).schema.items()
        if isinstance(folded, section)
    }


def limits(selector: Selector[Any]) -> tuple[Any, ...]:
    """Return the limits, step and unit of a number."""
    config = selector.config
    unit = config.get("unit_of_measurement")
    return config["min"], config["max"], config["step"], unit


def test_node() -> None:
    """Each option is a field of its kind; limit of silence and load sensor may be empty."""
    form = fields(NODE_OPTIONS)
    assert {str(key): type(value) for key, value in form.items()} == {
        "layout": SelectSelector,
        "numbering": SelectSelector,
        "confirmed": BooleanSelector,
        "silent_after": NumberSelector,
        "load_sensor": EntitySelector,
    }
    optional = [str(key) for key in form if isinstance(key, vol.Optional)]
    assert optional == ["silent_after", "load_sensor"]
    by_name = {str(key): value for key, value in form.items()}
    assert by_name["load_sensor"].config["domain"] == ["sensor"]
    assert by_name["load_sensor"].config["device_class"] == ["power", "current"]
    assert limits(by_name["silent_after"]) == (1, 10080, 1, "min")
    assert by_name["layout"].config["options"] == list(Layout)
    assert by_name["layout"].config["translation_key"] == "layout"
    assert by_name["layout"].config["mode"] == "dropdown"


def test_sections() -> None:
    """What an owner looks at comes first; the radio is last, and folded."""
    form = sections(CELSIUS).schema
    assert [str(key) for key in form] == [
        "cells",
        "picture",
        "archive",
        "correction",
        "load_sensor",
        "radio",
    ]
    shown = selectors(CELSIUS)
    assert {name: list(shown[name]) for name in SECTIONS} == {
        name: list(options) for name, options in SECTIONS.items()
    }
    assert list(shown["radio"]) == list(RADIO)
    folded = [
        str(key)
        for key, it in form.items()
        if isinstance(it, section) and it.options["collapsed"]
    ]
    assert folded == ["radio"]
    # The unit of the days is a word of the language, not a sign.
    assert shown["archive"]["days"].config["translation_key"] == "time"
    assert "translation_key" not in shown["archive"]["megabytes"].config
    cells = selectors(CELSIUS)["cells"]
    assert isinstance(cells["names"], TextSelector)
    assert cells["names"].config["multiple"]
    assert limits(cells["rows"]) == (0, 16, 1, None)
    assert limits(cells["top"]) == (0, 45, 0.5, "%")


@pytest.mark.parametrize(
    ("section", "key", "celsius", "fahrenheit"),
    [
        ("picture", "low", (-40, 300, 0.1, "°C"), (-40, 572, 0.1, "°F")),
        ("picture", "minimum_span", (1, 100, 0.1, "K"), (1.8, 180, 0.1, "°F")),
        ("correction", "offset", (-20, 20, 0.1, "K"), (-36, 36, 0.1, "°F")),
        ("correction", "emissivity", (0.1, 1, 0.01, None), (0.1, 1, 0.01, None)),
        ("archive", "days", (1, 3650, 1, "d"), (1, 3650, 1, "d")),
    ],
)
def test_units(section: str, key: str, celsius: Any, fahrenheit: Any) -> None:
    """Temperatures and differences have the unit of Home Assistant, others their own."""
    assert limits(selectors(CELSIUS)[section][key]) == celsius
    assert limits(selectors(FAHRENHEIT)[section][key]) == fahrenheit


def test_defaults_in_fahrenheit() -> None:
    """An empty form has the defaults, in the unit of Home Assistant."""
    filled = sections(FAHRENHEIT)({"picture": {}, "correction": {}, "radio": {}})
    picture = filled["picture"]
    assert (picture["low"], picture["high"], picture["minimum_span"]) == (32, 212, 9)
    assert filled["correction"]["offset"] == 0


@pytest.mark.parametrize("unit", [CELSIUS, FAHRENHEIT])
def test_there_and_back(unit: str) -> None:
    """What is shown is stored as it was."""
    data = {
        "layout": "auto",
        "picture": {"low": 20.5, "high": 60, "minimum_span": 5, "palette": "arctic"},
        "correction": {"offset": -1.5},
    }
    stored = from_form(to_form(data, unit), unit)
    assert stored["picture"]["palette"] == "arctic"
    assert stored["picture"]["low"] == pytest.approx(20.5)
    assert stored["picture"]["minimum_span"] == pytest.approx(5)
    assert stored["correction"]["offset"] == pytest.approx(-1.5)
    assert stored["layout"] == "auto"
