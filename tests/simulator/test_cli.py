"""Tests of the commands as processes."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
import signal
import sys

import aiohttp
import aiomqtt
import pytest

from .conftest import Mosquitto, free_port

ROOT = Path(__file__).parents[2]


class Command:
    """A running command."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Take the process."""
        self.process = process

    async def until(self, pattern: str) -> re.Match[str]:
        """Read output until a line matches."""
        assert self.process.stderr is not None
        async with asyncio.timeout(20):
            while line := (await self.process.stderr.readline()).decode():
                if match := re.search(pattern, line):
                    return match
        raise AssertionError(f"it never said {pattern}")

    async def stop(self, number: signal.Signals) -> int | None:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        async with asyncio.timeout(10):
            return await self.process.wait()


@asynccontextmanager
async def command(*arguments: str) -> AsyncIterator[Command]:
    """Start a command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", *arguments, cwd=ROOT, stderr=-1, stdout=-1
    )
    try:
        yield Command(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_boards(mosquitto: Mosquitto) -> None:
    """Boards join; Ctrl-C ends the command."""
    broker = f"127.0.0.1:{mosquitto.port}"
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        await client.subscribe("user/state/join")
        async with command(
            "boards", "--broker", broker, "--count", "2", "--kind", "both",
            "--prefix", "user/", "--mqtt", "3.1.1",
        ) as boards:  # fmt: skip
            await boards.until("2 boards at 127.0.0.1")
            joins = {(await anext(client.messages)).payload for _ in range(2)}
            assert joins == {b"02:00:00:00:00:01", b"02:00:00:00:00:02"}
            assert await boards.stop(signal.SIGINT) == 0


async def test_node(mosquitto: Mosquitto) -> None:
    """The node sends over any broker and obeys downlinks."""
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
            await node.until("is told: slow, threshold 50 °C")
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


async def devices_of(http: aiohttp.ClientSession) -> list[object] | None:
    """Return the devices of an application, None if the server refuses."""
    async with http.get("/api/v3/applications/batteries/devices") as answer:
        return (await answer.json())["end_devices"] if answer.ok else None


async def test_the_things_stack() -> None:
    """The node sends over HTTP and MQTT, with a mishap now and then."""
    async with command(
        "the-things-stack", "--mqtt-port", "0", "--http-port", "0", "--key", "secret",
        "--device", "one", "--device", "two", "--speed", "1000", "--trouble-every", "1",
    ) as stack:  # fmt: skip
        port = int((await stack.until(r"MQTT: 127.0.0.1:(\d+)"))[1])
        url = (await stack.until(r"HTTP: (http://\S+)"))[1]
        await stack.until("user batteries@ttn, key secret")
        async with aiomqtt.Client(
            "127.0.0.1",
            port,
            username="batteries@ttn",
            password="secret",
            protocol=aiomqtt.ProtocolVersion.V311,
        ) as client:
            await client.subscribe("v3/batteries@ttn/devices/one/up")
            await anext(client.messages)
        headers = {"Authorization": "Bearer secret"}
        async with aiohttp.ClientSession(url, headers=headers) as http:
            # The server refuses while a mishap lasts.
            async with asyncio.timeout(20):
                while (devices := await devices_of(http)) is None:
                    await asyncio.sleep(0.1)
        assert len(devices) == 2
        await stack.until("two has sent a fast image")
        await stack.until("trouble: ")
        assert await stack.stop(signal.SIGTERM) == 0


async def test_chirpstack(mosquitto: Mosquitto) -> None:
    """Nodes send through it, on any broker or on one of its own."""
    broker = ("--broker", f"127.0.0.1:{mosquitto.port}")
    for where in (broker, ("--own-broker", "0")):
        async with command(
            "chirpstack", *where, "--qos", "1", "--speed", "1000",
            "--event-prefix", "eu/", "--device", "70b3d57ed0000009",
        ) as server:  # fmt: skip
            port = mosquitto.port
            if where is not broker:
                port = int((await server.until(r"MQTT: 127.0.0.1:(\d+)"))[1])
            application = (await server.until(r"application (\S+)"))[1]
            async with aiomqtt.Client("127.0.0.1", port) as client:
                topic = f"eu/application/{application}/device/70b3d57ed0000009"
                await client.subscribe(f"{topic}/event/up", qos=1)
                uplink = await anext(client.messages)
                assert uplink.topic.value == f"{topic}/event/up"
            await server.until("70b3d57ed0000009 has sent a fast image")
            assert await server.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("the-things-stack", "--host", "203.0.113.1"), "203.0.113.1"),
        (("node", "--broker", "localhost:none"), "none"),
    ],
)
async def test_says_what_is_wrong(arguments: tuple[str, ...], complaint: str) -> None:
    """An error is one line and an exit status."""
    async with command(*arguments) as failing:
        _, said = await failing.process.communicate()
        assert complaint in said.decode() and "Traceback" not in said.decode()
        assert failing.process.returncode == 1


async def test_node_waits_for_its_broker(tmp_path: Path) -> None:
    """Without a broker the node prints a message and tries again."""
    async with command("node", "--broker", f"127.0.0.1:{free_port()}") as node:
        await node.until("127.0.0.1")
        assert node.process.returncode is None


@pytest.mark.parametrize(
    "name", ["", "boards", "node", "the-things-stack", "chirpstack"]
)
async def test_help(name: str) -> None:
    """The help of every command is printed without an error."""
    async with command(*name.split(), "--help") as helping:
        said, _ = await helping.process.communicate()
        assert helping.process.returncode == 0
        assert "usage: python -m simulator" in said.decode()
