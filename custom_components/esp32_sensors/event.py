"""Events of the button of a board, for automations."""

from typing import override

from homeassistant.components.event import (
    ButtonEventType,
    EventDeviceClass,
    EventEntity,
    EventEntityDescription,
)
from homeassistant.core import HomeAssistant, callback
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
    """Add the button events of every board."""
    add_entities_of_boards(entry, async_add_entities, ButtonEvent)


class ButtonEvent(BoardEntity, EventEntity):
    """Fires for each push and release that a board reports."""

    entity_description = EventEntityDescription(
        key="button",
        device_class=EventDeviceClass.BUTTON,
        event_types=[ButtonEventType.PRESS_START, ButtonEventType.PRESS_END],
    )
    key = BUTTON.key
    aspects = SESSION | BUTTON.aspect

    @callback
    @override
    def _board_changed(self, changed: int) -> None:
        """Trigger the event of a push or release, and write the state."""
        if changed & BUTTON.aspect:
            self._trigger_event(
                ButtonEventType.PRESS_START
                if self._board.value(BUTTON)
                else ButtonEventType.PRESS_END
            )
        super()._board_changed(changed)
