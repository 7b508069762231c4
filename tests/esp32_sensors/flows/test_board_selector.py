"""Tests of the choice of a board in dialogs."""

from types import SimpleNamespace
from typing import Any

from custom_components.esp32_sensors.flows.board_selector import board_selector


def board(mac: str, name: str, *, online: bool) -> Any:
    """Return a board."""
    return SimpleNamespace(mac=mac, online=online, session=SimpleNamespace(name=name))


def test_order() -> None:
    """Boards are listed by name, first those that are offline."""
    selector = board_selector(
        [
            board("A1", "sensor-1", online=True),
            board("B2", "sensor-3", online=False),
            board("C3", "sensor-2", online=False),
        ]
    )
    assert selector.config["options"] == [
        {"value": "C3", "label": "sensor-2 (C3)"},
        {"value": "B2", "label": "sensor-3 (B2)"},
        {"value": "A1", "label": "sensor-1 (A1)"},
    ]
