"""Fixtures of the tests of the simulator: sockets, and a real broker."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from pathlib import Path
import shutil

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
import pytest

from demo.processes import free_port
from simulator.the_things_stack import TheThingsStack

KEY = "NNSXS.TESTKEY"


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Allow sockets on 127.0.0.1."""


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Load no integrations: these tests run without Home Assistant."""


@pytest.fixture
async def stack() -> AsyncGenerator[TheThingsStack]:
    """Return a stand-in that knows KEY."""
    async with TheThingsStack() as stack:
        stack.add_key(KEY)
        yield stack


class Mosquitto:
    """A real broker that can be stopped and started on its port."""

    def __init__(self, program: str, folder: Path) -> None:
        """Prepare its configuration."""
        self.port = free_port()
        self._program = program
        self._configuration = folder / "mosquitto.conf"
        self._configuration.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
            "set_tcp_nodelay true\npersistence false\n"
        )
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = await asyncio.create_subprocess_exec(
            self._program,
            "-c",
            str(self._configuration),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(10):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    await writer.wait_closed()
                    return
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Kill it with SIGKILL."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None


@pytest.fixture
async def mosquitto(tmp_path: Path) -> AsyncGenerator[Mosquitto]:
    """Return a running mosquitto; skip where there is none."""
    program = shutil.which("mosquitto") or shutil.which(
        "mosquitto", path="/usr/sbin:/usr/local/sbin"
    )
    if program is None:
        pytest.skip("mosquitto is not installed")
    broker = Mosquitto(program, tmp_path)
    await broker.start()
    yield broker
    await broker.stop()


def persistent(port: int, *, version: int) -> aiomqtt.Client:
    """Return a client with a session that outlives its connection."""
    if version == 4:
        return aiomqtt.Client(
            "127.0.0.1",
            port,
            identifier="keeper",
            clean_session=False,
            protocol=aiomqtt.ProtocolVersion.V311,
        )
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 86400
    properties.UserProperty = ("key", "value")
    return aiomqtt.Client(
        "127.0.0.1",
        port,
        identifier="keeper",
        clean_start=False,
        protocol=aiomqtt.ProtocolVersion.V5,
        properties=properties,
    )


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until a condition holds. Raises TimeoutError if it does not in time.

    It does in milliseconds; a very busy machine has needed more than 5 s.
    """
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
