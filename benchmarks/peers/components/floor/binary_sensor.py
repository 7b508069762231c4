"""Binary sensors."""

from homeassistant.components.binary_sensor import BinarySensorEntity
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
    entry.runtime_data.adds(
        Platform.BINARY_SENSOR, async_add_entities, FloorBinarySensorEntity
    )


class FloorBinarySensorEntity(FloorEntity, BinarySensorEntity):
    """A binary sensor."""
