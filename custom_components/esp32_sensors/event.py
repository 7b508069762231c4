"""What happens to a board's button, for automations."""

from typing import override

from homeassistant.components.event import (
    ButtonEventType,
    EventDeviceClass,
    EventEntity,
    EventEntityDescription,
)
from homeassistant.core import HomeAssistant, callback
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
    """Add the button events of every board."""
    add_entities_of_boards(entry, async_add_entities, ButtonEvent)


class ButtonEvent(BoardEntity, EventEntity):
    """The button is pushed, the button is released: every time the board says so."""

    entity_description = EventEntityDescription(
        key="button",
        device_class=EventDeviceClass.BUTTON,
        event_types=[ButtonEventType.PRESS_START, ButtonEventType.PRESS_END],
    )
    key = "button"
    aspects = SESSION | BUTTON

    @callback
    @override
    def _told(self, changed: int) -> None:
        if changed & BUTTON:
            self._trigger_event(
                ButtonEventType.PRESS_START
                if self._board.button
                else ButtonEventType.PRESS_END
            )
        super()._told(changed)
