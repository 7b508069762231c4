"""A complete system: broker, network server, Home Assistant, boards and a battery node, and checks of its states."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
import re
import tempfile
import time

from aiohttp import ClientError

from demo.broker import Broker
from demo.client import HomeAssistantError
from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.proof import NotSo, until
from demo.truth import differences, set_up
from simulator.boards import Board, BoardKind, Broker as Address, Fleet, Timing, macs
from simulator.network import Network
from simulator.node import BatteryNode, Image
from simulator.the_things_stack.network import TheThingsStackNetwork
from simulator.thermal_model import ThermalModel

from .probe import install_probe
from .wrong_clock import WrongClock

PATIENCE = 180.0
"""Time limit in seconds until all states are correct."""

_TRIES = 10
"""Images that may be wrong while Home Assistant catches up."""
_PICTURE = "image thermal"
_NEVER = datetime.min.replace(tzinfo=UTC)

_RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d )", re.MULTILINE)
_OURS = "(?:esp32_sensors|battery_thermal)"
# Of an exception in a callback, only the traceback has the integration's name.
_WRONG = re.compile(
    rf"\S+ \S+ (?:ERROR|CRITICAL) (?s:.*){_OURS}|(?s:.*)custom_components/{_OURS}/"
)


@dataclass
class House:
    """The running parts."""

    folder: Path
    broker: Broker
    network: Network
    home_assistant: HomeAssistant
    fleet: Fleet
    node: BatteryNode
    model: ThermalModel
    """The thermal model of the node."""
    names: dict[str, str | None] = field(default_factory=dict)
    """The recorded name of each board, by MAC."""
    random: Random = field(default_factory=partial(Random, 1))

    @property
    def boards(self) -> list[Board]:
        """The boards."""
        return list(self.fleet.boards)

    async def until_right(self) -> float:
        """Wait until every entity of every board is correct; return the seconds it took."""
        began = time.monotonic()
        await until(
            "differences",
            lambda: differences(self.home_assistant, self.boards),
            lambda found: not found,
            PATIENCE,
        )
        return time.monotonic() - began

    def note_names(self) -> None:
        """Record the name of each board."""
        self.names = {board.mac: board.name for board in self.boards}

    def renamed(self) -> int:
        """Return the number of boards with another name than recorded."""
        return sum(self.names[board.mac] != board.name for board in self.boards)

    async def image(self) -> int:
        """Let the node send images until one is shown correctly; return how many it sent.

        A cell is as warm in each as chance will have it, and what is shown has to be newer than what was: none that
        was there before passes for the new one.
        """
        while self.node.image and not self.node.image.complete:
            await self.node.step()
        for number in range(1, _TRIES + 1):
            entities = await self._entities()
            before = _time(await self._states(), entities)
            self.model.heat((0, 0), self.random.uniform(20, 60))
            sent = await self.node.send_image()
            try:
                await until(
                    "image",
                    partial(self._otherwise, entities, sent, before),
                    lambda otherwise: not otherwise,
                    5,
                )
            except (NotSo, HomeAssistantError, ClientError) as error:
                # Home Assistant may still have been catching up.
                print(f"  another image of the node: {error}", flush=True)
                continue
            return number
        raise TimeoutError("no image of the node is shown")

    async def _otherwise(
        self, entities: dict[str, dict[str, str]], sent: Image, before: datetime
    ) -> str:
        """Return differences between the shown and the sent image, empty without any."""
        states = await self._states()
        if _time(states, entities) <= before:
            return "no newer one"
        for key, tenths in ("minimum", sent.minimum), ("maximum", sent.maximum):
            shown = states.get(entities[f"sensor {key}"]["entity_id"])
            if shown != str(tenths / 10):
                return f"{key} {shown}, sent {tenths / 10}"
        answer = await self.home_assistant.command(
            "call_service",
            domain="battery_thermal",
            service="get_image",
            service_data={"device_id": entities[_PICTURE]["device_id"]},
            return_response=True,
        )
        pixels = [[value / 10 for value in row] for row in sent.matrix.tolist()]
        return "" if answer["response"]["image"] == pixels else "other pixels"

    async def _states(self) -> dict[str, str]:
        return {
            state["entity_id"]: state["state"]
            for state in await self.home_assistant.get("/api/states")
        }

    async def _entities(self) -> dict[str, dict[str, str]]:
        """Return the registry's entities of the node, by domain and key."""
        return {
            f"{entity['entity_id'].partition('.')[0]} {entity['translation_key']}": entity
            for entity in await self.home_assistant.command(
                "config/entity_registry/list"
            )
            if entity["platform"] == "battery_thermal"
        }

    def errors(self) -> list[str]:
        """Return the log's errors that name an integration of this repository, with their tracebacks."""
        records = _RECORD.split(self.home_assistant.log())
        return [record for record in records if _WRONG.match(record)]


def _time(states: dict[str, str], entities: dict[str, dict[str, str]]) -> datetime:
    """Return the time of the shown picture."""
    try:
        return datetime.fromisoformat(states[entities[_PICTURE]["entity_id"]])
    except KeyError, ValueError:
        return _NEVER


async def add_node(home_assistant: HomeAssistant, network: Network) -> None:
    """Add the application and its first node through the config flow."""
    result = await home_assistant.run_flow(
        "battery_thermal",
        *network.steps(),
    )
    await home_assistant.continue_subentry_flow(
        result["next_flow"][1],
        {"device_id": network.device_id(0), "layout": "slow_24"},
    )


@asynccontextmanager
async def house(
    boards: int,
    broker: Broker | None = None,
    timing: Timing | None = None,
    clock: WrongClock | None = None,
    network: Network | None = None,
) -> AsyncGenerator[House]:
    """Start a system, wait until all its states are correct, and stop it in the end.

    ``broker``: one that runs already, at the end of another line. ``timing``: boards quicker than others. ``clock``: the
    one that Home Assistant lives by. ``network``: the node's network server, The Things Stack without.
    """
    async with AsyncExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory()))
        if broker is None:
            broker = Broker(folder / "broker", free_port(), "mosquitto")
            await broker.start()
            exits.push_async_callback(broker.stop)
        network = network or TheThingsStackNetwork()
        await network.start(exits)
        device = network.add_device(0, "Node 0")
        home_assistant = HomeAssistant(folder / "config", free_port())
        install_probe(home_assistant)
        if clock:
            child = home_assistant.child
            child.command = [*clock.command(*child.command)]
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        await set_up(home_assistant, broker)
        await add_node(home_assistant, network)
        fleet = Fleet(
            [
                Board(
                    mac,
                    Address(broker.host, broker.port),
                    kind=BoardKind.FIELD,
                    light=partial(int, 10 + number % 80),
                    timing=timing or Timing(),
                )
                for number, mac in enumerate(macs(boards))
            ]
        )
        await exits.enter_async_context(fleet)
        model = ThermalModel(seed=1)
        node = BatteryNode(model, device, interval=25)
        built = House(folder, broker, network, home_assistant, fleet, node, model)
        await built.until_right()
        await built.image()
        built.note_names()
        yield built
