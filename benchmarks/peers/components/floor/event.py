"""Events."""

from homeassistant.components.event import EventEntity, EventEntityDescription
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
    entry.runtime_data.adds(Platform.EVENT, async_add_entities, FloorEventEntity)


class FloorEventEntity(FloorEntity, EventEntity):
    """An event."""

    entity_description = EventEntityDescription(key="any", event_types=["any"])
