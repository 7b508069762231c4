"""Sensors: what the node measured, and how well it is heard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    SIGNAL_STRENGTH_DECIBELS,
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .battery_node import BatteryNode, CatchUp
from .cell_sensor import async_remove_old_cells, cell_sensors
from .coordinator import BatteryThermalConfigEntry
from .degrees import KELVIN_PER_MINUTE, DegreesSensor, house_unit
from .entity import NodeEntity
from .lorawan.fair_use import FAIR_AIRTIME
from .lorawan.network_server import Link
from .node.assembly import LinePosition
from .node.layout import Layout
from .thermal.analysis import spread
from .thermal.image import ThermalImage

PARALLEL_UPDATES = 0


def _nothing(_node: BatteryNode) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class NodeSensorDescription(SensorEntityDescription):
    """A sensor and where its value is in the record.

    `of_the_node`: it says what the node says, and so nothing while the node is silent.
    """

    value_fn: Callable[[BatteryNode], StateType | datetime]
    attributes_fn: Callable[[BatteryNode], dict[str, Any]] = _nothing
    of_the_node: bool = True


def _of_image(value_fn: Callable[[ThermalImage], float]) -> Callable[..., float | None]:
    """Return how to get a value of the newest image that has ended."""
    return lambda node: value_fn(node.measured) if node.measured else None


def _mode(node: BatteryNode) -> dict[str, Any]:
    """Say of which kind the image is: those of both kinds are not quite alike."""
    return {"mode": node.measured.mode} if node.measured else {}


def _of_link(
    value_fn: Callable[[Link], float | None],
) -> Callable[[BatteryNode], float | None]:
    """Return how to get a value of the newest uplink's way here."""
    return lambda node: value_fn(node.traffic.link) if node.traffic.link else None


def _temperature(
    key: str,
    value_fn: Callable[[BatteryNode], float | None],
    precision: int = 1,
    *,
    of_image: bool = True,
    enabled: bool = True,
) -> NodeSensorDescription:
    return NodeSensorDescription(
        key=key,
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=precision,
        entity_registry_enabled_default=enabled,
        value_fn=value_fn,
        attributes_fn=_mode if of_image else _nothing,
    )


def _difference(
    key: str, value_fn: Callable[[BatteryNode], float | None]
) -> NodeSensorDescription:
    return NodeSensorDescription(
        key=key,
        device_class=SensorDeviceClass.TEMPERATURE_DELTA,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.KELVIN,
        suggested_display_precision=1,
        value_fn=value_fn,
        attributes_fn=_mode,
    )


def _over_ambient(node: BatteryNode) -> float | None:
    if node.measured is None or node.ambient is None:
        return None
    return round(node.measured.maximum - node.ambient, 1)


def _minute_heard(node: BatteryNode) -> datetime | None:
    """Return the minute of the last uplink.

    Every other state is a row in the recorder's database and a line in the logbook, and
    nodes may speak every few seconds.
    """
    heard_at = node.traffic.heard_at
    return heard_at and heard_at.replace(second=0, microsecond=0)


SENSORS = (
    _temperature("ambient", lambda node: node.ambient, precision=0, of_image=False),
    _temperature("maximum", _of_image(lambda image: image.maximum)),
    _temperature("minimum", _of_image(lambda image: image.minimum)),
    _temperature("mean", _of_image(lambda image: image.mean), enabled=False),
    _difference("spread", _of_image(spread)),
    _difference("over_ambient", _over_ambient),
    NodeSensorDescription(
        key="dead_pixels",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: len(node.options.correction.dead_pixels),
        of_the_node=False,
    ),
    NodeSensorDescription(
        key="line_position",
        device_class=SensorDeviceClass.ENUM,
        options=list(LinePosition),
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.line_position,
    ),
    NodeSensorDescription(
        key="layout",
        device_class=SensorDeviceClass.ENUM,
        options=list(Layout.AUTO.candidates),
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: node.layout,
        of_the_node=False,
    ),
    NodeSensorDescription(
        key="suspect_images",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: node.suspect_images,
    ),
    NodeSensorDescription(
        key="rssi",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_of_link(lambda link: link.rssi),
    ),
    NodeSensorDescription(
        key="snr",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_of_link(lambda link: link.snr),
    ),
    NodeSensorDescription(
        key="gateways",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=_of_link(lambda link: link.gateways),
    ),
    NodeSensorDescription(
        key="spreading_factor",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=_of_link(lambda link: link.spreading_factor),
    ),
    NodeSensorDescription(
        key="last_uplink",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_minute_heard,
        of_the_node=False,
    ),
    NodeSensorDescription(
        key="catch_up",
        device_class=SensorDeviceClass.ENUM,
        options=list(CatchUp),
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.catch_up,
        of_the_node=False,
    ),
    NodeSensorDescription(
        key="lost_lines",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=0,
        value_fn=lambda node: node.traffic.lost_lines.total(dt_util.utcnow()),
        of_the_node=False,
    ),
    NodeSensorDescription(
        key="airtime",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: float(node.traffic.airtime.total(dt_util.utcnow())),
        attributes_fn=lambda node: {"limit": FAIR_AIRTIME if node.fair_use else None},
        of_the_node=False,
    ),
    NodeSensorDescription(
        key="downlinks",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda node: node.delivery.sent_today(dt_util.utcnow()),
        attributes_fn=lambda node: {"limit": node.delivery.budget},
        of_the_node=False,
    ),
)


def _rise(hass: HomeAssistant) -> NodeSensorDescription:
    """Return the rate of rise, in the unit of the house."""
    unit, scale = house_unit(hass, KELVIN_PER_MINUTE)

    def rise(node: BatteryNode) -> float | None:
        rise = node.watch.rise
        return None if rise is None else rise * scale

    return NodeSensorDescription(
        key="rise",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=unit,
        suggested_display_precision=2,
        value_fn=rise,
    )


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities(
            [NodeSensor(node, description) for description in (*SENSORS, _rise(hass))],
            config_subentry_id=node.subentry_id,
        )
        async_add_entities(cell_sensors(node), config_subentry_id=node.subentry_id)
        async_remove_old_cells(hass, entry, node)


class NodeSensor(NodeEntity, DegreesSensor):
    """A sensor of a node."""

    entity_description: NodeSensorDescription

    def __init__(self, node: BatteryNode, description: NodeSensorDescription) -> None:
        """Look at one value."""
        super().__init__(node, description.key)
        self.entity_description = description
        self._of_the_node = description.of_the_node

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """The value in the record."""
        return self.entity_description.value_fn(self.node)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What else there is to say."""
        return self.entity_description.attributes_fn(self.node)

    @override
    def _shown(self) -> object:
        return self.native_value, self.extra_state_attributes
