"""Table of the sensors of a node: what each reads from the record.

A new sensor is one entry of `SENSORS`, with its name in the translations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .degrees import KELVIN_PER_MINUTE, house_unit
from .device.battery_node import BatteryNode
from .device.catch_up import CatchUp
from .protocol.assembly_result import LinePosition
from .protocol.layout import Layout
from .sensor_values import (
    mode_of_image,
    of_extremes,
    of_image,
    of_link,
    over_ambient,
    receptions,
    silence,
)
from .thermal.analysis import spread


def _nothing(_node: BatteryNode) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class NodeSensorDescription(SensorEntityDescription):
    """A sensor and where its value is in the record.

    `needs_node`: its value comes from the node, so it is unavailable while the node is
    silent.
    """

    value_fn: Callable[[BatteryNode], StateType | datetime]
    attributes_fn: Callable[[BatteryNode], dict[str, Any]] = _nothing
    needs_node: bool = True
    changes_fn: Callable[[BatteryNode], object] | None = None
    """What has to change for a new state; None: the value or an attribute.

    Each state is a row in the recorder's database, and for a sensor without a unit a
    line in Activity as well.
    """


def _temperature(
    key: str,
    value_fn: Callable[[BatteryNode], float | None],
    precision: int = 1,
    *,
    has_mode: bool = True,
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
        attributes_fn=mode_of_image if has_mode else _nothing,
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
        attributes_fn=mode_of_image,
    )


SENSORS = (
    _temperature(
        "ambient", lambda node: node.record.images.ambient, precision=0, has_mode=False
    ),
    _temperature("maximum", of_extremes(lambda image: image.maximum)),
    _temperature("minimum", of_extremes(lambda image: image.minimum)),
    _temperature("mean", of_image(lambda image: image.mean), enabled=False),
    _difference("spread", of_extremes(spread)),
    _difference("over_ambient", over_ambient),
    NodeSensorDescription(
        key="dead_pixels",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: len(node.config.options.correction.dead_pixels),
        needs_node=False,
    ),
    NodeSensorDescription(
        key="line_position",
        device_class=SensorDeviceClass.ENUM,
        options=list(LinePosition),
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: node.record.images.line_position,
    ),
    NodeSensorDescription(
        key="layout",
        device_class=SensorDeviceClass.ENUM,
        options=[*Layout.AUTO.candidates, Layout.COMPACT],
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: node.record.images.layout,
        needs_node=False,
    ),
    NodeSensorDescription(
        key="suspect_images",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: node.record.images.suspect_images,
    ),
    NodeSensorDescription(
        key="rssi",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=of_link(lambda link: link.rssi),
    ),
    NodeSensorDescription(
        key="snr",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=of_link(lambda link: link.snr),
    ),
    NodeSensorDescription(
        key="gateways",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=of_link(lambda link: link.gateways),
        attributes_fn=receptions,
    ),
    NodeSensorDescription(
        key="spreading_factor",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=of_link(lambda link: link.spreading_factor),
    ),
    NodeSensorDescription(
        key="last_uplink",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: node.record.traffic.heard_at,
        needs_node=False,
        # The dashboards show it live. As a state it changes only when the node becomes
        # silent, and when it is heard again.
        changes_fn=silence,
    ),
    NodeSensorDescription(
        key="catch_up",
        device_class=SensorDeviceClass.ENUM,
        options=list(CatchUp),
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: node.record.missed.outcome,
        needs_node=False,
    ),
    NodeSensorDescription(
        key="lost_lines",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        suggested_display_precision=0,
        value_fn=lambda node: node.record.traffic.lost_lines.total(dt_util.utcnow()),
        needs_node=False,
    ),
    NodeSensorDescription(
        key="airtime",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: float(
            node.record.traffic.airtime.total(dt_util.utcnow())
        ),
        attributes_fn=lambda node: {
            "limit": node.config.fair_use.airtime if node.config.fair_use else None
        },
        needs_node=False,
    ),
    NodeSensorDescription(
        key="downlinks",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda node: node.record.delivery.sent_today(dt_util.utcnow()),
        attributes_fn=lambda node: {"limit": node.record.delivery.budget},
        needs_node=False,
    ),
)


# What depends on the extremes of an image, which may be unknown.
OF_EXTREMES = ("maximum", "minimum", "spread", "over_ambient")


def rise_sensor(hass: HomeAssistant) -> NodeSensorDescription:
    """Return the sensor of the rate of rise, in the unit system of Home Assistant."""
    unit, scale = house_unit(hass, KELVIN_PER_MINUTE)

    def rise(node: BatteryNode) -> float | None:
        rise = node.record.watch.rise
        return None if rise is None else rise * scale

    return NodeSensorDescription(
        key="rise",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=unit,
        suggested_display_precision=2,
        value_fn=rise,
    )
