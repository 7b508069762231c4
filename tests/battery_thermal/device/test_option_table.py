"""Tests of the table of a node's options."""

import json
from pathlib import Path

import pytest

from custom_components.battery_thermal.device.option_table import (
    NODE_OPTIONS,
    SECTIONS,
    ChoiceOption,
    NumberOption,
    Option,
    node_option,
    section_options,
)

TEXTS = json.loads(
    (
        Path(__file__).parents[3]
        / "custom_components/battery_thermal/translations/en.json"
    ).read_text()
)
STEP = TEXTS["config_subentries"]["node"]["step"]["options"]
OPTIONS = [
    *NODE_OPTIONS.items(),
    *(
        (key, option)
        for options in SECTIONS.values()
        for key, option in options.items()
    ),
]
every = pytest.mark.parametrize(("key", "option"), OPTIONS, ids=[k for k, _ in OPTIONS])


@every
def test_default_is_allowed(key: str, option: Option) -> None:
    """A default is within the limits, or one of the choices."""
    match option:
        case NumberOption(default=float() | int() as default):
            assert option.minimum <= default <= option.maximum
        case ChoiceOption():
            assert option.default in list(option.choices)


@every
def test_choices_have_texts(key: str, option: Option) -> None:
    """Each choice has a text, and each text a choice."""
    if isinstance(option, ChoiceOption):
        texts = TEXTS["selector"][key]["options"]
        assert texts.keys() == {str(choice) for choice in option.choices}


def test_every_option_has_a_label() -> None:
    """The form of a node has the options of the table, and no others."""
    # What is about the radio is a part of its own in the form, and none in what is stored.
    radio = STEP["sections"]["radio"]["data"].keys()
    assert STEP["data"].keys() | radio == NODE_OPTIONS.keys()
    assert STEP["sections"].keys() - {"radio"} == SECTIONS.keys()
    for name, options in SECTIONS.items():
        assert STEP["sections"][name]["data"].keys() == options.keys()


def test_reading() -> None:
    """A stored value is used; otherwise the default."""
    assert node_option({}, "numbering") == "auto"
    assert node_option({"numbering": "port"}, "numbering") == "port"
    assert node_option({}, "silent_after") is None
    archive = section_options({"archive": {"days": 7}}, "archive")
    assert archive == {"days": 7, "megabytes": 100}
