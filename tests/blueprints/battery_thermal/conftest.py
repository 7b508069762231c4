"""Fixtures of the integration's own tests."""

from tests.battery_thermal.conftest import (
    device,
    entry,
    freezer,
    hass_config_dir,
    setup,
    sockets,
    stack,
    world,
)

__all__ = [
    "device",
    "entry",
    "freezer",
    "hass_config_dir",
    "setup",
    "sockets",
    "stack",
    "world",
]
