"""What a board measures."""

from typing import override

from homeassistant.components.sensor import SensorEntity, SensorStateClass
from homeassistant.const import UnitOfRatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import BoardEntity, add_entities_of_boards
from .network import NetworkConfigEntry
from .sessions import LIGHT, SESSION

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of every board."""
    add_entities_of_boards(
        entry,
        async_add_entities,
        lambda network, board: [Light(network, board, "light")],
    )


class Light(BoardEntity, SensorEntity):
    """The light that falls on the photoresistor; not a lux meter, so of no class."""

    _aspects = SESSION | LIGHT
    _attr_native_unit_of_measurement = UnitOfRatio.PERCENTAGE
    _attr_state_class = SensorStateClass.MEASUREMENT

    @property
    @override
    def native_value(self) -> int | None:
        """Percent of full light."""
        return self._board.light
