"""What all entities of a node have in common."""

from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.util.unit_system import UnitSystem

from .battery_node import BatteryNode
from .const import DOMAIN


class NodeEntity(Entity):
    """A window on the record of a node: it holds no state of its own."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    # Whether it shows what the node says, and so nothing while the node is silent.
    _of_the_node = True

    def __init__(self, node: BatteryNode, key: str) -> None:
        """Look at a node."""
        self.node = node
        self._attr_translation_key = key
        self._attr_unique_id = f"{node.subentry_id}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, node.subentry_id)},
            name=node.name,
            model="MLX90640 thermal camera",
            serial_number=node.device_id,
        )

    @property
    @override
    def available(self) -> bool:
        """A window is as good as what is seen through it."""
        return self.node.connected and not (self._of_the_node and self.node.silent)

    @override
    async def async_added_to_hass(self) -> None:
        """Look from now on; Home Assistant writes the first state right after this."""
        await super().async_added_to_hass()
        self._written = self._made_of()
        self.async_on_remove(self.node.async_add_listener(self._async_node_changed))

    def _shown(self) -> object:
        """Return what the state is made of, beside whether there is one."""
        return None

    def _made_of(self) -> tuple[bool, UnitSystem, object]:
        # A number or a sensor is shown in the house's units.
        return self.available, self.hass.config.units, self._shown()

    @callback
    def _async_node_changed(self) -> None:
        """Show what has changed.

        A node has some forty entities, and most uplinks change the states of a few. To
        compare what they are made of takes a fifth of the time of writing all of them.
        """
        made_of = self._made_of()
        if made_of != self._written:
            self._written = made_of
            self.async_write_ha_state()
