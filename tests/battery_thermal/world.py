"""The other side of the wire, and the time that both sides share."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from simulator.node import BatteryNode, Image
from simulator.the_things_stack import Device, TheThingsStack
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
            await self.node.step()
            await self.heard()

    async def image(self) -> Image:
        """Let the node send an image to its end."""
        while True:
            await self.step()
            if (image := self.node.image) and image.complete:
                return image

    async def heard(self) -> None:
        """Wait until Home Assistant has heard of what the device just sent."""
        record = self.entry.runtime_data.nodes[DEVICE_ID]
        now = dt_util.utcnow()
        await until(lambda: record.heard_at and record.heard_at >= now)
        await self.hass.async_block_till_done()

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
