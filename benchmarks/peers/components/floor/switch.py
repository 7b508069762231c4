"""Switches."""

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import FloorEntity, FloorEntry


async def async_setup_entry(
    hass: HomeAssistant,
    entry: FloorEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Store the function that adds the entities."""
    entry.runtime_data.adds(Platform.SWITCH, async_add_entities, FloorSwitchEntity)


class FloorSwitchEntity(FloorEntity, SwitchEntity):
    """A switch."""
