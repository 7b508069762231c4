"""Base classes of the entities of boards and networks."""

from collections.abc import Callable
from typing import override

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .core.boards import SESSION, Board, State
from .hub.network import Network, NetworkConfigEntry
from .uncached import UncachedEntity


class BoardEntity(UncachedEntity, Entity):
    """An entity that shows one aspect of a board and holds no state of its own."""

    key: str
    """Translation key, and end of the unique id."""
    aspects = SESSION
    """Aspects of the board after whose change the state is written."""

    def __init__(
        self, network: Network, board: Board, device: dr.DeviceEntry | None
    ) -> None:
        """Initialize the entity; ``device`` is the device of the board."""
        self._network = network
        self._board = board
        self.device_entry = device

    @property
    @override
    def translation_key(self) -> str:
        """Return the translation key."""
        return self.key

    @property
    @override
    def unique_id(self) -> str:
        """Return the unique id; one MAC in two networks is two boards."""
        return f"{self._network.entry.entry_id}_{self._board.mac}_{self.key}"

    @property
    @override
    def available(self) -> bool:
        """Return whether the board is online."""
        return self._board.session.state is State.ONLINE

    @override
    async def async_added_to_hass(self) -> None:
        """Subscribe to changes of the board."""
        self._board.listen(self.aspects, self._board_changed)

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Unsubscribe."""
        self._board.unlisten(self._board_changed)

    @callback
    def _board_changed(self, changed: int) -> None:
        """Write the state after the aspects ``changed`` have changed."""
        self.async_write_ha_state()


class NetworkEntity(Entity):
    """An entity of a network as a whole."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, network: Network, key: str) -> None:
        """Initialize the entity; ``key`` is its translation key."""
        self._network = network
        self._attr_translation_key = key
        self._attr_unique_id = f"{network.entry.entry_id}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, network.entry.entry_id)}
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Subscribe to changes of the statistics."""
        self.async_on_remove(
            self._network.statistics.async_listen(self.async_write_ha_state)
        )


def add_entities_of_boards(
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    *classes: Callable[[Network, Board, dr.DeviceEntry | None], BoardEntity],
) -> None:
    """Add an entity of each class for each board, now and for boards that join later."""
    network = entry.runtime_data

    @callback
    def add(boards: list[Board]) -> None:
        devices = [(board, network.devices.device_of(board)) for board in boards]
        # Class by class, the light first: the objects that nearly all messages use are
        # closer together in memory than with all entities of a board in a row.
        async_add_entities(
            entity_class(network, board, device)
            for entity_class in classes
            for board, device in devices
        )

    entry.async_on_unload(network.boards.async_listen(add))
