"""Base of all entities of a node."""

from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.util.unit_system import UnitSystem

from .const import DOMAIN
from .device.battery_node import BatteryNode


class NodeEntity(Entity):
    """Entity that reads the record of a node, and holds no state of its own."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    # Whether its state comes from the node, so that it is unavailable while the node is
    # silent.
    _needs_node = True

    def __init__(self, node: BatteryNode, key: str) -> None:
        """Initialize the entity named `key`."""
        self.node = node
        self._attr_translation_key = key
        self._attr_unique_id = f"{node.subentry_id}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, node.subentry_id)},
            name=node.config.name,
            model="MLX90640 thermal camera",
            serial_number=node.config.device_id,
        )

    @property
    @override
    def available(self) -> bool:
        """Return whether the server is connected, and the node heard if that matters."""
        return self.node.record.presence.connected and not (
            self._needs_node and self.node.record.presence.silent
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the node; Home Assistant writes the first state right after this."""
        await super().async_added_to_hass()
        self._written_inputs = self._all_inputs()
        self.async_on_remove(
            self.node.change_listeners.add_listener(self._async_node_changed)
        )

    def _state_inputs(self) -> object:
        """Return what the state is made of, except its availability and unit."""
        return None

    def _all_inputs(self) -> tuple[bool, UnitSystem, object]:
        # Numbers and sensors are shown in the units of Home Assistant.
        return self.available, self.hass.config.units, self._state_inputs()

    @callback
    def _async_node_changed(self) -> None:
        """Write the state if something has changed that it is made of.

        A node has some forty entities, and most uplinks change the states of a few. This
        comparison takes a fifth of the time of writing all of them.
        """
        inputs = self._all_inputs()
        if inputs != self._written_inputs:
            self._written_inputs = inputs
            self.async_write_ha_state()


class KeyedEntity(NodeEntity):
    """Entity that automations find by its key, whatever it is called."""

    @property
    @override
    def capability_attributes(self) -> dict[str, Any]:
        """Return also the key, which is there while the entity is unavailable too."""
        return {"key": self.translation_key, **(super().capability_attributes or {})}
