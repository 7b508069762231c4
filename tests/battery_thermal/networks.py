"""Worlds of each kind of network server, behind one interface.

A world consists of a node, the time, and Home Assistant set up with one of the
servers.
"""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.core import HomeAssistant
from simulator.network import Network
from simulator.node import BatteryNode, LossyRadio
from simulator.thermal_model import ThermalModel

from .common import DOMAIN, until
from .world import World


@dataclass
class NetworkWorld(World):
    """A world with any network server."""

    network: Network
    stack: Any
    device: Any

    @property
    @override
    def connections(self) -> int:
        return self.network.connections

    @override
    async def reconnected(self, connections: int) -> None:
        """Wait for another connection, and for the missed uplinks."""
        await until(lambda: self.connections > connections)
        await until(lambda: self.entry.state is ConfigEntryState.LOADED)
        await until(lambda: self.record.presence.connected)
        await until(lambda: not self.record.missed.in_progress)

    @override
    async def post_downlink(self, payload: bytes) -> None:
        self.network.post_downlink(0, payload)


@dataclass
class Hooks:
    """Options of a world."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    radio: dict[str, Any]
    node: dict[str, Any]
    settings: dict[str, Any]


@asynccontextmanager
async def made(network: Network, hooks: Hooks) -> AsyncGenerator[NetworkWorld]:
    """Create a world with a network server, connected, before the node's first join."""
    async with AsyncExitStack() as exits:
        await network.start(exits)
        device = network.add_device(0, "Garage")
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Batteries",
            data=network.entry_data,
            subentries_data=[
                ConfigSubentryData(
                    data={
                        "device_id": device.device_id,
                        "layout": "slow_24",
                        **hooks.settings,
                    },
                    subentry_type="node",
                    title="Garage",
                    unique_id=device.device_id,
                )
            ],
        )
        entry.add_to_hass(hooks.hass)
        model = ThermalModel()
        radio = LossyRadio(device, **hooks.radio) if hooks.radio else device
        node = BatteryNode(model, radio, **{"interval": 30, **hooks.node})
        world = NetworkWorld(
            hass=hooks.hass,
            freezer=hooks.freezer,
            network=network,
            stack=network.server,
            device=device,
            entry=entry,
            model=model,
            node=node,
        )
        assert await hooks.hass.config_entries.async_setup(entry.entry_id)
        await hooks.hass.async_block_till_done()
        await world.reconnected(0)
        yield world
        if entry.state is ConfigEntryState.LOADED:
            await hooks.hass.config_entries.async_unload(entry.entry_id)
        await hooks.hass.async_block_till_done()
        # The server has accepted all commands of this integration.
        assert not network.refused_commands


async def settled(world: World, **settings: object) -> None:
    """Request settings, and wait until they are sent."""
    for key, (platform, action, name) in {
        "threshold": ("number", "set_value", "value"),
        "mode": ("select", "select_option", "option"),
    }.items():
        if key in settings:
            await world.call(platform, key, action, **{name: settings[key]})
    await world.pass_time(6)
    await until(lambda: world.device.queue)
    await until(lambda: not world.battery_node.sender.is_sending)
