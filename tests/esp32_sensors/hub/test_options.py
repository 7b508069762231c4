"""Tests of the options of a network."""

from typing import Any

from custom_components.esp32_sensors.const import DEFAULT_BOARD_LIMIT, MOST_BOARDS
from custom_components.esp32_sensors.core.admission import Mode
from custom_components.esp32_sensors.hub.options import NetworkOptions


def test_defaults() -> None:
    """An entry without options has the defaults."""
    assert NetworkOptions.from_entry({}) == NetworkOptions(
        admission=Mode.OPEN,
        board_limit=DEFAULT_BOARD_LIMIT,
        device_names=False,
        light_change=0,
        light_silence=0,
        name_prefix="capteur",
        silence_limit=30,
    )


def test_limit_of_earlier_releases() -> None:
    """A limit that earlier releases allowed is reduced to what fits now."""
    assert NetworkOptions.from_entry({"board_limit": 1110}).board_limit == MOST_BOARDS


def test_all_options() -> None:
    """Each option is read."""
    options: dict[str, Any] = {
        "admission": "closed",
        "board_limit": 5,
        "device_names": True,
        "light_change": 3,
        "light_silence": 60,
        "name_prefix": "board",
        "silence_limit": 10,
    }
    assert NetworkOptions.from_entry(options) == NetworkOptions(
        **options | {"admission": Mode.CLOSED}
    )
