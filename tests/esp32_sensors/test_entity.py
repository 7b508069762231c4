"""Tests of the base classes of entities."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .conftest import MAC, FakeBoard


async def test_unique_id(network: ConfigEntry, online: FakeBoard) -> None:
    """Unique ids contain the config entry: one MAC in two networks is two boards."""
    entity = er.async_get(online.hass).async_get(online.entity_id("switch", "led"))
    assert entity is not None
    assert entity.unique_id == f"{network.entry_id}_{MAC}_led"


async def test_entity_that_is_removed(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A removed entity is not notified any more, and the others still are."""
    er.async_get(hass).async_remove(online.entity_id("sensor", "light"))
    await hass.async_block_till_done()
    await online.light(7)
    await online.led(1)
    assert online.state("switch", "led") == "on"
    assert hass.states.get("sensor.capteur01_light") is None
