"""Sensors of boards and of networks."""

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

from .core.boards import RECORD, SESSION
from .core.readings import LIGHT
from .entity import BoardEntity, NetworkEntity, add_entities_of_boards
from .hub.network import Network, NetworkConfigEntry
from .uncached import UncachedSensor

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NetworkSensorDescription(SensorEntityDescription):
    """Describes a sensor of a network."""

    value_fn: Callable[[Network], StateType | datetime]
    attributes_fn: Callable[[Network], dict[str, int]] = lambda _: {}


def _moment(time: float | None) -> datetime | None:
    return None if time is None else dt_util.utc_from_timestamp(time)


NETWORK_SENSORS = (
    NetworkSensorDescription(
        key="boards_online",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda network: network.statistics.boards_online,
    ),
    NetworkSensorDescription(
        key="boards_known",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda network: network.statistics.boards_known,
    ),
    NetworkSensorDescription(
        key="messages_discarded",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda network: network.statistics.discarded.total(),
        attributes_fn=lambda network: {
            reason.value: count
            for reason, count in network.statistics.discarded.items()
        },
    ),
    NetworkSensorDescription(
        key="joining_until",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda network: network.joining.until,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NetworkConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the network and of every board."""
    async_add_entities(
        NetworkSensor(entry.runtime_data, description)
        for description in NETWORK_SENSORS
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


class Light(UncachedSensor, BoardEntity, SensorEntity):
    """The light on the photoresistor, which is not in lux: no device class fits."""

    key = LIGHT.key
    aspects = SESSION | LIGHT.aspect
    device_class = None
    native_unit_of_measurement = UnitOfRatio.PERCENTAGE
    state_class = SensorStateClass.MEASUREMENT
    _written: int | None = None
    _written_at = 0.0

    @property
    @override
    def native_value(self) -> int | None:
        """Return the light in percent; None when it is unknown."""
        return self._board.readings[LIGHT.index].value

    @callback
    @override
    def _board_changed(self, changed: int) -> None:
        """Write the state, unless the light differs too little from the last state.

        Boards report every 2 s, and each state is a row in the database of the recorder.
        """
        options = self._network.options
        if options.light_change:
            light = self._board.value(LIGHT)
            now = monotonic()
            if (
                not changed & SESSION
                and light is not None
                and self._written is not None
                and abs(light - self._written) < options.light_change
                and not 0 < options.light_silence <= now - self._written_at
            ):
                return
            self._written = light
            self._written_at = now
        self.async_write_ha_state()


class BoardDiagnostic(UncachedSensor, BoardEntity, SensorEntity):
    """A diagnostic sensor of a board, available also when the board is offline."""

    entity_category = EntityCategory.DIAGNOSTIC
    state_class = None

    @property
    @override
    def available(self) -> bool:
        """Return True: the value does not depend on the connection."""
        return True


class JoinedAt(BoardDiagnostic):
    """Time of the first join of the board."""

    key = "joined_at"
    aspects = RECORD
    device_class = SensorDeviceClass.TIMESTAMP

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return the time."""
        return _moment(self._board.joined_at)


class LastSeen(BoardDiagnostic):
    """Time of the last message of the board, written when it goes online or offline.

    While a board is online, periodic states would add rows to the database of the
    recorder and lines to *Activity*, and say no more than that the board is online. The
    dashboards show the time live.
    """

    key = "last_seen"
    device_class = SensorDeviceClass.TIMESTAMP

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return the time; None when there was no message."""
        return _moment(self._board.last_seen)


class NetworkName(BoardDiagnostic):
    """Name of the board in its network."""

    key = "network_name"
    device_class = None
    entity_registry_enabled_default = False

    @property
    @override
    def native_value(self) -> str:
        """Return the name."""
        return self._board.session.name


class SessionStart(BoardDiagnostic):
    """Time at which the board started its session."""

    key = "session_start"
    device_class = SensorDeviceClass.TIMESTAMP
    entity_registry_enabled_default = False

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return the time; None when the session was not started."""
        return _moment(self._board.session.started_at)


class NetworkSensor(NetworkEntity, SensorEntity):
    """A sensor of a network."""

    entity_description: NetworkSensorDescription
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, network: Network, description: NetworkSensorDescription) -> None:
        """Initialize the sensor."""
        super().__init__(network, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return the value."""
        return self.entity_description.value_fn(self._network)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, int]:
        """Return the parts of the value."""
        return self.entity_description.attributes_fn(self._network)
