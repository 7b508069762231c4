"""Boards, as in the integration's own tests."""

import pytest

from tests.esp32_sensors.conftest import (
    board,
    expected_lingering_timers,
    network,
    online,
    set_up,
)

__all__ = ["board", "expected_lingering_timers", "network", "online", "set_up"]


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Keep the blueprints of each test apart."""
    return hass_tmp_config_dir
