"""One application of a simulated network server, as the demo, tests and benchmarks use it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence, Sized
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any, ClassVar, Protocol

from .attempt import Attempt
from .command_options import Commands
from .mqtt.client import Broker
from .node import Uplink
from .node.radio import RadioDevice
from .raw import Raw, Where


class SentDownlink(Protocol):
    """A downlink that went on air."""

    @property
    def payload(self) -> bytes:
        """Return its content."""


class NetworkDevice(RadioDevice, Protocol):
    """A registered end device."""

    @property
    def device_id(self) -> str:
        """Return the id by which the network server names the device."""

    @property
    def downlinks(self) -> Sequence[SentDownlink]:
        """Return all that were sent to it, the oldest first."""

    @property
    def queue(self) -> Sized:
        """Return the downlinks that wait for its next uplink."""

    @property
    def refused(self) -> int:
        """Return how many uplinks were too long for their data rate."""

    def publish_raw(self, event: str, payload: bytes) -> None:
        """Publish any bytes as an event of the device; `up` is an uplink."""


class Server(Protocol):
    """The stand-in for a network server."""

    @property
    def now(self) -> datetime:
        """Return the time by its clock."""


def any_port(_purpose: str) -> int:
    """Return the port that stands for any free one."""
    return 0


class Network(ABC):
    """A network server with one application, which `start` starts.

    Published nodes restart their frame counter with each image, so its check is off.
    """

    key: ClassVar[str]
    """The kind of server, as the data of config entries names it."""
    title: ClassVar[str]
    attempts: ClassVar[Sequence[Attempt]]
    """What a hostile server does; messages are those of the device with number 0."""
    refusals: ClassVar[frozenset[str]]
    """Errors that the set-up dialog may show for them."""
    server: Server

    @abstractmethod
    def __init__(
        self,
        application: str = "batteries",
        *,
        broker: Broker | None = None,
        take_port: Callable[[str], int] = any_port,
        seed: int = 0,
    ) -> None:
        """Make an application without devices.

        `broker`: one that is running and supports MQTT 5, for servers that publish on
        any. `take_port`: returns the port for a purpose; 0 is any free one.
        """

    @staticmethod
    @abstractmethod
    def add_command(commands: Commands) -> None:
        """Add the command that runs the server with nodes."""

    @staticmethod
    @abstractmethod
    def device_id(number: int) -> str:
        """Return the id of a device."""

    @staticmethod
    @abstractmethod
    def published(
        session: int, frame: Uplink, received_at: datetime
    ) -> tuple[str, bytes]:
        """Return topic and payload of an uplink of device 0, as the server publishes it.

        `session`: the number of the device's session.
        """

    @property
    @abstractmethod
    def description(self) -> str:
        """Return the title with the addresses, in one line."""

    @abstractmethod
    async def start(self, exits: AsyncExitStack) -> None:
        """Start the server until `exits` are closed."""

    @abstractmethod
    def add_device(self, number: int, name: str) -> NetworkDevice:
        """Register a device, and return it."""

    @property
    @abstractmethod
    def answers(self) -> dict[str, Any]:
        """Return what is entered in the form of the application."""

    @abstractmethod
    def steps(self, *, shared_broker: bool = False) -> tuple[dict[str, Any], ...]:
        """Return the answers of the dialog that adds the application.

        `shared_broker`: Home Assistant is connected to the same broker, and its data are
        to be copied, if the server offers that.
        """

    @property
    @abstractmethod
    def entry_data(self) -> dict[str, Any]:
        """Return the data of the config entry."""

    @property
    @abstractmethod
    def faults(self) -> dict[Where, Raw]:
        """Return the bytes that are sent instead of answers, to be changed."""

    @property
    @abstractmethod
    def connections(self) -> int:
        """Return how often a client has connected and subscribed, or begun to catch up."""

    @property
    def refused_commands(self) -> Sequence[str]:
        """Return why the server has refused messages without an answer."""
        return ()

    @abstractmethod
    def cut(self) -> None:
        """Cut the connections of all clients."""

    @abstractmethod
    async def stop_mqtt(self) -> None:
        """Cut the connections of all clients, and accept none until `start_mqtt`."""

    @abstractmethod
    async def start_mqtt(self) -> None:
        """Accept clients again, on the same port."""

    @abstractmethod
    def post_downlink(self, number: int, payload: bytes) -> None:
        """Queue a downlink of another client at a device."""
