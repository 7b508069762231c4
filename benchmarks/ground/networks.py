"""The network servers that a benchmark runs over, behind one interface."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any, ClassVar, Protocol, override

from demo.broker import Broker
from simulator.chirpstack import BrokerOutlet, ChirpStack, ChirpStackWithBroker
from simulator.chirpstack.attempts import ATTEMPTS as CHIRPSTACK_ATTEMPTS
from simulator.mqtt.client import Broker as BrokerAddress
from simulator.node import Radio
from simulator.the_things_stack import TheThingsStack
from simulator.the_things_stack.attempts import (
    ATTEMPTS as THE_THINGS_STACK_ATTEMPTS,
    DEVICE,
    Attempt,
)
from simulator.the_things_stack.raw import Raw, Where

KEY = "NNSXS.KEYOFTHEBENCHMARKS.ITOPENSNOTHINGELSEWHERE"


class BenchNetwork(ABC):
    """A simulated network server with one application."""

    name: ClassVar[str]
    form: ClassVar[str]
    """The choice in the first menu of the config flow."""
    attempts: ClassVar[Sequence[Attempt]]
    """What a hostile server does; messages are those of the device with number 0."""
    refusals: ClassVar[frozenset[str]]
    """Errors that the dialog may show for them."""

    @abstractmethod
    async def start(self, exits: AsyncExitStack) -> None:
        """Start the server until `exits` are closed."""

    @abstractmethod
    def device_id(self, number: int) -> str:
        """Return the id of a device."""

    @abstractmethod
    def add_device(self, number: int) -> Radio:
        """Register a device, and return the radio for its node."""

    @property
    @abstractmethod
    def answers(self) -> dict[str, Any]:
        """Return what is entered in the form of the application."""

    @property
    @abstractmethod
    def entry_data(self) -> dict[str, Any]:
        """Return the data of the config entry."""

    @property
    @abstractmethod
    def faults(self) -> dict[Where, Raw]:
        """Return the bytes that are sent instead of answers, to be changed."""

    @abstractmethod
    def cut(self) -> None:
        """Cut the connections of all clients."""


class TheThingsStackNetwork(BenchNetwork):
    """The Things Stack."""

    name = "The Things Stack"
    form = "own"
    attempts = THE_THINGS_STACK_ATTEMPTS
    refusals = frozenset({"cannot_connect", "no_rights", "server_error"})

    def __init__(self, application: str = "batteries") -> None:
        """Make an application without devices."""
        self.stack = TheThingsStack(application)
        self.stack.add_key(KEY)

    @override
    async def start(self, exits: AsyncExitStack) -> None:
        await exits.enter_async_context(self.stack)

    @override
    def device_id(self, number: int) -> str:
        return f"{DEVICE}-{number}" if number else DEVICE

    @override
    def add_device(self, number: int) -> Radio:
        return self.stack.add_device(
            self.device_id(number), frame_counter_check=False, storage=True
        )

    @property
    @override
    def answers(self) -> dict[str, Any]:
        return self.entry_data

    @property
    @override
    def entry_data(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "tls": False,
            "mqtt_port": self.stack.mqtt_port,
            "http_port": self.stack.http_port,
            "application": self.stack.uid,
            "api_key": KEY,
        }

    @property
    @override
    def faults(self) -> dict[Where, Raw]:
        return self.stack.faults.raw

    @override
    def cut(self) -> None:
        self.stack.mqtt.cut()


class ChirpStackNetwork(BenchNetwork):
    """ChirpStack, on a broker of its own or on one that is there already."""

    name = "ChirpStack"
    form = "chirpstack"
    attempts = CHIRPSTACK_ATTEMPTS
    refusals = frozenset(
        {
            "cannot_connect",
            "broker_credentials",
            "rate_limited",
            "server_error",
            "topic_refused",
            "unsupported_version",
        }
    )

    def __init__(self, broker: Broker | None = None, seed: int = 0) -> None:
        """Make an application without devices; `broker` has to support MQTT 5."""
        self._server: ChirpStack
        self._outlet: BrokerOutlet | None = None
        if broker is None:
            self._server = self._own = ChirpStackWithBroker(qos=1, seed=seed)
        else:
            address = BrokerAddress(broker.host, broker.port)
            self._outlet = BrokerOutlet(address)
            self._server = ChirpStack(self._outlet, qos=1, seed=seed)

    @override
    async def start(self, exits: AsyncExitStack) -> None:
        if self._outlet is None:
            await exits.enter_async_context(self._own)
            return
        running = asyncio.create_task(self._outlet.run(self._server))
        exits.push_async_callback(_end, running)
        await self._outlet.connected.wait()

    @override
    def device_id(self, number: int) -> str:
        return f"70b3d57ed00{0x01234 + number:05x}"

    @override
    def add_device(self, number: int) -> Radio:
        return self._server.add_device(
            self.device_id(number), name=f"Node {number}", frame_counter_check=False
        )

    @property
    @override
    def answers(self) -> dict[str, Any]:
        if self._outlet is None:
            host, port = "127.0.0.1", self._own.mqtt_port
        else:
            host, port = self._outlet.broker.host, self._outlet.broker.port
        return {
            "host": host,
            "mqtt_port": port,
            "tls": False,
            "application": self._server.application_id,
        }

    @property
    @override
    def entry_data(self) -> dict[str, Any]:
        return self.answers | {
            "server": "chirpstack",
            "event_prefix": "",
            "command_prefix": "",
            "client_id": "ha-0123456789abcdef0123",
        }

    @property
    @override
    def faults(self) -> dict[Where, Raw]:
        return self._own.faults.raw

    @override
    def cut(self) -> None:
        self._own.broker.cut()


class _MakesNetwork(Protocol):
    """A kind of network server with a broker of its own."""

    name: str

    def __call__(self) -> BenchNetwork:
        """Make a server with an application."""


NETWORKS: Sequence[_MakesNetwork] = (TheThingsStackNetwork, ChirpStackNetwork)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
