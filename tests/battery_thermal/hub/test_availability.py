"""Tests of reports about the connection: a short interruption is not reported, a longer one once."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.battery_thermal.hub.availability import GRACE, Availability
from homeassistant.core import HomeAssistant

ERROR = ConnectionError("broken")


class Reports(list[bool]):
    """The reports: True for connected, False for lost."""


@pytest.fixture
def reports() -> Reports:
    """Return a list for the reports."""
    return Reports()


@pytest.fixture
def availability(hass: HomeAssistant, reports: Reports) -> Availability:
    """Return the availability of an application."""
    return Availability(hass, "batteries", reports.append)


def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, also for timers."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)


async def test_short_interruption(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    availability: Availability,
    reports: Reports,
) -> None:
    """If the connection is back within a minute, the loss is not reported."""
    availability.async_connected()
    availability.async_lost(ERROR)
    pass_time(hass, freezer, GRACE - 1)
    availability.async_connected()
    pass_time(hass, freezer, GRACE + 1)
    assert reports == [True, True]
    assert not availability.reported_lost


async def test_long_interruption(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    availability: Availability,
    reports: Reports,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A loss is reported and logged once, and so is the return."""
    availability.async_connected()
    for _ in range(5):
        availability.async_lost(ERROR)
        pass_time(hass, freezer, GRACE / 2 + 1)
    assert reports == [True, False]
    assert availability.reported_lost
    assert caplog.text.count("batteries: connection lost: broken") == 1

    availability.async_connected()
    assert reports == [True, False, True]
    assert not availability.reported_lost
    assert caplog.text.count("batteries: connected again") == 1


async def test_stop(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    availability: Availability,
    reports: Reports,
) -> None:
    """Nothing is reported after the stop, which may be called twice."""
    availability.async_lost(ERROR)
    availability.async_stop()
    availability.async_stop()
    pass_time(hass, freezer, GRACE + 1)
    assert reports == []
