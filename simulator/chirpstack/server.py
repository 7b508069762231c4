"""The stand-in: devices, and ChirpStack's MQTT integration."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
import logging
from random import Random
import ssl
from typing import Protocol, Self, override

from simulator.mqtt.broker import BrokerFaults, EmbeddedBroker
from simulator.mqtt.client import Broker, Connection
from simulator.mqtt.packets import Publish

from .commands import read_downlink_command
from .device import ChirpStackDevice
from .events import DeviceIdentity, identifier

_LOGGER = logging.getLogger(__name__)

_PAUSE = 1.0
"""Seconds between attempts to connect to a broker (ChirpStack's `mqtt.rs`)."""


def _now() -> datetime:
    return datetime.now(UTC)


class Outlet(Protocol):
    """Where events go, and commands come from."""

    def publish(self, topic: str, payload: bytes, qos: int) -> object:
        """Publish a message."""


class ChirpStack:
    """One tenant with one application. Events go to `outlet`."""

    def __init__(
        self,
        outlet: Outlet,
        *,
        qos: int = 0,
        event_prefix: str = "",
        command_prefix: str = "",
        clock: Callable[[], datetime] = _now,
        seed: int = 0,
    ) -> None:
        """Make an application without devices.

        `qos` is `qos` of the server's `[integration.mqtt]`, and 0 by default there too.
        `event_prefix` and `command_prefix` stand before `application/` in topics.
        """
        self.random = Random(seed)
        self.application_id = identifier(self.random)
        self.application_name = "Batteries"
        self.qos = qos
        self.json = True
        """False: events are published as protobuf, as with `json=false`."""
        self.devices: dict[str, ChirpStackDevice] = {}
        self.refused_commands: list[str] = []
        """Reasons of refused commands; ChirpStack only logs them."""
        self.event_base = f"{event_prefix}application"
        self.command_base = f"{command_prefix}application"
        self._outlet = outlet
        self._clock = clock
        self._tenant_id = identifier(self.random)
        self._profile_id = identifier(self.random)

    @property
    def now(self) -> datetime:
        """Return the time by the server's clock."""
        return self._clock()

    @property
    def command_filter(self) -> str:
        """Return the filter of the commands that ChirpStack subscribes to."""
        return f"{self.command_base}/+/device/+/command/+"

    def add_device(
        self,
        dev_eui: str,
        *,
        name: str = "",
        frame_counter_check: bool = True,
        flush_queue_on_join: bool = False,
        receive_delay: float = 0.0,
    ) -> ChirpStackDevice:
        """Register an end device; see ChirpStackDevice for the options."""
        identity = DeviceIdentity(
            tenant_id=self._tenant_id,
            application_id=self.application_id,
            application_name=self.application_name,
            device_profile_id=self._profile_id,
            dev_eui=dev_eui,
            name=name or dev_eui,
        )

        def publish(event: str, message: bytes) -> None:
            topic = f"{self.event_base}/{self.application_id}/device/{dev_eui}/event/{event}"
            if not self.json:
                # The first field of each event is a text, or a message.
                message = b"\x0a\x24" + message[:36]
            self._outlet.publish(topic, message, self.qos)

        device = self.devices[dev_eui] = ChirpStackDevice(
            identity,
            publish=publish,
            clock=self._clock,
            random=self.random,
            frame_counter_check=frame_counter_check,
            flush_queue_on_join=flush_queue_on_join,
            receive_delay=receive_delay,
        )
        return device

    def command(self, topic: str, payload: bytes) -> None:
        """Take a command; what is wrong with it is noted in `refused_commands` alone."""
        try:
            self._take(topic, payload)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            self.refused_commands.append(str(error))

    def _take(self, topic: str, payload: bytes) -> None:
        match topic.removeprefix(f"{self.command_base}/").split("/"):
            case [application_id, "device", dev_eui, "command", "down"]:
                item = read_downlink_command(dev_eui, payload)
            case _:
                raise ValueError("Unknown command type")
        device = self.devices[dev_eui]
        if application_id != self.application_id:
            raise ValueError(
                "Application ID from topic does not match application ID from device"
            )
        device.enqueue(item)


class ChirpStackWithBroker(ChirpStack):
    """A ChirpStack and a broker of its own, in one process.

    An asynchronous context manager: it listens inside, and only there.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        mqtt_port: int = 0,
        tls: ssl.SSLContext | None = None,
        qos: int = 0,
        event_prefix: str = "",
        command_prefix: str = "",
        clock: Callable[[], datetime] = _now,
        seed: int = 0,
    ) -> None:
        """Set up both; see ChirpStack. Port 0 takes any free one."""
        self.broker = EmbeddedBroker()
        super().__init__(
            self.broker,
            qos=qos,
            event_prefix=event_prefix,
            command_prefix=command_prefix,
            clock=clock,
            seed=seed,
        )
        self._host = host
        self._port = mqtt_port
        self._tls = tls
        self.broker.listen(self.command_filter, self.command)

    @property
    def faults(self) -> BrokerFaults:
        """Return the faults of the broker."""
        return self.broker.faults

    @property
    def mqtt_port(self) -> int:
        """Return the broker's port."""
        return self.broker.port

    async def __aenter__(self) -> Self:
        """Start the broker."""
        await self.broker.start(self._host, self._port, self._tls)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Stop the broker."""
        await self.broker.stop()

    async def stop_mqtt(self) -> None:
        """Stop the broker; `start_mqtt` starts it again on its port."""
        await self.broker.stop(keep_port=True)

    async def start_mqtt(self) -> None:
        """Start the broker again."""
        await self.broker.start(self._host, self.broker.port, self._tls)


class BrokerOutlet(Outlet):
    """A connection to any broker, re-established when lost."""

    def __init__(self, broker: Broker) -> None:
        """Initialize without a connection."""
        self.broker = broker
        self.connected = asyncio.Event()
        self._connection: Connection | None = None

    @override
    def publish(self, topic: str, payload: bytes, qos: int) -> None:
        if self._connection is not None:
            self._connection.send(topic, payload, qos)

    async def run(self, server: ChirpStack) -> None:
        """Stay connected, and pass commands to the server, until cancelled."""

        def receive(publish: Publish) -> None:
            server.command(publish.topic, publish.payload)

        try:
            while True:
                with suppress(TimeoutError):
                    try:
                        self._connection = await Connection.open(
                            self.broker, f"chirpstack-{id(self):x}"[:23], receive
                        )
                        await self._connection.subscribe([(server.command_filter, 1)])
                        self.connected.set()
                        await self._connection.closed
                    except OSError as error:
                        _LOGGER.warning("%s: %s", self.broker.host, error)
                self.connected.clear()
                await asyncio.sleep(_PAUSE)
        finally:
            if self._connection is not None:
                self._connection.disconnect()
