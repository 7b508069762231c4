"""Event entities of a node: its alarms, and its downlinks."""

from typing import Any, override

from homeassistant.components.event import EventEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alarm_values import alarm_values
from .degrees import house_temperature
from .device.battery_node import BatteryNode
from .entity import NodeEntity
from .hub import BatteryThermalConfigEntry
from .protocol.delivery_update import DeliveryEvent, DeliveryUpdate
from .thermal.alarm_journal import AlarmChange, AlarmEvent

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BatteryThermalConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of each node."""
    for node in entry.runtime_data.nodes.values():
        async_add_entities(
            [NodeAlarmEvent(node), DownlinkEvent(node)],
            config_subentry_id=node.subentry_id,
        )


class NodeAlarmEvent(NodeEntity, EventEntity):
    """Event when an alarm is raised, becomes worse, is acknowledged, or ends."""

    _needs_node = False

    def __init__(self, node: BatteryNode) -> None:
        """Initialize the event."""
        super().__init__(node, "alarm")
        self._attr_event_types = list(AlarmEvent)

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the alarm log too."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.node.alarm_log.listeners.add_listener(self._async_alarm_changed)
        )

    @callback
    def _async_alarm_changed(self, change: AlarmChange) -> None:
        alarm = change.alarm
        attributes: dict[str, Any] = {
            "alarm": alarm.alarm_id,
            "kind": alarm.kind,
            "level": alarm.level,
            **alarm_values(self.hass, alarm),
            "since": alarm.since.isoformat(),
        }
        if change.event is AlarmEvent.ACKNOWLEDGED:
            attributes |= {"by": alarm.acknowledged_by, "note": alarm.note}
        self._trigger_event(change.event, attributes)
        self.async_write_ha_state()


class DownlinkEvent(NodeEntity, EventEntity):
    """Event at each stage of a downlink."""

    _needs_node = False
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_entity_registry_enabled_default = False

    def __init__(self, node: BatteryNode) -> None:
        """Initialize the event."""
        super().__init__(node, "downlink")
        self._attr_event_types = list(DeliveryEvent)

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to downlinks too."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.node.downlink_listeners.add_listener(self._async_downlink_updated)
        )

    @callback
    def _async_downlink_updated(self, update: DeliveryUpdate) -> None:
        settings = update.settings
        self._trigger_event(
            update.event,
            {
                "threshold": house_temperature(self.hass, settings.threshold),
                "mode": settings.mode,
                "fan": settings.fan,
                "error": update.error,
            },
        )
        self.async_write_ha_state()
