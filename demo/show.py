"""All parts of the demo, and their set-up through the config flows."""

from contextlib import AsyncExitStack
import json
from pathlib import Path
import time
from types import TracebackType
from typing import Any, Self

from simulator.mqtt.client import Broker as BrokerAddress
from simulator.networks import NETWORKS

from .broker import Broker
from .client import HomeAssistantError
from .dashboard import save_dashboards
from .home_assistant import HomeAssistant
from .processes import free_port, is_free
from .registry import Registry
from .world import MACS, World

APPLICATION = "battery-bank"

JOIN_SECONDS = 60
"""A field board asks every 5 s, waits 5 s between its two connections; five boards may start together."""


BOARD_ENTITIES = (
    ("binary_sensor", "connectivity"),
    ("switch", "led"),
    ("binary_sensor", "button"),
    ("event", "button"),
    ("sensor", "light"),
)
NODE_ENTITIES = (
    ("image", "thermal"),
    ("camera", "thermal"),
    ("sensor", "maximum"),
    ("sensor", "minimum"),
    ("sensor", "ambient"),
    ("binary_sensor", "over_threshold"),
    ("fan", "fan"),
    ("number", "threshold"),
    ("select", "mode"),
)


class Ports:
    """The ports of the last run if they are free, so that stored entries stay valid; else new ones."""

    def __init__(self, folder: Path) -> None:
        """Read the ports of the last run."""
        self._file = folder / "ports.json"
        try:
            self._ports: dict[str, int] = json.loads(self._file.read_text())
        except OSError, ValueError:
            self._ports = {}

    def take(self, name: str, wanted: int | None = None) -> int:
        """Return the port for ``name`` and store it."""
        port = wanted or self._ports.get(name)
        if not port or not is_free(port):
            port = free_port()
        self._ports[name] = port
        self._file.write_text(json.dumps(self._ports))
        return port


class Show:
    """Broker, Home Assistant and simulated devices, running inside ``async with``."""

    home_assistant: HomeAssistant
    broker: Broker
    world: World
    pages: list[str]

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        host: str = "127.0.0.1",
        broker: str = "auto",
        line_seconds: float = 2.0,
        people: bool = True,
        server: str = "the_things_stack",
        compact: bool = False,
    ) -> None:
        """Store everything in ``folder``; with ``people`` buttons are pushed and a cell gets a fault at random times.

        ``server``: a key of ``NETWORKS``.
        ``compact``: the node sends the compact format.
        """
        self.folder = folder
        self._wanted_port = port
        self._host = host
        self._broker_choice = broker
        self._line_seconds = line_seconds
        self._people = people
        self._server = server
        self._compact = compact
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start and set up; stop everything if that fails."""
        async with AsyncExitStack() as exits:
            await self._start(exits)
            self._exits = exits.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        await self._exits.aclose()

    async def _start(self, exits: AsyncExitStack) -> None:
        ports = Ports(self.folder)
        self.broker = Broker(
            self.folder / "broker", ports.take("broker"), self._broker_choice
        )
        await self.broker.start()
        exits.push_async_callback(self.broker.stop)
        say(f"Broker: {self.broker.name}, port {self.broker.port}")

        # amqtt does not support MQTT 5.
        shared = BrokerAddress(self.broker.host, self.broker.port)
        network = NETWORKS[self._server](
            APPLICATION,
            broker=shared if self.broker.protocol == 5 else None,
            take_port=ports.take,
        )
        await network.start(exits)
        self.world = World(
            self.broker,
            network,
            line_seconds=self._line_seconds,
            compact=self._compact,
        )
        say(network.description)

        self.home_assistant = HomeAssistant(
            self.folder / "config",
            ports.take("home_assistant", self._wanted_port),
            self._host,
        )
        say("Home Assistant: starting (the first time takes about a minute)")
        began = time.monotonic()
        await self.home_assistant.start()
        exits.push_async_callback(self.home_assistant.stop)
        version = (await self.home_assistant.get("/api/config"))["version"]
        say(f"Home Assistant {version}: running after {time.monotonic() - began:.0f} s")

        await self.set_up_integrations()
        say("Set up: MQTT, ESP32 sensors, Battery Thermal")
        people = [
            life()
            for life in (self.world.push_buttons, self.world.heat_a_cell)
            if self._people
        ]
        await exits.enter_async_context(self.world.living(*people))
        say("Boards are joining, the battery node is sending")
        await Registry.load_with(
            self.home_assistant,
            [
                *((mac, *entity) for mac in MACS for entity in BOARD_ENTITIES),
                *((self.world.node_id, *entity) for entity in NODE_ENTITIES),
            ],
            JOIN_SECONDS,
        )
        self.pages = await save_dashboards(
            self.home_assistant, MACS, self.world.node_id
        )

    async def set_up_integrations(self) -> None:
        """Run the config flows, or correct the ports of existing entries."""
        await self._set_up(
            "mqtt",
            {
                "broker": self.broker.host,
                "port": self.broker.port,
                "protocol": {5: "5", 4: "3.1.1"}[self.broker.protocol],
                "other_settings": {"set_client_cert": False, "set_ca_cert": "off"},
            },
        )
        if not await self.home_assistant.entries("esp32_sensors"):
            await self._run("esp32_sensors", {"prefix": ""})
        network = self.world.network
        steps = network.steps(shared_broker=True)
        await self._set_up("battery_thermal", network.answers, *steps)

    async def _set_up(
        self, domain: str, answers: dict[str, Any], *steps: dict[str, Any]
    ) -> None:
        """Add an integration with some steps, or with one; or reconfigure it."""
        entries = await self.home_assistant.entries(domain)
        if entries:
            entry = {"entry_id": entries[0]["entry_id"]}
            await self.home_assistant.run_flow(domain, answers, source=entry)
            return
        result = await self._run(domain, *(steps or (answers,)))
        if next_flow := result.get("next_flow"):
            # The flow continues with the first node of the application.
            node = {"device_id": self.world.node_id, "layout": "auto"}
            await self.home_assistant.continue_subentry_flow(next_flow[1], node)
            await self.configure_node(cells=self.cells)

    @property
    def cells(self) -> dict[str, Any]:
        """The positions of the cells in the picture."""
        return {"rows": self.world.model.rows, "columns": self.world.model.columns}

    async def configure_node(self, **sections: dict[str, Any]) -> None:
        """Change options of the node in its form; missing ones get their defaults."""
        (entry,) = await self.home_assistant.entries("battery_thermal")
        subentries = await self.home_assistant.command(
            "config_entries/subentries/list", entry_id=entry["entry_id"]
        )
        await self.home_assistant.reconfigure_subentry(
            entry["entry_id"],
            "node",
            subentries[0]["subentry_id"],
            {"radio": {"layout": "auto"}, **sections},
        )

    async def _run(self, domain: str, *steps: dict[str, Any]) -> dict[str, Any]:
        result = await self.home_assistant.run_flow(domain, *steps)
        if result["type"] != "create_entry":
            raise HomeAssistantError(f"{domain} was not set up: {result.get('reason')}")
        return result


def say(text: str) -> None:
    """Print a message about the progress."""
    print(text, flush=True)
