"""Tests of the timers of a node: end of an image, silence, image too old, sums of 24 hours."""

from collections.abc import Iterator
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.battery_thermal.device.node_record import NodeRecord
from custom_components.battery_thermal.device.node_timers import NodeTimers
from custom_components.battery_thermal.thermal.alarm_kinds import LogKind
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.battery_thermal.uplinks import config, node_uplinks


class Timers:
    """Timers of a record, and the numbers of their calls."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        """Set the timers of a node that is connected."""
        self.hass = hass
        self.freezer = freezer
        self.changes = 0
        self.sums = 0
        self.record = NodeRecord(config(), dt_util.utcnow(), hass.loop.time())
        self.record.set_connected(True, hass.loop.time())
        self.timers = NodeTimers(
            hass, self.record, on_change=self._changed, on_sums=self._sums
        )

    def _changed(self) -> None:
        self.changes += 1

    def _sums(self) -> None:
        self.sums += 1

    def receive(self, count: int) -> None:
        """Receive lines that are 30 s apart, the last one now."""
        start = dt_util.utcnow() - timedelta(seconds=30 * (count - 1))
        for uplink in node_uplinks(count, start=start):
            self.record.receive(
                uplink, dt_util.utcnow(), self.hass.loop.time(), live=True
            )
        self.timers.async_restart()

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the timers and for the record."""
        self.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass)


@pytest.fixture
def timers(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Iterator[Timers]:
    """Return timers with the same clock as the record."""
    timers = Timers(hass, freezer)
    yield timers
    timers.timers.async_stop()


async def test_silence(timers: Timers) -> None:
    """After 15 minutes without a message the node is silent, which is a change."""
    timers.receive(1)
    timers.pass_time(14 * 60)
    assert not timers.record.presence.silent
    timers.pass_time(61)
    assert timers.record.presence.silent
    assert timers.record.images.journal.find(LogKind.SILENT)
    assert timers.changes


async def test_image_that_is_overdue(timers: Timers) -> None:
    """An image without its last line ends when that line can no longer arrive."""
    timers.receive(4)
    image = timers.record.images.image
    assert image
    assert not image.closed
    timers.pass_time(99)
    assert timers.changes == 0
    timers.pass_time(2)
    assert timers.changes == 1
    image = timers.record.images.image
    assert image
    assert image.closed


async def test_image_too_old(timers: Timers) -> None:
    """An hour after the end of an image its age is a change."""
    timers.receive(3)
    timers.record.presence.silent = True
    timers.timers.async_restart()
    timers.pass_time(3590)
    assert timers.changes == 0
    timers.pass_time(11)
    assert timers.changes == 1


async def test_sums(timers: Timers) -> None:
    """Sums of 24 hours are read again after an hour at the latest."""
    timers.record.presence.silent = True
    status: list[str] = []
    timers.record.status_listeners.add_listener(lambda: status.append("changed"))
    timers.timers.async_restart()
    timers.pass_time(3601)
    assert timers.sums == 1
    assert status == ["changed"]


async def test_stop(timers: Timers) -> None:
    """Nothing is called after the stop."""
    timers.receive(4)
    timers.timers.async_stop()
    timers.pass_time(24 * 3600)
    assert (timers.changes, timers.sums) == (0, 0)
