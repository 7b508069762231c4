"""The clock of the machine is set, forward or back, while boards are there."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant

from .conftest import FakeBoard


@pytest.mark.parametrize("jump", [timedelta(days=400), -timedelta(days=400)])
async def test_clock_is_set(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    jump: timedelta,
) -> None:
    """Boards stay online, what they say counts, and session ids go on growing."""
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
