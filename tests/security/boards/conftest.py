"""Fixtures of the integration's own tests."""

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
