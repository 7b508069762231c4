"""Many battery nodes of one application, in a Home Assistant with a probe."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
import json
from pathlib import Path
import tempfile
from typing import Any

from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.proof import until
from simulator.network import Network
from simulator.node import BatteryNode, Mode
from simulator.thermal_model import ThermalModel

from .probe import install_probe, look


@dataclass
class Nodes:
    """The nodes, and their Home Assistant."""

    home_assistant: HomeAssistant
    nodes: Sequence[BatteryNode]

    async def send_uplinks(self) -> None:
        """Send an uplink of every node at once."""
        await asyncio.gather(*(node.step() for node in self.nodes))

    async def look(self) -> dict[str, Any]:
        """Return the probe's measurements since the last call."""
        return await look(self.home_assistant)

    async def cameras(self) -> list[str]:
        """Return the entity ids of the thermal pictures."""
        return sorted(
            state["entity_id"]
            for state in await self.home_assistant.get("/api/states")
            if state["entity_id"].startswith("camera.")
        )


@asynccontextmanager
async def many_nodes(network: Network, count: int) -> AsyncGenerator[Nodes]:
    """Set up an application with this many nodes in slow mode, each with an image."""
    async with AsyncExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory()))
        await network.start(exits)
        nodes = []
        for number in range(count):
            node = BatteryNode(
                ThermalModel(seed=number), network.add_device(number, f"Node {number}")
            )
            node.mode = Mode.SLOW
            nodes.append(node)
        home_assistant = HomeAssistant(folder, free_port())
        install_probe(home_assistant)
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        await home_assistant.stop()
        _add_entry(folder, network, count)
        await home_assistant.start()
        built = Nodes(home_assistant, nodes)
        await until(
            "cameras", built.cameras, lambda cameras: len(cameras) == count, 120
        )
        yield built


def _add_entry(folder: Path, network: Network, count: int) -> None:
    """Add the application to Home Assistant's storage: a hundred dialogs take long."""
    file = folder / ".storage" / "core.config_entries"
    stored = json.loads(file.read_text())
    stamp = "2026-11-21T07:39:00+00:00"
    stored["data"]["entries"].append(
        {
            "created_at": stamp,
            "data": network.entry_data,
            "disabled_by": None,
            "discovery_keys": {},
            "domain": "battery_thermal",
            "entry_id": "bench",
            "minor_version": 1,
            "modified_at": stamp,
            "options": {},
            "pref_disable_new_entities": False,
            "pref_disable_polling": False,
            "source": "user",
            "subentries": [
                {
                    "data": {
                        "device_id": network.device_id(number),
                        "layout": "slow_24",
                    },
                    "subentry_id": f"node{number}",
                    "subentry_type": "node",
                    "title": f"Node {number}",
                    "unique_id": network.device_id(number),
                }
                for number in range(count)
            ],
            "title": "Batteries",
            "unique_id": None,
            "version": 1,
        }
    )
    file.write_text(json.dumps(stored))
