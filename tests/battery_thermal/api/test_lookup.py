"""Tests of finding nodes by their subentries."""

from custom_components.battery_thermal.api.lookup import (
    async_get_node,
    async_loaded_nodes,
    async_node_subentries,
)
from homeassistant.core import HomeAssistant
from tests.battery_thermal.world import World


async def test_lookup(hass: HomeAssistant, world: World) -> None:
    """A subentry is always found; the node's object only while its application is set up."""
    (subentry_id,) = world.entry.subentries
    assert async_node_subentries(hass) == dict(world.entry.subentries)
    assert list(async_loaded_nodes(hass)) == [world.battery_node]
    assert async_get_node(hass, subentry_id) is world.battery_node
    assert async_get_node(hass, "another") is None

    assert await hass.config_entries.async_unload(world.entry.entry_id)

    assert async_node_subentries(hass) == dict(world.entry.subentries)
    assert not list(async_loaded_nodes(hass))
    assert async_get_node(hass, subentry_id) is None
