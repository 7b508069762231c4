"""The other side of the wire, and the time that both sides share."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.battery_node import (
    BatteryNode as Record,
    node_store,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from simulator.node import BatteryNode, Image
from simulator.the_things_stack import Device, QueuedDownlink, TheThingsStack
from simulator.thermal_model import ThermalModel

from .common import DEVICE_ID, DOMAIN, until


@dataclass
class World:
    """A node over a battery bank, its network server, and Home Assistant."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    stack: TheThingsStack
    device: Device
    entry: MockConfigEntry
    model: ThermalModel
    node: BatteryNode

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for everybody."""
        self.freezer.tick(timedelta(seconds=seconds))
        await asyncio.sleep(0)
        await self.hass.async_block_till_done()

    async def step(self, steps: int = 1) -> None:
        """Let the node speak, at its own pace, and Home Assistant hear it."""
        for _ in range(steps):
            await self.pass_time(self.node.interval)
            refused = self.device.refused
            await self.node.step()
            if self.device.refused == refused:
                await self.heard()

    async def image(self) -> Image:
        """Let the node send an image to its end."""
        while True:
            await self.step()
            if (image := self.node.image) and image.complete:
                return image

    async def send_image_unheard(self) -> None:
        """Let the node send an image at its own pace while nobody listens."""
        while True:
            self.freezer.tick(timedelta(seconds=self.node.interval))
            await self.node.step()
            if (image := self.node.image) and image.complete:
                return

    async def forget(self) -> None:
        """Let Home Assistant forget what it knew of the node."""
        (subentry_id,) = self.entry.subentries
        await node_store(self.hass, subentry_id).async_remove()

    async def heard(self) -> None:
        """Wait until Home Assistant has heard of what the device just sent."""
        now = min(self.stack.now, dt_util.utcnow())
        traffic = self.record.traffic
        await until(lambda: traffic.heard_at and traffic.heard_at >= now)
        # The entities are told by turns.
        for _ in range(50):
            await asyncio.sleep(0)
        # A request that is under way would not survive a jump of the time.
        await until(lambda: not self.record.sender._sending.locked())
        await self.hass.async_block_till_done()

    async def configure(self, **sections: dict[str, object] | str) -> None:
        """Let the owner say more of the node, and Home Assistant start again with it."""
        (subentry,) = self.entry.subentries.values()
        connections = self.connections
        self.hass.config_entries.async_update_subentry(
            self.entry, subentry, data={**subentry.data, **sections}
        )
        await self.reconnected(connections)
        await self.hass.async_block_till_done()

    @property
    def connections(self) -> int:
        """How often Home Assistant has connected and caught up: then it lists nodes."""
        requests = self.stack.http.requests
        return sum(path.endswith("/devices") for _, path in requests)

    async def reconnected(self, connections: int) -> None:
        """Wait for one connection more than there have been."""
        await until(lambda: self.connections > connections)

    @property
    def now(self) -> datetime:
        """Return the time it is for everybody."""
        return dt_util.utcnow()

    async def post_downlink(self, payload: bytes) -> None:
        """Let somebody else queue a downlink."""
        self.device.push([QueuedDownlink(f_port=1, payload=payload)])

    @property
    def record(self) -> Record:
        """Return what Home Assistant knows of the node."""
        record: Record = self.entry.runtime_data.nodes[DEVICE_ID]
        return record

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
        """Do something with an entity of the node."""
        await self.hass.services.async_call(
            platform,
            action,
            {"entity_id": self.entity_id(platform, key), **data},
            blocking=True,
        )
