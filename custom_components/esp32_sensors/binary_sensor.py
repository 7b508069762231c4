"""Binary sensors of a board: its button, and whether it is online."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .core.boards import SESSION
from .core.readings import BUTTON
from .entity import BoardEntity, add_entities_of_boards
from .hub.network import NetworkConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of every board."""
    add_entities_of_boards(entry, async_add_entities, Button, Connectivity)


class Button(BoardEntity, BinarySensorEntity):
    """The push button of a board."""

    key = BUTTON.key
    aspects = SESSION | BUTTON.aspect

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the button is pushed; None when this is unknown."""
        value = self._board.value(BUTTON)
        return None if value is None else value == 1


class Connectivity(BoardEntity, BinarySensorEntity):
    """Shows whether a board is online."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    entity_category = EntityCategory.DIAGNOSTIC
    key = "connectivity"

    @property
    @override
    def available(self) -> bool:
        """Return True: this is always known."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the board is online."""
        return self._board.online
