"""Many battery nodes of one application in a Home Assistant that is watched from inside."""

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
from simulator.node import BatteryNode, Mode
from simulator.the_things_stack import TheThingsStack
from simulator.thermal_model import ThermalModel

from .house import KEY
from .probe import install_probe, look


@dataclass
class Nodes:
    """The nodes, and the Home Assistant that hears them."""

    home_assistant: HomeAssistant
    stack: TheThingsStack
    nodes: Sequence[BatteryNode]

    async def speak(self) -> None:
        """Let every node send at once."""
        await asyncio.gather(*(node.step() for node in self.nodes))

    async def look(self) -> dict[str, Any]:
        """Return what the probe has seen since the last look."""
        return await look(self.home_assistant)

    async def cameras(self) -> list[str]:
        """Return the entity ids of the thermal pictures."""
        return sorted(
            state["entity_id"]
            for state in await self.home_assistant.get("/api/states")
            if state["entity_id"].startswith("camera.")
        )


@asynccontextmanager
async def many_nodes(count: int) -> AsyncGenerator[Nodes]:
    """Have an application with so many nodes, in slow mode, set up and heard."""
    async with AsyncExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory()))
        stack = await exits.enter_async_context(TheThingsStack())
        stack.add_key(KEY)
        nodes = []
        for number in range(count):
            device = stack.add_device(f"node-{number}", frame_counter_check=False)
            node = BatteryNode(ThermalModel(seed=number), device)
            node.mode = Mode.SLOW
            nodes.append(node)
        home_assistant = HomeAssistant(folder, free_port())
        install_probe(home_assistant)
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        await home_assistant.stop()
        _add_entry(folder, stack, count)
        await home_assistant.start()
        built = Nodes(home_assistant, stack, nodes)
        await until(
            "cameras", built.cameras, lambda cameras: len(cameras) == count, 120
        )
        yield built


def _add_entry(folder: Path, stack: TheThingsStack, count: int) -> None:
    """Add the application to what Home Assistant has stored: a hundred dialogs take long."""
    file = folder / ".storage" / "core.config_entries"
    stored = json.loads(file.read_text())
    stamp = "2026-11-21T07:39:00+00:00"
    stored["data"]["entries"].append(
        {
            "created_at": stamp,
            "data": {
                "host": "127.0.0.1",
                "tls": False,
                "mqtt_port": stack.mqtt_port,
                "http_port": stack.http_port,
                "application": stack.uid,
                "api_key": KEY,
            },
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
                    "data": {"device_id": f"node-{number}", "layout": "slow_24"},
                    "subentry_id": f"node{number}",
                    "subentry_type": "node",
                    "title": f"Node {number}",
                    "unique_id": f"node-{number}",
                }
                for number in range(count)
            ],
            "title": stack.uid,
            "unique_id": stack.uid,
            "version": 1,
        }
    )
    file.write_text(json.dumps(stored))
