"""Attempts of a broken or hostile network server to block Home Assistant."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
import tempfile
import time

from aiohttp import ClientResponseError

from demo.client import ENTRIES, FLOWS
from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.proof import until
from simulator.attempt import Attempt
from simulator.network import Network
from simulator.networks import NETWORKS
from simulator.node import BatteryNode
from simulator.raw import Where
from simulator.thermal_model import ThermalModel

from .figures import Section, Spread, write
from .ground.house import add_node
from .ground.probe import install_probe, look

WATCHED = 6.0
"""Seconds: a lost connection is re-established within two."""
TRIES = 3
"""Repetitions of an attempt that blocked the loop for long: other programs may have caused it."""
MOST_HELD = 50.0
"""ms."""
MOST_COLLECTIONS = 6
"""Full garbage collections."""
MOST_MEMORY = 20.0
"""MB."""
LONGEST_SET_UP = 30.0
"""Seconds."""


@dataclass
class Seen:
    """Results of one attempt."""

    held: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    collections: list[list[float]] = field(default_factory=list)
    """Durations in ms of the full garbage collections of each run."""
    memory: list[float] = field(default_factory=list)
    set_up: list[float] = field(default_factory=list)


@dataclass
class Ground:
    """A Home Assistant with an application and its node, and a server without an entry."""

    home_assistant: HomeAssistant
    network: Network
    other: Network
    node: BatteryNode
    other_node: BatteryNode
    entry_id: str
    maximum: str
    """The sensor of the node's maximum."""

    async def make(self, attempt: Attempt, seen: Seen) -> None:
        """Run an attempt, measure its effects, and check that all works afterwards."""
        print(f"  {attempt.name}", flush=True)
        for _ in range(TRIES):
            try:
                held, busy, collections, memory, set_up = await (
                    self._in_dialog(attempt)
                    if attempt.in_dialog
                    else self._while_running(attempt)
                )
            finally:
                self.network.faults.clear()
                self.other.faults.clear()
            if held <= MOST_HELD:
                break
        assert busy <= MOST_HELD, f"{attempt.name}: the loop was held for {busy} ms"
        assert len(collections) <= MOST_COLLECTIONS, f"{attempt.name}: {collections}"
        assert memory <= MOST_MEMORY, f"{attempt.name}: {memory} MB"
        assert set_up <= LONGEST_SET_UP, f"{attempt.name}: set-up took {set_up} s"
        seen.held.append(held)
        seen.busy.append(busy)
        seen.collections.append(collections)
        seen.memory.append(memory)
        seen.set_up.append(set_up)

    async def _in_dialog(
        self, attempt: Attempt
    ) -> tuple[float, float, list[float], float, float]:
        """Set an application up until it is refused, and then with a correct server."""
        self.other.faults[attempt.where] = attempt.what
        flow = await self.home_assistant.post(FLOWS, {"handler": "battery_thermal"})
        path = f"{FLOWS}/{flow['flow_id']}"
        menu, application, *_ = self.other.steps()
        await self.home_assistant.post(path, menu)
        before = await self._begin()
        began = time.monotonic()
        flow = await self.home_assistant.post(path, application)
        set_up = time.monotonic() - began
        seen = await self._end(before)
        if flow["type"] == "form":
            # Every message is a translated text.
            assert set(flow["errors"].values()) <= self.other.refusals, flow["errors"]
            self.other.faults.clear()
            flow = await self.home_assistant.post(path, application)
        while flow["type"] in ("progress", "progress_done"):
            # The dialog receives messages until an uplink comes.
            await self.other_node.step()
            await asyncio.sleep(0.2)
            flow = await self.home_assistant.post(path, {})
        if flow["type"] == "menu":
            flow = await self.home_assistant.post(path, {"next_step_id": "add"})
        assert flow["type"] == "create_entry", flow
        entry_id = flow["result"]["entry_id"]
        await self.home_assistant.request("DELETE", f"{ENTRIES}/{entry_id}")
        return *seen, set_up

    async def _while_running(
        self, attempt: Attempt
    ) -> tuple[float, float, list[float], float, float]:
        """Let a connection be re-established, or settings be sent; then set up again."""
        before = await self._begin()
        self.network.faults[attempt.where] = attempt.what
        if attempt.where is Where.DOWN:
            threshold = 40 + int(time.monotonic()) % 40
            await self.home_assistant.call(
                "number",
                "set_value",
                entity_id=self.maximum.replace("sensor", "number").replace(
                    "maximum_temperature", "fan_threshold"
                ),
                value=threshold,
            )
            await asyncio.sleep(WATCHED)
        else:
            self.network.cut()
        await asyncio.sleep(WATCHED)
        seen = await self._end(before)
        set_up = await self.set_up()
        self.network.faults.clear()
        await self.set_up()
        await until("right again", self.image, bool, 60)
        return *seen, set_up

    async def set_up(self) -> float:
        """Set the application up again, and return the seconds that it took."""
        began = time.monotonic()
        with suppress(ClientResponseError):
            await self.home_assistant.post(f"{ENTRIES}/{self.entry_id}/reload", {})
        return time.monotonic() - began

    async def image(self) -> bool:
        """Let the node send an image, and return whether it is shown."""
        sent = await self.node.send_image()
        await asyncio.sleep(0.3)
        with suppress(ClientResponseError):
            state = await self.home_assistant.state(self.maximum)
            return bool(state["state"] == str(sent.maximum / 10))
        return False

    async def _begin(self) -> float:
        """Reset the probe, and return the memory in MB."""
        await asyncio.sleep(0.5)
        await look(self.home_assistant)
        self._memory_file("clear_refs").write_text("5")
        return self._memory("VmRSS")

    async def _end(self, before: float) -> tuple[float, float, list[float], float]:
        """Return the longest block of the loop in ms, by clock and by processor time, and what goes with it.

        That is the full garbage collections in ms, which are not part of the block, and
        the additional memory in MB.
        """
        memory = self._memory("VmHWM") - before
        seen = await look(self.home_assistant)
        return seen["longest"], seen["longest_busy"], seen["collections"], memory

    def _memory(self, what: str) -> float:
        lines = self._memory_file("status").read_text().splitlines()
        line = next(line for line in lines if line.startswith(what))
        return int(line.split()[1]) / 1000

    def _memory_file(self, name: str) -> Path:
        return Path(f"/proc/{self.home_assistant.child.pid}/{name}")


