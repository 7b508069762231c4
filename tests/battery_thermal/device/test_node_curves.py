"""Tests of the calculation of curves in the background."""

from threading import Event
from unittest.mock import patch

import pytest

from custom_components.battery_thermal.archive import ArchiveError, curves
from custom_components.battery_thermal.device.node_archive import async_archive_threads
from homeassistant.core import HomeAssistant

from ..world import World


async def async_written(hass: HomeAssistant) -> None:
    """Wait until the thread that writes has done what it was given."""
    await async_archive_threads(hass).async_write(lambda: None)
    await hass.async_block_till_done()


async def test_one_calculation_at_a_time(world: World) -> None:
    """Another one is not begun while one waits for the thread that writes."""
    await world.configure(cells={"rows": 2, "columns": 1})
    await async_written(world.hass)
    node_curves = world.battery_node.curves
    released = Event()
    with patch.object(
        curves, "missing_periods", wraps=curves.missing_periods
    ) as missing:
        held = world.hass.async_create_task(
            async_archive_threads(world.hass).async_write(released.wait)
        )
        node_curves.async_calculate()
        node_curves.async_calculate()
        released.set()
        await held
        await async_written(world.hass)
        assert missing.call_count == 1
        # And the next one is begun after it.
        node_curves.async_calculate()
        await async_written(world.hass)
        assert missing.call_count == 2


async def test_archive_that_cannot_be_written(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said at the level for developers, and tried again with the next request."""
    caplog.set_level("DEBUG")
    await world.configure(cells={"rows": 2, "columns": 1})
    await async_written(world.hass)
    node_curves = world.battery_node.curves
    with patch.object(curves, "missing_periods", side_effect=ArchiveError("locked")):
        node_curves.async_calculate()
        await async_written(world.hass)
    assert "Curves cannot be calculated: locked" in caplog.text
    with patch.object(
        curves, "missing_periods", wraps=curves.missing_periods
    ) as missing:
        node_curves.async_calculate()
        await async_written(world.hass)
    assert missing.call_count == 1


async def test_nothing_to_calculate_without_areas(world: World) -> None:
    """The archive is not asked."""
    with patch.object(
        curves, "missing_periods", wraps=curves.missing_periods
    ) as missing:
        world.battery_node.curves.async_calculate()
        await async_written(world.hass)
    assert not missing.called
