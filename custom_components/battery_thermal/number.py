"""Numbers: threshold, mode as a number, limits of alarms."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, UnitOfTemperature, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.unit_conversion import TemperatureConverter

from .degrees import KELVIN, KELVIN_PER_MINUTE, house_unit
from .device.battery_node import BatteryNode
from .entity import KeyedEntity
from .hub import BatteryThermalConfigEntry
from .model.mode import Mode
from .protocol.downlink import Settings

PARALLEL_UPDATES = 0

_MODES = (Mode.SLOW, Mode.FAST)


@dataclass(frozen=True, kw_only=True)
class NodeNumberDescription(NumberEntityDescription):
    """Describe a setting: its proven value, its wanted value, and how to request it."""

    value_fn: Callable[[BatteryNode], int | None]
    wanted_fn: Callable[[Settings], int]
    request_fn: Callable[[BatteryNode, int], None]


NUMBERS = (
    NodeNumberDescription(
        key="threshold",
        device_class=NumberDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        # Range of the camera (MLX90640 data sheet).
        native_min_value=-40,
        native_max_value=300,
        native_step=1,
        mode=NumberMode.BOX,
        entity_category=EntityCategory.CONFIG,
        value_fn=lambda node: node.record.threshold,
        wanted_fn=lambda wanted: wanted.threshold,
        request_fn=lambda node, value: node.sender.async_request(threshold=value),
    ),
    NodeNumberDescription(
        key="mode_number",
        native_min_value=0,
        native_max_value=1,
        native_step=1,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        value_fn=lambda node: (
            _MODES.index(node.record.images.mode) if node.record.images.mode else None
        ),
        wanted_fn=lambda wanted: _MODES.index(wanted.mode),
        request_fn=lambda node, value: node.sender.async_request(mode=_MODES[value]),
    ),
)


@dataclass(frozen=True, kw_only=True)
class LimitDescription(NumberEntityDescription):
    """Describe a limit of alarms; `limit` is its name in `thermal.watch.Limits`.

    `scale`: the factor from the unit of the limit to the unit of the number.
    """

    limit: str
    native_max_value: float
    scale: float = 1.0
    of_areas: bool = False
    mode: NumberMode = NumberMode.BOX
    entity_category: EntityCategory = EntityCategory.CONFIG


def _imbalance(key: str, limit: str) -> LimitDescription:
    return LimitDescription(
        key=key,
        limit=limit,
        device_class=NumberDeviceClass.TEMPERATURE_DELTA,
        native_unit_of_measurement=KELVIN,
        native_min_value=0.5,
        native_max_value=100,
        native_step=0.5,
        of_areas=True,
    )


def _rise(key: str, limit: str) -> LimitDescription:
    return LimitDescription(
        key=key,
        limit=limit,
        native_unit_of_measurement=KELVIN_PER_MINUTE,
        native_min_value=0.1,
        native_max_value=50,
        native_step=0.1,
    )


LIMITS = (
    _imbalance(key="imbalance_warning_limit", limit="imbalance_warning"),
    _imbalance(key="imbalance_alarm_limit", limit="imbalance_alarm"),
    _rise(key="rise_warning_limit", limit="rise_warning"),
    _rise(key="rise_alarm_limit", limit="rise_alarm"),
    LimitDescription(
        key="alarm_hysteresis",
        limit="hysteresis",
        device_class=NumberDeviceClass.TEMPERATURE_DELTA,
        native_unit_of_measurement=KELVIN,
        native_min_value=0,
        native_max_value=20,
        native_step=0.1,
        entity_registry_enabled_default=False,
    ),
    LimitDescription(
        key="alarm_images",
        limit="images",
        native_min_value=1,
        native_max_value=20,
        native_step=1,
        entity_registry_enabled_default=False,
    ),
    LimitDescription(
        key="image_age_limit",
        limit="age",
        device_class=NumberDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        native_min_value=1,
        native_max_value=7 * 24 * 60,
        native_step=1,
    ),
)


def _in_house_unit(
    description: LimitDescription, hass: HomeAssistant
) -> LimitDescription:
    """Return the same limit in the unit of Home Assistant."""
    unit = house_unit(hass, description.native_unit_of_measurement)
    return replace(
        description,
        scale=unit.scale,
        native_unit_of_measurement=unit.name,
        native_max_value=description.native_max_value * unit.scale,
    )


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities(
            [NodeNumber(node, description) for description in NUMBERS],
            config_subentry_id=node.subentry_id,
        )
        async_add_entities(
            [
                LimitNumber(node, _in_house_unit(description, hass))
                for description in LIMITS
                if node.config.options.compares or not description.of_areas
            ],
            config_subentry_id=node.subentry_id,
        )


class NodeNumber(KeyedEntity, NumberEntity):
    """Setting of a node. Its state is the proven value, not the wanted one."""

    entity_description: NodeNumberDescription

    def __init__(self, node: BatteryNode, description: NodeNumberDescription) -> None:
        """Initialize the number."""
        super().__init__(node, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> float | None:
        """Return the proven value.

        Home Assistant converts a whole number to a whole number of another unit: 38 °C
        would be 100 °F, and 1 °F more would be 38 °C again.
        """
        value = self.entity_description.value_fn(self.node)
        if value is None or self.native_unit_of_measurement == self.unit_of_measurement:
            return value
        return float(value)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return the wanted value."""
        if (wanted := self.node.record.delivery.wanted) is None:
            return {"wanted": None}
        return {"wanted": self._as_shown(self.entity_description.wanted_fn(wanted))}

    def _as_shown(self, value: float) -> float:
        """Return a value in the unit of the state."""
        native, shown = self.native_unit_of_measurement, self.unit_of_measurement
        if native is None or native == shown:
            return value
        return round(TemperatureConverter.convert(value, native, shown), 1)

    @override
    def _state_inputs(self) -> object:
        return self.native_value, self.extra_state_attributes

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Request another value."""
        self.entity_description.request_fn(self.node, round(value))


class LimitNumber(KeyedEntity, NumberEntity):
    """Limit of alarms, which is stored here and not sent to the node."""

    _needs_node = False
    entity_description: LimitDescription

    def __init__(self, node: BatteryNode, description: LimitDescription) -> None:
        """Initialize the number."""
        super().__init__(node, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> float:
        """Return the limit."""
        described = self.entity_description
        value: float = getattr(self.node.record.watch.limits, described.limit)
        return value * described.scale

    @override
    def _state_inputs(self) -> object:
        return self.native_value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the limit, from the next image on."""
        described = self.entity_description
        self.node.async_set_alarm_limits(**{described.limit: value / described.scale})
