"""Fixtures of the integration's own tests."""

import pytest

from tests.esp32_sensors.conftest import (
    board,
    expected_lingering_timers,
    network,
    online,
    set_up,
    write_interval,
)

__all__ = [
    "board",
    "expected_lingering_timers",
    "network",
    "online",
    "set_up",
    "write_interval",
]


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give each test its own blueprints."""
    return hass_tmp_config_dir
