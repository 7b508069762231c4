"""What a board measures, what is known of it, and how its network does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfRatio
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .boards import LIGHT, SEEN, SESSION
from .entity import BoardEntity, NetworkEntity, add_entities_of_boards
from .network import Network, NetworkConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NetworkFigureDescription(SensorEntityDescription):
    """A figure of the network."""

    value_fn: Callable[[Network], StateType | datetime]
    attributes_fn: Callable[[Network], dict[str, int]] = lambda _: {}


def _moment(time: float | None) -> datetime | None:
    return None if time is None else dt_util.utc_from_timestamp(time)


NETWORK_FIGURES = (
    NetworkFigureDescription(
        key="boards_online",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda network: network.boards_online,
    ),
    NetworkFigureDescription(
        key="boards_known",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda network: len(network.registry.boards),
    ),
    NetworkFigureDescription(
        key="messages_discarded",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda network: network.discarded.total(),
        attributes_fn=lambda network: {
            reason.value: count for reason, count in network.discarded.items()
        },
    ),
    NetworkFigureDescription(
        key="joining_until",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda network: network.joining_until,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the network and of every board."""
    async_add_entities(
        NetworkFigure(entry.runtime_data, description)
        for description in NETWORK_FIGURES
    )
    add_entities_of_boards(
        entry,
        async_add_entities,
        Light,
        JoinedAt,
        LastSeen,
        NetworkName,
        SessionStart,
    )


class Light(BoardEntity, SensorEntity):
    """The light that falls on the photoresistor; not a lux meter, so of no class."""

    key = "light"
    aspects = SESSION | LIGHT
    device_class = None
    last_reset = None
    native_unit_of_measurement = UnitOfRatio.PERCENTAGE
    options = None
    state_class = SensorStateClass.MEASUREMENT
    suggested_display_precision = None
    suggested_unit_of_measurement = None
    _written: int | None = None
    _written_at = 0.0

    @property
    @override
    def native_value(self) -> int | None:
        """Percent of full light."""
        return self._board.light

    @callback
    @override
    def _told(self, changed: int) -> None:
        """Write the light, unless it is as good as what was written.

        Boards report every 2 s, and every state is a row in the recorder's database.
        """
        if self._network.light_change:
            light = self._board.light
            now = monotonic()
            if (
                not changed & SESSION
                and light is not None
                and self._written is not None
                and abs(light - self._written) < self._network.light_change
                and not 0 < self._network.light_silence <= now - self._written_at
            ):
                return
            self._written = light
            self._written_at = now
        self.async_write_ha_state()


class BoardFact(BoardEntity, SensorEntity):
    """Something that is known of a board, online or not."""

    entity_category = EntityCategory.DIAGNOSTIC
    last_reset = None
    native_unit_of_measurement = None
    options = None
    state_class = None
    suggested_display_precision = None
    suggested_unit_of_measurement = None

    @property
    @override
    def available(self) -> bool:
        """Whether it can be said: always."""
        return True


class JoinedAt(BoardFact):
    """When the board came for the first time."""

    key = "joined_at"
    aspects = 0
    device_class = SensorDeviceClass.TIMESTAMP

    @property
    @override
    def native_value(self) -> datetime | None:
        """The moment."""
        return _moment(self._board.joined_at)


class LastSeen(BoardFact):
    """When the board was last heard."""

    key = "last_seen"
    aspects = SEEN
    device_class = SensorDeviceClass.TIMESTAMP

    @property
    @override
    def native_value(self) -> datetime | None:
        """The moment; None when it never was."""
        return _moment(self._board.last_seen)


class NetworkName(BoardFact):
    """What the board is called in its network."""

    key = "network_name"
    device_class = None
    entity_registry_enabled_default = False

    @property
    @override
    def native_value(self) -> str:
        """The name."""
        return self._board.session.name


class SessionStart(BoardFact):
    """When the board started its session."""

    key = "session_start"
    device_class = SensorDeviceClass.TIMESTAMP
    entity_registry_enabled_default = False

    @property
    @override
    def native_value(self) -> datetime | None:
        """The moment; None as long as it has not."""
        return _moment(self._board.session.started_at)


class NetworkFigure(NetworkEntity, SensorEntity):
    """A figure of the network."""

    entity_description: NetworkFigureDescription
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, network: Network, description: NetworkFigureDescription) -> None:
        """Open the window that the description asks for."""
        super().__init__(network, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """The figure."""
        return self.entity_description.value_fn(self._network)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, int]:
        """What the figure is made of."""
        return self.entity_description.attributes_fn(self._network)
