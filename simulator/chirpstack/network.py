"""ChirpStack, as the demo, tests and benchmarks use it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from random import Random
from typing import Any, Final, override

from simulator.mqtt.client import Broker
from simulator.network import Network, any_port
from simulator.node import Uplink
from simulator.raw import Raw, Where

from . import events
from .attempts import APPLICATION_ID, ATTEMPTS, DEV_EUI
from .command import add_to
from .commands import QueueItem
from .device import ChirpStackDevice
from .events import DeviceIdentity, GatewayReception
from .server import BrokerOutlet, ChirpStack, ChirpStackWithBroker

_RANDOM: Final = Random(1)
_DEVICE: Final = DeviceIdentity(
    tenant_id="tenant",
    application_id=APPLICATION_ID,
    application_name="Batteries",
    device_profile_id="profile",
    dev_eui=DEV_EUI,
    name="Garage",
)


class ChirpStackNetwork(Network):
    """ChirpStack that publishes with QoS 1, on a running broker or on its own one."""

    key = "chirpstack"
    title = "ChirpStack"
    server: ChirpStack
    attempts = ATTEMPTS
    refusals = frozenset(
        {
            "cannot_connect",
            "broker_credentials",
            "rate_limited",
            "server_error",
            "topic_refused",
            "mqtt_version",
        }
    )
    add_command = staticmethod(add_to)

    def __init__(
        self,
        application: str = "batteries",
        *,
        broker: Broker | None = None,
        take_port: Callable[[str], int] = any_port,
        seed: int = 0,
        qos: int = 1,
    ) -> None:
        """Make an application without devices; its id depends on the seed."""
        self._outlet: BrokerOutlet | None = None
        if broker is None:
            port = take_port("stack_mqtt")
            own = ChirpStackWithBroker(mqtt_port=port, qos=qos, seed=seed)
            self.server = self._own = own
        else:
            self._outlet = BrokerOutlet(broker)
            self.server = ChirpStack(self._outlet, qos=qos, seed=seed)

    @staticmethod
    @override
    def device_id(number: int) -> str:
        return f"{int(DEV_EUI, 16) + number:016x}"

    @staticmethod
    @override
    def published(
        session: int, frame: Uplink, received_at: datetime
    ) -> tuple[str, bytes]:
        event = events.uplink(
            time=events.timestamp(received_at, _RANDOM),
            deduplication_id=events.identifier(_RANDOM),
            device=_DEVICE,
            dev_addr=f"{session + 1:08x}",
            spreading_factor=7,
            f_cnt=frame.f_cnt,
            f_port=frame.f_port,
            confirmed=False,
            payload=frame.payload,
            receptions=(GatewayReception(),),
            frequency=868_100_000,
            join_server_context=None,
        )
        topic = f"application/{APPLICATION_ID}/device/{DEV_EUI}/event/up"
        return topic, events.encode(event)

    @property
    def _address(self) -> tuple[str, int]:
        """Host and port of the broker."""
        if self._outlet is None:
            return "127.0.0.1", self._own.mqtt_port
        return self._outlet.broker.host, self._outlet.broker.port

    @property
    @override
    def description(self) -> str:
        return f"{self.title} (simulated): on the broker at port {self._address[1]}"

    @override
    async def start(self, exits: AsyncExitStack) -> None:
        if self._outlet is None:
            await exits.enter_async_context(self._own)
            return
        running = asyncio.create_task(self._outlet.run(self.server))
        exits.push_async_callback(_end, running)
        await self._outlet.connected.wait()

    @override
    def add_device(self, number: int, name: str) -> ChirpStackDevice:
        return self.server.add_device(
            self.device_id(number), name=name, frame_counter_check=False
        )

    @property
    @override
    def answers(self) -> dict[str, Any]:
        host, port = self._address
        return {
            "host": host,
            "mqtt_port": port,
            "tls": False,
            "application": self.server.application_id,
        }

    @override
    def steps(self, *, shared_broker: bool = False) -> tuple[dict[str, Any], ...]:
        # After the form, messages are received until the menu is answered.
        add = {"next_step_id": "add"}
        if shared_broker and self._outlet is not None:
            application = {"application": self.server.application_id}
            return {"next_step_id": "chirpstack_home_assistant"}, application, add
        return {"next_step_id": "chirpstack"}, self.answers, add

    @property
    @override
    def entry_data(self) -> dict[str, Any]:
        return self.answers | {
            "server": self.key,
            "event_prefix": "",
            "command_prefix": "",
            "client_id": "ha-0123456789abcdef0123",
        }

    @property
    @override
    def faults(self) -> dict[Where, Raw]:
        return self._own.faults.raw

    @property
    @override
    def connections(self) -> int:
        return self._own.broker.subscriptions

    @property
    @override
    def refused_commands(self) -> Sequence[str]:
        return self.server.refused_commands

    @override
    def cut(self) -> None:
        self._own.broker.cut()

    @override
    async def stop_mqtt(self) -> None:
        await self._own.stop_mqtt()

    @override
    async def start_mqtt(self) -> None:
        await self._own.start_mqtt()

    @override
    def post_downlink(self, number: int, payload: bytes) -> None:
        device = self.server.devices[self.device_id(number)]
        device.enqueue(QueueItem("", 1, payload))


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