@asynccontextmanager
async def ground(network: Network, other: Network) -> AsyncGenerator[Ground]:
    """Set up an application with a node; the dialog is to set up the other one."""
    async with AsyncExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory()))
        for one in (network, other):
            await one.start(exits)
        model = ThermalModel(seed=1)
        node = BatteryNode(model, network.add_device(0, "Node 0"), interval=25)
        other_node = BatteryNode(model, other.add_device(0, "Node 0"), interval=25)
        home_assistant = HomeAssistant(folder, free_port())
        install_probe(home_assistant)
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        sending = asyncio.create_task(_send(node))
        await add_node(home_assistant, network)
        sending.cancel()
        (entry,) = await home_assistant.entries("battery_thermal")
        (maximum,) = await until(
            "the node's entities", lambda: _maxima(home_assistant), bool, 60
        )
        built = Ground(
            home_assistant, network, other, node, other_node, entry["entry_id"], maximum
        )
        await until("an image", built.image, bool, 60)
        # The first reconnection and the first dialog allocate memory once.
        for _ in range(3):
            await built.set_up()
            network.cut()
            await asyncio.sleep(3)
        await until("an image", built.image, bool, 60)
        yield built
        log = home_assistant.log()
        assert "an error in this integration" not in log, log[-3000:]
        assert "custom_components/battery_thermal" not in log, log[-3000:]


async def _maxima(home_assistant: HomeAssistant) -> list[str]:
    """Return the sensors of a node's maximum."""
    return [
        state["entity_id"]
        for state in await home_assistant.get("/api/states")
        if state["entity_id"].endswith("_maximum_temperature")
    ]


async def _send(node: BatteryNode) -> None:
    """Send until cancelled: a dialog that receives messages ends with the first."""
    while True:
        await node.step()
        await asyncio.sleep(0.2)


async def measure(results: dict[str, Seen]) -> None:
    """Run every attempt of each network server once."""
    for kind in NETWORKS.values():
        network, other = kind(), kind("others", seed=1)
        async with ground(network, other) as built:
            for attempt in network.attempts:
                await built.make(attempt, results[f"{network.title}: {attempt.name}"])


def main(runs: int) -> None:
    """Run every attempt ``runs`` times. Raises when one exceeds a limit."""
    results: dict[str, Seen] = defaultdict(Seen)
    for _ in range(runs):
        asyncio.run(measure(results))
    rows = [
        [
            name,
            Spread(seen.held, "ms"),
            Spread(seen.busy, "ms"),
            Spread([len(durations) for durations in seen.collections], "", 0),
            Spread(seen.memory, "MB"),
            Spread(seen.set_up, "s"),
        ]
        for name, seen in results.items()
    ]
    collections = [
        duration
        for seen in results.values()
        for durations in seen.collections
        for duration in durations
    ]
    write(
        Section(
            "A hostile network server",
            f"{len(rows)} attempts of a server to block Home Assistant, each in place of one answer: by HTTP, where the"
            " server has it, to a request for the key's rights, the list of devices, the stored uplinks or a downlink; by MQTT to"
            " CONNECT, to SUBSCRIBE, after them, and to a downlink that is acknowledged."
            " Measured inside Home Assistant, for 6 s after the connection was cut (or until the dialog ends): the longest"
            " block of the event loop by anything, by the clock and in processor time, and the largest additional memory."
            " *Collections* are how often Python went through all objects of Home Assistant for garbage in this time, which"
            f" took up to {max(collections, default=0):.0f} ms each here. Whatever makes objects sets that off now and then, a"
            " dashboard or a server that sends a million headers; it is not in *loop held*. *Set-up*: the time until the"
            " dialog answers, or until a reload ends, while the server continues."
            f" More than {MOST_HELD:.0f} ms of a processor, {MOST_COLLECTIONS} collections, {MOST_MEMORY:.0f} MB or {LONGEST_SET_UP:.0f} s ends the benchmark"
            " without a figure; so do an error in the log, a dialog without a translated answer, and an application that"
            " does not recover when the server does: after each attempt, the dialog must succeed or an image of the node be"
            " shown.",
            [
                *("attempt", "loop held", "of a processor"),
                *("collections", "memory more", "set-up"),
            ],
            rows,
            runs,
        )
    )
