"""The simulated node, the network server and Home Assistant, with a common clock."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.device.battery_node import (
    BatteryNode as ObservedNode,
)
from custom_components.battery_thermal.device.node_record import NodeRecord
from custom_components.battery_thermal.device.node_storage import node_store
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from simulator.node import BatteryNode, Image
from simulator.the_things_stack import (
    QueuedDownlink,
    TheThingsStack,
    TheThingsStackDevice,
)
from simulator.thermal_model import ThermalModel

from .common import DOMAIN, until


@dataclass
class World:
    """A node over a battery bank, its network server, and Home Assistant."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    stack: TheThingsStack
    device: TheThingsStackDevice
    entry: MockConfigEntry
    model: ThermalModel
    node: BatteryNode

    async def pass_time(self, seconds: float) -> None:
        """Advance the clock of all sides."""
        self.freezer.tick(timedelta(seconds=seconds))
        await asyncio.sleep(0)
        await self.hass.async_block_till_done()

    async def step(self, steps: int = 1) -> None:
        """Send one uplink at the node's pace, and wait until it is processed."""
        for _ in range(steps):
            await self.pass_time(self.node.interval)
            refused = self.device.refused
            await self.node.step()
            if self.device.refused == refused:
                await self.heard()

    async def image(self) -> Image:
        """Send the remaining lines of an image."""
        while True:
            await self.step()
            if (image := self.node.image) and image.complete:
                return image

    async def send_image_unheard(self) -> None:
        """Send an image at the node's pace while Home Assistant is not running."""
        while True:
            self.freezer.tick(timedelta(seconds=self.node.interval))
            await self.node.step()
            if (image := self.node.image) and image.complete:
                return

    async def forget(self) -> None:
        """Remove the stored data of the node."""
        (subentry_id,) = self.entry.subentries
        await node_store(self.hass, subentry_id).async_remove()

    async def heard(self) -> None:
        """Wait until Home Assistant has processed the device's last uplink."""
        now = min(self.stack.now, dt_util.utcnow())
        # Servers report times to the millisecond at least.
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        traffic = self.record.traffic
        await until(lambda: traffic.heard_at and traffic.heard_at >= now)
        # Listeners are called in batches.
        for _ in range(50):
            await asyncio.sleep(0)
        # A pending request would not survive a jump of the clock.
        await until(lambda: not self.battery_node.sender.is_sending)
        await self.hass.async_block_till_done()

    async def configure(self, **sections: object) -> None:
        """Change options of the node, and wait until it is set up again."""
        (subentry,) = self.entry.subentries.values()
        connections = self.connections
        self.hass.config_entries.async_update_subentry(
            self.entry, subentry, data={**subentry.data, **sections}
        )
        await self.reconnected(connections)
        await self.hass.async_block_till_done()

    @property
    def connections(self) -> int:
        """Return how often Home Assistant has connected and caught up."""
        requests = self.stack.http.requests
        return sum(path.endswith("/devices") for _, path in requests)

    async def reconnected(self, connections: int) -> None:
        """Wait for one more connection."""
        await until(lambda: self.connections > connections)

    @property
    def now(self) -> datetime:
        """Return the current time."""
        return dt_util.utcnow()

    async def post_downlink(self, payload: bytes) -> None:
        """Queue a downlink of another application."""
        self.device.push([QueuedDownlink(f_port=1, payload=payload)])

    @property
    def battery_node(self) -> ObservedNode:
        """Return the node's object in Home Assistant."""
        node: ObservedNode = self.entry.runtime_data.nodes[self.device.device_id]
        return node

    @property
    def record(self) -> NodeRecord:
        """Return the node's record."""
        return self.battery_node.record

    @property
    def registered_device(self) -> dr.DeviceEntry:
        """Return the node's device in Home Assistant."""
        (device,) = dr.async_entries_for_config_entry(
            dr.async_get(self.hass), self.entry.entry_id
        )
        return device

    def entity_id(self, platform: str, key: str) -> str:
        """Return the id of an entity of the node."""
        (subentry,) = self.entry.subentries
        entity_id = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{subentry}_{key}"
        )
        assert entity_id
        return entity_id

    def state(self, platform: str, key: str) -> State:
        """Return the state of an entity of the node."""
        state = self.hass.states.get(self.entity_id(platform, key))
        assert state
        return state

    async def call(self, platform: str, key: str, action: str, **data: object) -> None:
        """Call an action on an entity of the node."""
        await self.hass.services.async_call(
            platform,
            action,
            {"entity_id": self.entity_id(platform, key), **data},
            blocking=True,
        )
