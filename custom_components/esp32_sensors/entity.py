"""What the entities of a board have in common."""

from collections.abc import Callable
from typing import override

from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .boards import SESSION, Board, State
from .const import DOMAIN
from .network import Network, NetworkConfigEntry


class BoardEntity(Entity):
    """A window on one board's record."""

    # What is the same for every board is said once, on the class. Home Assistant would
    # keep it in each entity, and past thirty attributes an object has a whole dictionary
    # of its own: 1.5 kB for each of a board's seven entities (docs/performance.md).
    assumed_state = False
    attribution = None
    device_info = None
    entity_category: EntityCategory | None = None
    entity_picture = None
    entity_registry_enabled_default = True
    entity_registry_visible_default = True
    extra_state_attributes = None
    force_update = False
    has_entity_name = True
    icon = None
    should_poll = False
    supported_features: int | None = None
    # A sensor looks twice in each state for a translation of its unit; none has one.
    _unit_of_measurement_translation_key = None

    key: str
    """What the entity shows, among those of its board and platform."""
    aspects = SESSION
    """What is written as a state when it changes."""

    def __init__(
        self, network: Network, board: Board, device: dr.DeviceEntry | None
    ) -> None:
        """Open the window; ``device`` is what the board is in Home Assistant."""
        self._network = network
        self._board = board
        self.device_entry = device

    @property
    @override
    def translation_key(self) -> str:
        """The name of the window."""
        return self.key

    @property
    @override
    def unique_id(self) -> str:
        """Networks are apart: one MAC may be in two, and is two boards then."""
        return f"{self._network.entry.entry_id}_{self._board.mac}_{self.key}"

    @property
    @override
    def available(self) -> bool:
        """Whether the board is there."""
        return self._board.session.state is State.ONLINE

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the record."""
        if self.aspects:
            self._board.listen(self.aspects, self._told)

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
    *kinds: Callable[[Network, Board, dr.DeviceEntry | None], BoardEntity],
) -> None:
    """Add an entity of each kind for each board, now and later."""
    network = entry.runtime_data

    @callback
    def add(boards: list[Board]) -> None:
        devices = [(board, network.device_of(board)) for board in boards]
        # One kind after the other, the light first: what nearly all messages touch lies
        # closer together in memory than if a board's entities were made in a row.
        async_add_entities(
            kind(network, board, device) for kind in kinds for board, device in devices
        )

    entry.async_on_unload(network.async_on_boards(add))
