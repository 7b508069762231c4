"""Test of the firmware with a real MicroPython, a real broker and a real Home Assistant.

Only pins and Wi-Fi are simulated (firmware_host/): they are files, with which a
test presses the button and reads the LED.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
import signal
from typing import Any

import pytest
import pytest_asyncio

from demo.broker import Broker
from demo.home_assistant import HomeAssistant
from demo.processes import Child, free_port
from demo.proof import until
from demo.truth import entities, network_figure, set_up

REPOSITORY = Path(__file__).parents[2]
FIRMWARE = REPOSITORY / "firmware"
STAND_INS = Path(__file__).parent / "firmware_host"
VERSION = "MicroPython board 1.0.0"
"""As firmware/session.py has it."""
MAC = "02:00:00:00:AB:01"
"""Constant of firmware_host/network.py."""


class Firmware:
    """A board that runs the firmware."""

    def __init__(
        self, program: str, folder: Path, broker: Broker, **settings: Any
    ) -> None:
        """Write config.py, based on the example of the repository."""
        folder.mkdir()
        self.folder = folder
        filled_in = {
            "WIFI_NAME": "home",
            "WIFI_PASSWORD": "correct horse",
            "BROKER": broker.host,
            "BROKER_PORT": broker.port,
            **settings,
        }
        configuration = (FIRMWARE / "config.example.py").read_text()
        for name, value in filled_in.items():
            assert f"\n{name} = " in configuration
            configuration += f"{name} = {value!r}\n"
        (folder / "config.py").write_text(configuration)
        path = f"{folder}:{FIRMWARE}:{STAND_INS}:.frozen"
        # Its pins are files in the folder it runs in. It gets 128 kB of memory, where everything takes twice the room that
        # it takes on an ESP32: one of these has more to give.
        shell = f'cd "{folder}" && MICROPYPATH="{path}" exec "{program}" -X heapsize=128k "{FIRMWARE}/main.py"'
        self.child = Child("board", ["/bin/sh", "-c", shell], folder)

    @property
    def led(self) -> str:
        """The level of the LED's pin."""
        return (self.folder / "pin2").read_text()

    def push(self, down: bool) -> None:
        """Press or release the button."""
        (self.folder / "pin0").write_text(str(int(not down)))

    def shine(self, percent: int) -> None:
        """Set the light on the photoresistor; more light is less voltage."""
        (self.folder / "pin34").write_text(str(65535 * (100 - percent) // 100))

    def wifi(self, there: bool) -> None:
        """Switch the access point on or off."""
        file = self.folder / "no_wifi"
        if there:
            file.unlink()
        else:
            file.touch()

    def log(self) -> str:
        """Return its output."""
        return self.child.log.read_text()

    def sessions(self) -> list[str]:
        """Return the sessions that it was assigned."""
        return [
            line.removeprefix("session: ")
            for line in self.log().splitlines()
            if line.startswith("session: ")
        ]


@dataclass
class World:
    """Broker and Home Assistant, with one network of boards."""

    broker: Broker
    home_assistant: HomeAssistant

    async def shown(self, domain: str, key: str) -> str:
        """Return the state of the board's entity, by its translation key."""
        entity = (await entities(self.home_assistant, domain, key)).get(MAC)
        if entity is None:
            return "missing"
        state: str = (await self.home_assistant.state(entity))["state"]
        return state

    async def until(self, domain: str, key: str, state: str) -> None:
        """Wait until the board's entity has this state."""
        await until(
            f"{domain} {key}", lambda: self.shown(domain, key), lambda s: s == state
        )

    async def versions(self) -> list[str | None]:
        """Return what the devices have as the version of their software."""
        devices = await self.home_assistant.command("config/device_registry/list")
        return [device["sw_version"] for device in devices]

    async def switch(self, action: str) -> None:
        """Switch the LED in Home Assistant."""
        led = (await entities(self.home_assistant, "switch", "led"))[MAC]
        await self.home_assistant.call("switch", action, entity_id=led)


@pytest_asyncio.fixture
async def world(mosquitto: str, tmp_path: Path) -> AsyncIterator[World]:
    """Start both, and set them up through the config flow."""
    async with AsyncExitStack() as exits:
        broker = Broker(tmp_path / "broker", free_port(), "mosquitto")
        # The packet limit that deploy/mosquitto sets for the session protocol.
        with (tmp_path / "broker/broker.conf").open("a") as configuration:
            configuration.write("max_packet_size 200\n")
        await broker.start()
        exits.push_async_callback(broker.stop)
        home_assistant = HomeAssistant(tmp_path / "config", free_port())
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        await set_up(home_assistant, broker)
        yield World(broker, home_assistant)


@pytest.mark.timeout(400)
async def test_a_life(world: World, micropython: str, tmp_path: Path) -> None:
    """The firmware joins, follows commands, reports, recovers from all faults, and leaves."""
    board = Firmware(micropython, tmp_path / "board", world.broker)
    board.shine(40)
    async with board.child:
        await world.until("switch", "led", "off")
        await world.until("sensor", "light", "40")
        [session] = board.sessions()
        assert session.startswith("capteur01;")
        await until("firmware", world.versions, lambda found: VERSION in found)

        # The action returns when the board has confirmed.
        await world.switch("turn_on")
        assert board.led == "1"
        assert await world.shown("switch", "led") == "on"
        board.push(True)
        await world.until("binary_sensor", "button", "on")
        board.push(False)
        await world.until("binary_sensor", "button", "off")
        board.shine(100)
        await world.until("sensor", "light", "100")

        # The broker is killed: the session stays the same, and the LED keeps its state.
        await world.broker.child.kill()
        await world.until("switch", "led", "unavailable")
        await world.broker.start()
        await world.until("switch", "led", "on")
        board.push(True)
        await world.until("binary_sensor", "button", "on")
        board.push(False)
        await world.switch("turn_off")
        assert board.led == "0"
        assert board.sessions() == [session]

        # Its Wi-Fi goes: the broker hears nothing, and sends the will. A process cannot lose its network alone, so it
        # is stopped for as long as the broker waits, and finds its connection closed.
        board.wifi(there=False)
        board.child.signal(signal.SIGSTOP)
        await world.until("switch", "led", "unavailable")
        board.child.signal(signal.SIGCONT)
        await until("log", board.log, lambda log: "no Wi-Fi" in log)
        board.wifi(there=True)
        await world.until("switch", "led", "off")
        assert board.sessions() == [session]
        assert (board.folder / "fed").exists()

    # Power is cut without DISCONNECT and restored: same name, new session.
    async with board.child:
        await board.child.kill()
        await world.until("switch", "led", "unavailable")
        (board.folder / "pin0").unlink()
        await board.child.start()
        await world.until("switch", "led", "off")
        assert board.sessions()[-1].startswith("capteur01;")
        assert board.sessions()[-1] > session

        # Ctrl-C at its console makes it leave.
        board.child.signal(signal.SIGINT)
        await until("log", board.log, lambda log: log.endswith("left\n"))
        await world.until("binary_sensor", "connectivity", "off")

    # With directed topics it is the same board.
    directed = Firmware(
        micropython, tmp_path / "directed", world.broker, OWN_TOPICS=True
    )
    async with directed.child:
        await world.until("switch", "led", "off")
        await world.switch("turn_on")
        assert directed.led == "1"
        assert directed.sessions()[0].startswith("capteur01;")

    assert await network_figure(world.home_assistant, "messages_discarded") == 0
