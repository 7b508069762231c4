"""Tests of the system information."""

from unittest.mock import patch

from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.battery_thermal.archive import Archive, ArchiveError
from custom_components.battery_thermal.const import DOMAIN
from homeassistant.setup import async_setup_component

from .world import World


async def test_system_health(world: World) -> None:
    """The information is the sum over all nodes."""
    await world.image()
    assert await async_setup_component(world.hass, "system_health", {})
    await world.hass.async_block_till_done()
    expected = {
        "applications": 1,
        "nodes": 1,
        "nodes_connected": 1,
        "nodes_silent": 0,
        "images_archived": 1,
    }
    assert await get_system_health_info(world.hass, DOMAIN) == expected
    with patch.object(Archive, "size", side_effect=ArchiveError("no disk")):
        info = await get_system_health_info(world.hass, DOMAIN)
    assert info == expected | {
        "images_archived": {"type": "failed", "error": "archive_failed"}
    }
