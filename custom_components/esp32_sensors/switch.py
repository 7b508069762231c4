"""Switch for the LED of a board."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .core.boards import SESSION
from .core.readings import LED
from .entity import BoardEntity, add_entities_of_boards
from .hub.network import NetworkConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the LED of every board."""
    add_entities_of_boards(entry, async_add_entities, LedSwitch)


class LedSwitch(BoardEntity, SwitchEntity):
    """The LED of a board: shows the reported state and never the commanded one."""

    key = LED.key
    aspects = SESSION | LED.aspect

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the LED is on; None when this is unknown."""
        return self._board.led

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch the LED on; return when the board has confirmed it."""
        await self._network.leds.async_switch(self._board, True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch the LED off; return when the board has confirmed it."""
        await self._network.leds.async_switch(self._board, False)
