"""The stand-in: devices, keys, MQTT and HTTP of one application."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from random import Random
import ssl
from typing import Self

from .device import TheThingsStackDevice
from .faults import Faults
from .http import HttpServer
from .keys import ALL_RIGHTS, Keys, Right
from .messages import QueuedDownlink
from .mqtt import MqttServer


def _now() -> datetime:
    return datetime.now(UTC)


class TheThingsStack:
    """One application on a network server that speaks MQTT 3.1.1 and HTTP.

    An asynchronous context manager: it listens inside, and only there.
    """

    def __init__(
        self,
        application: str = "batteries",
        tenant: str = "ttn",
        *,
        host: str = "127.0.0.1",
        mqtt_port: int = 0,
        http_port: int = 0,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = _now,
        seed: int = 0,
    ) -> None:
        """Set up an application without keys and devices.

        An empty ``tenant`` makes it the open source edition. Port 0 takes any free
        one. ``tls`` is for both ports. ``seed`` decides what a network makes up: keys,
        addresses, identifiers, the last three digits of its timestamps.
        """
        self.application = application
        self.tenant = tenant
        self.faults = Faults()
        self.keys = Keys()
        self.devices: dict[str, TheThingsStackDevice] = {}
        self.random = Random(seed)
        self._host = host
        self._ports = (mqtt_port, http_port)
        self._tls = tls
        self._clock = clock
        self.mqtt = MqttServer(self.uid, self.keys, self.faults, self._write_downlinks)
        self.http = HttpServer(
            application,
            keys=self.keys,
            faults=self.faults,
            devices=self.devices,
            random=self.random,
            clock=clock,
        )

    @property
    def uid(self) -> str:
        """Return the application's id in topics and in the MQTT user name."""
        if self.tenant:
            return f"{self.application}@{self.tenant}"
        return self.application

    @property
    def mqtt_port(self) -> int:
        """Return the port MQTT listens on."""
        return self.mqtt.port

    @property
    def http_port(self) -> int:
        """Return the port HTTP listens on."""
        return self.http.port

    async def __aenter__(self) -> Self:
        """Start both servers."""
        await self.mqtt.start(self._host, self._ports[0], self._tls)
        await self.http.start(self._host, self._ports[1], self._tls)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Stop both servers."""
        await self.mqtt.stop()
        await self.http.stop()

    async def stop_mqtt(self) -> None:
        """Stop the MQTT server; ``start_mqtt`` starts it again on its port."""
        await self.mqtt.stop(keep_port=True)

    async def start_mqtt(self) -> None:
        """Start the MQTT server again."""
        await self.mqtt.start(self._host, self.mqtt.port, self._tls)

    def add_key(self, key: str, rights: Iterable[Right] = ALL_RIGHTS) -> None:
        """Make an API key valid."""
        self.keys.add(key, rights)

    def revoke_key(self, key: str, *, cut: bool = True) -> None:
        """Make an API key invalid and, by default, cut its connections."""
        self.keys.revoke(key)
        if cut:
            self.mqtt.cut(key)

    @property
    def now(self) -> datetime:
        """Return the time by the server's clock."""
        return self._clock()

    def add_device(
        self,
        device_id: str,
        *,
        name: str = "",
        frame_counter_check: bool = True,
        storage: bool = False,
        storage_delay: float = 0.0,
        gateway_acknowledges: bool = True,
        receive_delay: float = 0.0,
    ) -> TheThingsStackDevice:
        """Register an end device; see TheThingsStackDevice for the options."""

        def publish(event: str, message: bytes) -> None:
            self.mqtt.publish(f"v3/{self.uid}/devices/{device_id}/{event}", message)

        device = self.devices[device_id] = TheThingsStackDevice(
            device_id,
            self.application,
            publish=publish,
            clock=self._clock,
            random=self.random,
            name=name,
            frame_counter_check=frame_counter_check,
            storage=storage,
            storage_delay=storage_delay,
            gateway_acknowledges=gateway_acknowledges,
            receive_delay=receive_delay,
        )
        return device

    def remove_device(self, device_id: str) -> None:
        """Delete an end device; its HTTP routes answer 404 from now on."""
        del self.devices[device_id]

    def _write_downlinks(
        self, device_id: str, operation: str, downlinks: Sequence[QueuedDownlink]
    ) -> None:
        self.devices[device_id].write(operation, downlinks)
