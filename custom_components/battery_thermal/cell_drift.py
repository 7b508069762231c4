"""Sensors of the cells' drift: how far each is from what is usual for it."""

from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfTemperature

from .degrees import KELVIN, DegreesSensor, house_unit
from .device.battery_node import BatteryNode
from .entity import NodeEntity
from .model.area import Area
from .thermal.alarm_kinds import LogKind
from .thermal.cell_state import LEARNING_DAYS

_DESCRIPTION: Final = SensorEntityDescription(
    key="cell_drift",
    device_class=SensorDeviceClass.TEMPERATURE_DELTA,
    native_unit_of_measurement=UnitOfTemperature.KELVIN,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    entity_registry_enabled_default=False,
)


def drift_attributes(node: BatteryNode) -> dict[str, Any]:
    """Return which cells drift, by how much and since when, and what is learned of all.

    Amounts are in the unit in which Home Assistant shows differences. `acknowledged`, only
    while a cell drifts: whether the alarms of all cells are.
    """
    drift, names = node.record.images.drift, cell_names(node)
    unit = house_unit(node.hass, KELVIN)
    journal = node.record.images.journal
    alarms = [alarm for alarm in journal.open if alarm.kind is LogKind.DRIFT]
    seen = bool(alarms) and all(alarm.acknowledged for alarm in alarms)
    return ({"acknowledged": seen} if drift.active else {}) | {
        "cells": [
            {
                "cell": names[found.cell],
                "amount": round(found.amount * unit.scale, 1),
                "since": found.since.isoformat(),
            }
            for found in drift.findings
        ],
        "unit": unit.name,
        "learned_days": min(drift.learned_days(cell) for cell in range(len(names))),
        "days_to_learn": LEARNING_DAYS,
    }


def cell_names(node: BatteryNode) -> list[str]:
    """Return the names of a node's cells."""
    return node.config.options.cell_names


def drift_sensors(node: BatteryNode) -> list[SensorEntity]:
    """Return the sensors of a node's cells, none where there are no cells."""
    return [
        CellDrift(node, number, cell)
        for number, cell in enumerate(node.config.options.cells)
    ]


class CellDrift(NodeEntity, DegreesSensor):
    """Sensor of how far a cell is from what is usual for it, in the last days."""

    _needs_node = False

    def __init__(self, node: BatteryNode, number: int, cell: Area) -> None:
        """Initialize for a cell; `number`: among all cells, from 0."""
        super().__init__(node, f"{_DESCRIPTION.key}_{cell.key}")
        self.entity_description = _DESCRIPTION
        self._attr_translation_key = _DESCRIPTION.key
        self._attr_translation_placeholders = {"cell": cell.name}
        self._number = number

    @property
    @override
    def native_value(self) -> float | None:
        """Return the median of the last days, in K; None until the cell is learned."""
        return self.node.record.images.drift.amount(self._number)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return since when the cell drifts, and on how many days it was learned."""
        drift = self.node.record.images.drift
        found = next(
            (found for found in drift.findings if found.cell == self._number), None
        )
        return {
            "since": found and found.since.isoformat(),
            "learned_days": drift.learned_days(self._number),
            "days_to_learn": LEARNING_DAYS,
        }

    @override
    def _state_inputs(self) -> object:
        return self.native_value, self.extra_state_attributes
