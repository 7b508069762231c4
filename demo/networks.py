"""The network server of the demo: The Things Stack or ChirpStack, simulated."""

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Any, Literal, Protocol, override

from simulator.chirpstack import (
    BrokerOutlet,
    ChirpStack,
    ChirpStackWithBroker,
    Device as ChirpStackDevice,
)
from simulator.mqtt.client import Broker as BrokerAddress
from simulator.the_things_stack import Device as TheThingsStackDevice, TheThingsStack

from .broker import Broker

type Server = Literal["the-things-stack", "chirpstack"]

SERVERS: tuple[Server, ...] = ("the-things-stack", "chirpstack")
APPLICATION = "battery-bank"
API_KEY = "NNSXS.DEMOKEYOFTHISMACHINEONLY.ITOPENSNOTHINGELSEWHERE"
_NAME = "Battery bank"


class Network(Protocol):
    """A network server with one device; call `started` first."""

    node_id: str
    """The device's id at the network server."""
    steps: tuple[dict[str, Any], ...]
    """Answers of the config flow that adds the application."""
    reconfiguration: dict[str, Any]
    """Answer of the reconfiguration form, after a restart on other ports."""

    @property
    def device(self) -> TheThingsStackDevice | ChirpStackDevice:
        """Return the device, which is the node's radio."""

    @property
    def description(self) -> str:
        """Return a description with the address, in one line."""

    async def start(self, exits: AsyncExitStack) -> None:
        """Start the server until `exits` are closed."""


class TheThingsStackNetwork(Network):
    """The Things Stack with its own two ports."""

    node_id = "node-1"

    def __init__(self, mqtt_port: int, http_port: int) -> None:
        """Register the device."""
        self._stack = TheThingsStack(
            APPLICATION, mqtt_port=mqtt_port, http_port=http_port
        )
        self._stack.add_key(API_KEY)
        # Published nodes restart their counter with each image, so the check is off.
        self._device = self._stack.add_device(
            self.node_id, name=_NAME, frame_counter_check=False
        )

    @property
    @override
    def device(self) -> TheThingsStackDevice:
        """Return the device."""
        return self._device

    @property
    @override
    def description(self) -> str:
        """Return the description."""
        return (
            "The Things Stack (simulated):"
            f" MQTT port {self._stack.mqtt_port}, HTTP port {self._stack.http_port}"
        )

    @override
    async def start(self, exits: AsyncExitStack) -> None:
        """Start the stand-in."""
        await exits.enter_async_context(self._stack)
        self.reconfiguration = {
            "host": "127.0.0.1",
            "tls": False,
            "mqtt_port": self._stack.mqtt_port,
            "http_port": self._stack.http_port,
            "application": self._stack.uid,
            "api_key": API_KEY,
        }
        self.steps = ({"next_step_id": "own"}, self.reconfiguration)


class ChirpStackNetwork(Network):
    """ChirpStack on the demo's broker, or on its own broker if that one does not support MQTT 5."""

    node_id = "70b3d57ed0de0001"

    def __init__(self, broker: Broker, mqtt_port: int) -> None:
        """Register the device."""
        self._outlet: BrokerOutlet | None = None
        self._server: ChirpStack
        if broker.protocol == 5:
            self._outlet = BrokerOutlet(BrokerAddress(broker.host, broker.port))
            self._server = ChirpStack(self._outlet, qos=1)
            self._port = broker.port
        else:
            self._server = ChirpStackWithBroker(mqtt_port=mqtt_port, qos=1)
            self._port = mqtt_port
        # "Disable frame-counter validation" is on, as published nodes require.
        self._device = self._server.add_device(
            self.node_id, name=_NAME, frame_counter_check=False
        )

    @property
    @override
    def device(self) -> ChirpStackDevice:
        """Return the device."""
        return self._device

    @property
    @override
    def description(self) -> str:
        """Return the description."""
        return f"ChirpStack (simulated): on the broker at port {self._port}"

    @override
    async def start(self, exits: AsyncExitStack) -> None:
        """Connect to the broker, or start its own one."""
        application = {"application": self._server.application_id}
        form = "chirpstack"
        broker = {"host": "127.0.0.1", "mqtt_port": self._port, "tls": False}
        if isinstance(self._server, ChirpStackWithBroker):
            await exits.enter_async_context(self._server)
        elif self._outlet is not None:
            running = asyncio.create_task(self._outlet.run(self._server))
            exits.push_async_callback(_ended, running)
            await self._outlet.connected.wait()
            form = "chirpstack_home_assistant"
        self.reconfiguration = broker | application
        answers = self.reconfiguration if form == "chirpstack" else application
        self.steps = (
            {"next_step_id": form},
            answers,
            # Wait until received messages are processed, before the node is added.
            {"next_step_id": "add"},
        )


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
