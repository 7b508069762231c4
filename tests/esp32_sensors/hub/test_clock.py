"""Tests with a wall clock that is set forward or back."""

from datetime import timedelta
import time
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant
from tests.esp32_sensors.conftest import FakeBoard, later


@pytest.mark.parametrize("jump", [timedelta(days=400), -timedelta(days=400)])
async def test_clock_is_set(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    jump: timedelta,
) -> None:
    """Boards stay online, their messages are handled, and session ids still increase."""
    before = online.session_id
    freezer.move_to(freezer() + jump)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    await online.light(61)
    assert online.states["online"] == "on"
    assert online.states["light"] == "61"

    await online.join()
    await online.start()
    assert online.session_id > before
    await online.light(62)
    assert online.states == online.states | {"online": "on", "light": "62"}


jumps = pytest.mark.parametrize(
    "jump", [-86_400, -3600, -10, 10, 3600, 86_400], ids="{:+d}s".format
)


@jumps
async def test_silence(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard, jump: int
) -> None:
    """A board is offline 30 s after its last message, however the clock is set."""
    await later(hass, freezer, 10)
    with patch(
        "custom_components.esp32_sensors.hub.clock.time", lambda: time.time() + jump
    ):
        await later(hass, freezer, 19)
        assert online.states["online"] == "on"
        await later(hass, freezer, 3)
        assert online.states["online"] == "off"
