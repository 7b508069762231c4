"""Sensors of the cells of the battery bank, where the owner has said where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .battery_node import BatteryNode
from .coordinator import BatteryThermalConfigEntry
from .degrees import DegreesSensor
from .entity import NodeEntity
from .thermal.cells import Cell

_PREFIX: Final = "cell_"
# What there is once for all cells: the hottest, alarms and their limits.
_OF_ALL_CELLS: Final = ("hottest_cell", "imbalance_")


@dataclass(frozen=True, kw_only=True)
class CellSensorDescription(SensorEntityDescription):
    """A sensor that each cell has."""

    value_fn: Callable[[Cell], float | None]
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    suggested_display_precision: int | None = 1


CELL_SENSORS = (
    CellSensorDescription(
        key="cell_maximum",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        value_fn=lambda cell: cell.maximum,
    ),
    CellSensorDescription(
        key="cell_mean",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        entity_registry_enabled_default=False,
        value_fn=lambda cell: cell.mean,
    ),
    CellSensorDescription(
        key="cell_deviation",
        device_class=SensorDeviceClass.TEMPERATURE_DELTA,
        native_unit_of_measurement=UnitOfTemperature.KELVIN,
        entity_registry_enabled_default=False,
        value_fn=lambda cell: cell.deviation,
    ),
)


def cell_sensors(node: BatteryNode) -> list[SensorEntity]:
    """Return the sensors of a node's cells, none where there are no cells."""
    if (cells := node.options.cells) is None:
        return []
    names = cells.all_names
    return [
        HottestCell(node, names),
        *(
            CellSensor(node, number, name, description)
            for number, name in enumerate(names)
            for description in CELL_SENSORS
        ),
    ]


@callback
def async_remove_old_cells(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry, node: BatteryNode
) -> None:
    """Remove what is left of cells that the owner no longer has."""
    cells = node.options.cells
    count = len(cells.all_names) if cells else 0
    registry = er.async_get(hass)
    start = f"{node.subentry_id}_"
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if not entity.unique_id.startswith(start):
            continue
        key = entity.unique_id.removeprefix(start)
        if key.startswith(_PREFIX):
            gone = int(key.rpartition("_")[2]) >= count
        else:
            gone = cells is None and key.startswith(_OF_ALL_CELLS)
        if gone:
            registry.async_remove(entity.entity_id)


class HottestCell(NodeEntity, SensorEntity):
    """Which cell is the hottest."""

    _attr_device_class = SensorDeviceClass.ENUM

    def __init__(self, node: BatteryNode, names: list[str]) -> None:
        """Look at the cells."""
        super().__init__(node, "hottest_cell")
        self._attr_options = names

    @property
    @override
    def native_value(self) -> str | None:
        """The name of the cell."""
        hottest = self.node.watch.hottest
        return hottest.name if hottest else None

    @override
    def _shown(self) -> object:
        return self.native_value


class CellSensor(NodeEntity, DegreesSensor):
    """How warm a cell is."""

    entity_description: CellSensorDescription

    def __init__(
        self,
        node: BatteryNode,
        number: int,
        name: str,
        description: CellSensorDescription,
    ) -> None:
        """Look at a cell, counted row by row from 0."""
        super().__init__(node, f"{description.key}_{number}")
        self.entity_description = description
        self._attr_translation_key = description.key
        self._attr_translation_placeholders = {"cell": name}
        self._number = number

    @property
    @override
    def native_value(self) -> float | None:
        """The value of the newest image that has ended."""
        if (cell := self._cell) is None:
            return None
        return self.entity_description.value_fn(cell)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Of what kind of image, and whether all of the cell was seen."""
        image, cell = self.node.measured, self._cell
        if image is None or cell is None:
            return {}
        return {"mode": image.mode, "complete": cell.complete}

    @override
    def _shown(self) -> object:
        return self.native_value, self.extra_state_attributes

    @property
    def _cell(self) -> Cell | None:
        cells = self.node.watch.cells
        return cells[self._number] if cells else None
