"""A clock that tests can set."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant

jumps = pytest.mark.parametrize("jump", [-3600, 3600], ids="{:+d}s".format)
"""By how many seconds the clock is set."""


def set_clock(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Set the clock forward or back; timers of the event loop are not affected."""
    time, before = hass.loop.time, hass.loop.time()
    freezer.tick(timedelta(seconds=seconds))
    shift = before - time()
    hass.loop.time = lambda: time() + shift  # type: ignore[method-assign]
