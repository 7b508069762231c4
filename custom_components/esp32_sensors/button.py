"""What the owner can do with a network."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import NetworkEntity
from .network import NetworkConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the network's button."""
    async_add_entities([PermitJoining(entry.runtime_data, "permit_joining")])


class PermitJoining(NetworkEntity, ButtonEntity):
    """Lets every board join for some minutes, whatever the options say."""

    _attr_entity_category = EntityCategory.CONFIG

    @override
    async def async_press(self) -> None:
        """Let them in."""
        self._network.async_permit_joining()
