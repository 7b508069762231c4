"""Tests of the command that runs a node."""

import base64
import json
from pathlib import Path
import signal

import aiomqtt

from demo.processes import free_port
from tests.simulator.cli.command import command
from tests.simulator.conftest import Mosquitto


async def test_node(mosquitto: Mosquitto) -> None:
    """The node sends over any broker and applies downlinks."""
    base = "v3/app@ttn/devices/bank"
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        await client.subscribe(f"{base}/+")
        async with command(
            "node", "--broker", f"127.0.0.1:{mosquitto.port}", "--application", "app",
            "--device", "bank", "--speed", "1000", "--hot-cell", "1", "1", "40",
        ) as node:  # fmt: skip
            join = await anext(client.messages)
            assert join.topic.value == f"{base}/join"
            uplink = await anext(client.messages)
            assert isinstance(uplink.payload, bytes)
            assert json.loads(uplink.payload)["uplink_message"]["frm_payload"] == "AA=="
            line = await node.until(r"sent a fast image: [\d.]+ to ([\d.]+) °C, fan on")
            assert 58 < float(line[1]) < 80
            downlinks = {"downlinks": [{"f_port": 1, "frm_payload": "wDI="}]}
            await client.publish(f"{base}/down/replace", json.dumps(downlinks))
            await node.until("has received: slow, threshold 50 °C")
            await node.until("sent a slow image")
            assert await node.stop(signal.SIGTERM) == 0


async def test_node_of_the_compact_format(mosquitto: Mosquitto) -> None:
    """At SF10 it sends a picture in one message, or in quarters."""
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        await client.subscribe("v3/app@ttn/devices/bank/up")
        async with command(
            "node", "--broker", f"127.0.0.1:{mosquitto.port}", "--application", "app",
            "--device", "bank", "--speed", "1000", "--format", "compact",
            "--spreading-factor", "10", "--facts-when-hot", "1", "--hot-cell", "1", "1", "60",
        ) as node:  # fmt: skip
            uplink = await anext(client.messages)
            assert isinstance(uplink.payload, bytes)
            message = json.loads(uplink.payload)["uplink_message"]
            payload = base64.b64decode(message["frm_payload"])
            assert payload[0] >> 4 == 1 and 8 < len(payload) <= 51
            assert message["f_port"] == 9
            await node.until(r"sent a fast image: [\d.]+ to ([\d.]+) °C, fan on")
            assert await node.stop(signal.SIGTERM) == 0


async def test_node_waits_for_its_broker(tmp_path: Path) -> None:
    """Without a broker the node prints a message and tries again."""
    async with command("node", "--broker", f"127.0.0.1:{free_port()}") as node:
        await node.until("127.0.0.1")
        assert node.process.returncode is None
