"""A whole house: broker, The Things Stack, Home Assistant, boards and a battery node, and how to tell whether it is well."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
import tempfile
import time
from typing import Any

from demo.broker import Broker
from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.proof import until
from demo.truth import differences, set_up
from simulator.boards import Board, BoardKind, Broker as Address, Fleet, Timing, macs
from simulator.node import BatteryNode
from simulator.the_things_stack import TheThingsStack
from simulator.thermal_model import ThermalModel

from .probe import install_probe
from .wrong_clock import WrongClock

KEY = "NNSXS.KEYOFTHEBENCHMARKS.ITOPENSNOTHINGELSEWHERE"
NODE = "bench-node"
PATIENCE = 180.0
"""Seconds until everything is right again, or it never will be."""


@dataclass
class House:
    """Everything in it, running."""

    folder: Path
    broker: Broker
    stack: TheThingsStack
    home_assistant: HomeAssistant
    fleet: Fleet
    node: BatteryNode
    names: dict[str, str | None] = field(default_factory=dict)
    """What each board was called when names were noted, by MAC."""

    @property
    def boards(self) -> list[Board]:
        """The boards."""
        return list(self.fleet.boards)

    async def until_right(self) -> float:
        """Wait until every entity of every board shows what is so; return the seconds it took."""
        began = time.monotonic()
        await until(
            "differences",
            lambda: differences(self.home_assistant, self.boards),
            lambda found: not found,
            PATIENCE,
        )
        return time.monotonic() - began

    def note_names(self) -> None:
        """Note what each board is called."""
        self.names = {board.mac: board.name for board in self.boards}

    def renamed(self) -> int:
        """Return how many boards are called something else than was noted."""
        return sum(self.names[board.mac] != board.name for board in self.boards)

    async def image(self) -> None:
        """Let the node send images until Home Assistant shows one as the node sent it."""
        for _ in range(10):
            sent = await self.node.send_image()
            wanted = str(sent.maximum / 10)
            try:
                await until("maximum", self._maximum, wanted.__eq__, 5)
            except Exception:  # noqa: BLE001 - it may still have been catching up
                continue
            return
        raise TimeoutError("no image of the node is shown")

    async def _maximum(self) -> str | None:
        for state in await self.home_assistant.get("/api/states"):
            if state["entity_id"].endswith("_maximum_temperature"):
                return str(state["state"])
        return None


async def add_node(home_assistant: HomeAssistant, stack: TheThingsStack) -> None:
    """Add the application and its node, as a person does."""
    application: dict[str, Any] = {
        "host": "127.0.0.1",
        "tls": False,
        "mqtt_port": stack.mqtt_port,
        "http_port": stack.http_port,
        "application": stack.uid,
        "api_key": KEY,
    }
    result = await home_assistant.run_flow(
        "battery_thermal", {"next_step_id": "own"}, application
    )
    await home_assistant.continue_subentry_flow(
        result["next_flow"][1], {"device_id": NODE, "layout": "slow_24"}
    )


@asynccontextmanager
async def house(
    boards: int,
    broker: Broker | None = None,
    timing: Timing | None = None,
    clock: WrongClock | None = None,
) -> AsyncGenerator[House]:
    """Build a house, wait until all is right in it, and take it down in the end.

    ``broker``: one that runs already, at the end of another line. ``timing``: boards quicker than others. ``clock``: the
    one that Home Assistant lives by.
    """
    async with AsyncExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory()))
        if broker is None:
            broker = Broker(folder / "broker", free_port(), "mosquitto")
            await broker.start()
            exits.push_async_callback(broker.stop)
        stack = await exits.enter_async_context(TheThingsStack())
        stack.add_key(KEY)
        device = stack.add_device(NODE, frame_counter_check=False, storage=True)
        home_assistant = HomeAssistant(folder / "config", free_port())
        install_probe(home_assistant)
        if clock:
            child = home_assistant.child
            child.command = [*clock.command(*child.command)]
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        await set_up(home_assistant, broker)
        await add_node(home_assistant, stack)
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
        node = BatteryNode(ThermalModel(seed=1), device, interval=25)
        built = House(folder, broker, stack, home_assistant, fleet, node)
        await built.until_right()
        await built.image()
        built.note_names()
        yield built
