"""The Things Stack, as the demo, tests and benchmarks use it."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from random import Random
from typing import Any, Final, override

from simulator.mqtt.client import Broker
from simulator.network import Network, any_port
from simulator.node import Uplink
from simulator.raw import Raw, Where

from . import messages
from .attempts import ATTEMPTS, DEVICE
from .command import add_to
from .device import TheThingsStackDevice
from .messages import QueuedDownlink, Reception
from .server import TheThingsStack

KEY: Final = "NNSXS.KEYOFTHESIMULATOR.ITOPENSNOTHINGELSEWHERE"
_RANDOM: Final = Random(1)


class TheThingsStackNetwork(Network):
    """The Things Stack with one key, on two ports of its own."""

    key = "the_things_stack"
    title = "The Things Stack"
    server: TheThingsStack
    attempts = ATTEMPTS
    refusals = frozenset({"cannot_connect", "no_rights", "server_error"})
    add_command = staticmethod(add_to)

    def __init__(
        self,
        application: str = "batteries",
        *,
        broker: Broker | None = None,
        take_port: Callable[[str], int] = any_port,
        seed: int = 0,
    ) -> None:
        """Make an application without devices; The Things Stack has its own broker."""
        self.server = TheThingsStack(
            application,
            mqtt_port=take_port("stack_mqtt"),
            http_port=take_port("stack_http"),
            seed=seed,
        )
        self.server.add_key(KEY)

    @staticmethod
    @override
    def device_id(number: int) -> str:
        return f"{DEVICE}-{number}" if number else DEVICE

    @staticmethod
    @override
    def published(
        session: int, frame: Uplink, received_at: datetime
    ) -> tuple[str, bytes]:
        body = messages.uplink_message(
            session_key_id=f"session-{session}",
            f_port=frame.f_port,
            f_cnt=frame.f_cnt,
            payload=frame.payload,
            confirmed=False,
            receptions=(Reception("balcony"),),
            spreading_factor=7,
            frequency=868_100_000,
            received_at=received_at,
            random=_RANDOM,
            app_s_key={},
        )
        topic = f"v3/batteries@ttn/devices/{DEVICE}/up"
        return topic, messages.encode(messages.present({"uplink_message": body}))

    @property
    @override
    def description(self) -> str:
        return (
            f"{self.title} (simulated):"
            f" MQTT port {self.server.mqtt_port}, HTTP port {self.server.http_port}"
        )

    @override
    async def start(self, exits: AsyncExitStack) -> None:
        await exits.enter_async_context(self.server)

    @override
    def add_device(self, number: int, name: str) -> TheThingsStackDevice:
        return self.server.add_device(
            self.device_id(number), name=name, frame_counter_check=False, storage=True
        )

    @property
    @override
    def answers(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "tls": False,
            "mqtt_port": self.server.mqtt_port,
            "http_port": self.server.http_port,
            "application": self.server.uid,
            "api_key": KEY,
        }

    @override
    def steps(self, *, shared_broker: bool = False) -> tuple[dict[str, Any], ...]:
        return {"next_step_id": "own"}, self.answers

    @property
    @override
    def entry_data(self) -> dict[str, Any]:
        # Without the kind of server, as entries from before there was another one.
        return self.answers

    @property
    @override
    def faults(self) -> dict[Where, Raw]:
        return self.server.faults.raw

    @property
    @override
    def connections(self) -> int:
        requests = self.server.http.requests
        return sum(path.endswith("/devices") for _, path in requests)

    @override
    def cut(self) -> None:
        self.server.mqtt.cut()

    @override
    async def stop_mqtt(self) -> None:
        await self.server.stop_mqtt()

    @override
    async def start_mqtt(self) -> None:
        await self.server.start_mqtt()

    @override
    def post_downlink(self, number: int, payload: bytes) -> None:
        device = self.server.devices[self.device_id(number)]
        device.push([QueuedDownlink(f_port=1, payload=payload)])
