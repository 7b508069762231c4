"""A board's button, and whether the board is there."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .boards import BUTTON, SESSION
from .entity import BoardEntity, add_entities_of_boards
from .network import NetworkConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of every board."""
    add_entities_of_boards(entry, async_add_entities, Button, Connectivity)


class Button(BoardEntity, BinarySensorEntity):
    """The push button: on while it is pushed."""

    key = "button"
    aspects = SESSION | BUTTON

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the button is pushed."""
        return self._board.button


class Connectivity(BoardEntity, BinarySensorEntity):
    """Whether the board is there."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    entity_category = EntityCategory.DIAGNOSTIC
    key = "connectivity"

    @property
    @override
    def available(self) -> bool:
        """Whether it can be said: always."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Whether the board is online."""
        return self._board.online
