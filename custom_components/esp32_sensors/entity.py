"""What the entities of a board have in common."""

from collections.abc import Callable
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .boards import SESSION, Board
from .const import DOMAIN
from .network import Network, NetworkConfigEntry


class BoardEntity(Entity):
    """A window on one board's record."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _aspects = SESSION
    """What is written as a state when it changes."""

    def __init__(self, network: Network, board: Board, key: str) -> None:
        """Open the window named ``key``."""
        self._network = network
        self._board = board
        self._attr_translation_key = key
        entry_id = network.entry.entry_id
        # Networks are apart: one MAC may be in two, and is two boards then.
        self._attr_unique_id = f"{entry_id}_{board.mac}_{key}"

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """The board as a device. Not kept: it is read once, and boards are many."""
        board = self._board
        return DeviceInfo(
            identifiers={(DOMAIN, board.mac)},
            connections={(CONNECTION_NETWORK_MAC, board.mac)},
            name=board.session.name,
            manufacturer="Espressif",
            model="ESP32",
            via_device_id=self._network.device_id,
        )

    @property
    @override
    def available(self) -> bool:
        """Whether the board is there."""
        return self._board.online

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the record."""
        self._board.listen(self._aspects, self._told)

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Look away."""
        self._board.unlisten(self._told)

    @callback
    def _told(self, changed: int) -> None:
        """Write what the record says now."""
        self.async_write_ha_state()


class NetworkEntity(Entity):
    """A window on the network as a whole."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, network: Network, key: str) -> None:
        """Open the window named ``key``."""
        self._network = network
        self._attr_translation_key = key
        self._attr_unique_id = f"{network.entry.entry_id}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, network.entry.entry_id)}
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the network's figures."""
        self.async_on_remove(self._network.async_on_figures(self.async_write_ha_state))


def add_entities_of_boards(
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    create: Callable[[Network, Board], list[BoardEntity]],
) -> None:
    """Add the entities that ``create`` makes of each board, now and later."""
    network = entry.runtime_data

    @callback
    def add(boards: list[Board]) -> None:
        async_add_entities(
            [entity for board in boards for entity in create(network, board)]
        )

    entry.async_on_unload(network.async_on_boards(add))
