"""The two network servers of the tests, behind one interface.

A world consists of a node, the time, and Home Assistant set up with one of the
servers.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, overload, override

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.chirpstack import ChirpStackWithBroker, QueueItem
from simulator.node import BatteryNode, LossyRadio
from simulator.the_things_stack import TheThingsStack
from simulator.thermal_model import ThermalModel
from tests.chirpstack_api import parse_downlink_command

from .common import DEVICE_ID, DOMAIN, KEY, entry_data, until
from .world import World

type Network = Literal["the_things_stack", "chirpstack"]

NETWORKS: tuple[Network, ...] = ("the_things_stack", "chirpstack")
DEV_EUI = "70b3d57ed0001234"
CLIENT_ID = "ha-0123456789abcdef0123"


def chirpstack_data(server: ChirpStackWithBroker, **changes: Any) -> dict[str, Any]:
    """Return what the config entry of the stand-in's application holds."""
    data = {
        "server": "chirpstack",
        "host": "127.0.0.1",
        "mqtt_port": server.mqtt_port,
        "tls": False,
        "application": server.application_id,
        "event_prefix": "",
        "command_prefix": "",
        "client_id": CLIENT_ID,
    }
    return data | changes


class ChirpStackWorld(World):
    """A world with ChirpStack."""

    stack: Any
    device: Any

    @property
    @override
    def connections(self) -> int:
        """Number of subscriptions of Home Assistant."""
        return int(self.stack.broker.subscriptions)

    @override
    async def reconnected(self, connections: int) -> None:
        """Wait for another connection, and for the missed uplinks."""
        await until(lambda: self.connections > connections)
        await until(lambda: self.entry.state is ConfigEntryState.LOADED)
        await until(lambda: self.record.presence.connected)
        await until(lambda: not self.record.missed.in_progress)

    @override
    async def post_downlink(self, payload: bytes) -> None:
        """Let another client queue a downlink."""
        self.device.enqueue(QueueItem("", 1, payload))


@dataclass
class Hooks:
    """Options of a world."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    radio: dict[str, Any]
    node: dict[str, Any]
    settings: dict[str, Any]


@overload
def made(
    network: Literal["chirpstack"], hooks: Hooks, *, qos: int = 1
) -> AbstractAsyncContextManager[ChirpStackWorld]: ...


@overload
def made(
    network: Network, hooks: Hooks, *, qos: int = 1
) -> AbstractAsyncContextManager[World]: ...


def made(
    network: Network, hooks: Hooks, *, qos: int = 1
) -> AbstractAsyncContextManager[World]:
    """Create a world with a network server, connected, before the node's first join."""
    return _made(network, hooks, qos)


@asynccontextmanager
async def _made(network: Network, hooks: Hooks, qos: int) -> AsyncIterator[World]:
    async with AsyncExitStack() as exits:
        server: Any
        world_type: Callable[..., World]
        if network == "chirpstack":
            server = await exits.enter_async_context(ChirpStackWithBroker(qos=qos))
            device = server.add_device(
                DEV_EUI, name="Garage", frame_counter_check=False
            )
            data, world_type = chirpstack_data(server), ChirpStackWorld
        else:
            server = await exits.enter_async_context(TheThingsStack())
            server.add_key(KEY)
            device = server.add_device(
                DEVICE_ID, name="Garage", frame_counter_check=False, storage=True
            )
            data, world_type = entry_data(server), World
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Batteries",
            data=data,
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
        world = world_type(
            hooks.hass, hooks.freezer, server, device, entry, model, node
        )
        assert await hooks.hass.config_entries.async_setup(entry.entry_id)
        await hooks.hass.async_block_till_done()
        await world.reconnected(0)
        yield world
        if entry.state is ConfigEntryState.LOADED:
            await hooks.hass.config_entries.async_unload(entry.entry_id)
        await hooks.hass.async_block_till_done()
        if network == "chirpstack":
            # ChirpStack has accepted all commands of this integration.
            assert server.refused_commands == []
            for publish in server.broker.published:
                parse_downlink_command(publish.payload)


def unheard_by(world: World) -> bool:
    """Return whether Home Assistant has not heard the newest uplink yet."""
    heard_at = world.record.traffic.heard_at
    return heard_at is None or heard_at < dt_util.utcnow()
