"""Buttons: of a board that identifies it, and of a network that permits joining."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.components.button.const import ButtonDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.permissions import async_check_administrator
from .entity import BoardEntity, NetworkEntity, add_entities_of_boards
from .hub.network import NetworkConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of the network and of every board."""
    async_add_entities([PermitJoining(entry.runtime_data, "permit_joining")])
    add_entities_of_boards(entry, async_add_entities, Identify)


class Identify(BoardEntity, ButtonEntity):
    """Lets the LED of a board blink for five seconds, to find the board."""

    device_class = ButtonDeviceClass.IDENTIFY
    entity_category = EntityCategory.CONFIG
    key = "identify"

    @override
    async def async_press(self) -> None:
        """Let the LED blink; raise ``HomeAssistantError`` if that is not possible."""
        await self._network.identification.async_identify(self._board)


class PermitJoining(NetworkEntity, ButtonEntity):
    """Lets every board join for some minutes, whatever the options are."""

    _attr_entity_category = EntityCategory.CONFIG

    @override
    async def async_press(self) -> None:
        """Permit joining, for administrators and automations only.

        Raises ``Unauthorized`` or ``UnknownUser`` for anybody else, as the action that
        renames a board does.
        """
        await async_check_administrator(self.hass, self._context)
        self._network.async_permit_joining()
