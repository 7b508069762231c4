"""A board's LED."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .boards import LED, SESSION
from .entity import BoardEntity, add_entities_of_boards
from .network import NetworkConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the LED of every board."""
    add_entities_of_boards(entry, async_add_entities, LedSwitch)


class LedSwitch(BoardEntity, SwitchEntity):
    """The LED: as the board says it is, never as it was told to be."""

    key = "led"
    aspects = SESSION | LED

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the LED is on."""
        return self._board.led

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch the LED on; done when the board confirms it."""
        await self._network.leds.async_switch(self._board, True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch the LED off; done when the board confirms it."""
        await self._network.leds.async_switch(self._board, False)
