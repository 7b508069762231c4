"""What the owner can do with a network."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import Unauthorized
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
        """Let them in; who may join is for administrators to say, and for automations.

        Raises ``Unauthorized`` if somebody else presses it, as renaming a board does.
        """
        if self._context is not None and self._context.user_id is not None:
            user = await self.hass.auth.async_get_user(self._context.user_id)
            if user is None or not user.is_admin:
                raise Unauthorized(context=self._context)
        self._network.async_permit_joining()
