"""Faults of everything around Home Assistant while LEDs are switched: lost data, wrong states, time of recovery."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
import signal
import tempfile

from hass_client.exceptions import BaseHassClientError

from demo.processes import free_port
from demo.truth import entities
from simulator.mqtt.client import Broker as Address
from simulator.network import Network
from simulator.networks import NETWORKS

from .figures import Section, Spread, write
from .ground.bad_line import BadLine, Weather, usable
from .ground.far_broker import FarBroker, full, small_disk
from .ground.house import PATIENCE, House, house
from .ground.wrong_clock import WrongClock

BOARDS = 20
SECONDS = 10.0
"""Duration of a fault that does not end by itself."""
_AN_ANSWER = 20.0
"""Timeout in seconds of a command."""


@dataclass
class Ground:
    """The running system, and its faults."""

    house: House
    line: BadLine
    disk: Path
    clock: WrongClock
    commands: Counter[str] = field(default_factory=Counter)
    devices: dict[str, str] = field(default_factory=dict)
    """The device of each board, by MAC."""

    async def weather(self, weather: Weather) -> None:
        """Disturb the network for a while."""
        self.line.weather = weather
        await asyncio.sleep(SECONDS)
        self.line.weather = Weather()

    async def broker_killed(self) -> None:
        """Kill the broker, and start it again."""
        await self.house.broker.child.kill()
        await asyncio.sleep(1)
        await self.house.broker.start()

    async def broker_frozen(self) -> None:
        """Stop the broker for a while; its connections stay open."""
        self.house.broker.child.signal(signal.SIGSTOP)
        await asyncio.sleep(SECONDS)
        self.house.broker.child.signal(signal.SIGCONT)

    async def disk_full(self) -> None:
        """Fill the broker's disk, and kill the broker."""
        with full(self.disk):
            await asyncio.sleep(SECONDS)
            await self.broker_killed()

    async def clock_set(self, seconds: int) -> None:
        """Set Home Assistant's clock wrong for a while; some boards begin sessions meanwhile."""
        with self.clock.wrong(seconds):
            await asyncio.sleep(SECONDS / 2)
            for board in self.house.boards[::4]:
                board.restart()
            await asyncio.sleep(SECONDS / 2)

    async def home_assistant_killed(self) -> None:
        """Kill Home Assistant, and start it again."""
        await self.house.home_assistant.kill()
        await self.house.home_assistant.start()

    async def storage_cut(self) -> None:
        """Kill Home Assistant, and truncate its files of readings, LEDs, node and archive to half."""
        await self._cut(
            ".storage/esp32_sensors.*.values",
            ".storage/esp32_sensors.*.leds",
            ".storage/battery_thermal.*",
            "battery_thermal.db",
        )

    async def sessions_cut(self) -> None:
        """Truncate the file of names and sessions likewise; then restart all boards, because they join only once."""
        await self._cut(".storage/esp32_sensors.*.sessions")
        for board in self.house.boards:
            board.restart()

    async def _cut(self, *patterns: str) -> None:
        """Kill Home Assistant, truncate the files that match the patterns, and start it again."""
        await self.house.home_assistant.kill()
        for pattern in patterns:
            files = list(self.house.home_assistant.folder.glob(pattern))
            if not files:
                raise FileNotFoundError(pattern)
            for file in files:
                content = file.read_bytes()
                file.write_bytes(content[: len(content) // 2])
        await self.house.home_assistant.start()

    async def person(self) -> None:
        """Switch LEDs until cancelled; Home Assistant's answers have to be true."""
        random = Random(1)
        while True:
            await asyncio.sleep(random.uniform(0.1, 0.5))
            board, on = random.choice(self.house.boards), random.random() < 0.5
            try:
                # As a dashboard does: its connection outlasts its login, which a wrong clock ends.
                async with asyncio.timeout(_AN_ANSWER):
                    await self.house.home_assistant.command(
                        "call_service",
                        domain="esp32_sensors",
                        service="set_led",
                        service_data={"device_id": self.devices[board.mac], "led": on},
                    )
            except asyncio.CancelledError:
                # The connection ended without an answer, or the command timed out.
                if (task := asyncio.current_task()) and task.cancelling():
                    raise
                self.commands["refused"] += 1
                continue
            except BaseHassClientError, AssertionError, RuntimeError, OSError:
                self.commands["refused"] += 1
                continue
            self.commands[
                "done" if board.led is on else "said to be done, and not"
            ] += 1

    async def load_devices(self) -> None:
        """Read the device of each board."""
        home_assistant = self.house.home_assistant
        devices = {
            entity["entity_id"]: entity["device_id"]
            for entity in await home_assistant.command("config/entity_registry/list")
        }
        switches = await entities(home_assistant, "switch", "led")
        self.devices = {mac: devices[switch] for mac, switch in switches.items()}


type Fault = Callable[[Ground], Awaitable[None]]

FAULTS: dict[str, Fault] = {
    "nothing": lambda ground: asyncio.sleep(SECONDS),
    "broker killed and started": Ground.broker_killed,
    f"broker frozen for {SECONDS:.0f} s": Ground.broker_frozen,
    f"broker's disk full for {SECONDS:.0f} s, then killed and started": Ground.disk_full,
    "packets 300 ms late, 100 ms more or less, so that they overtake": lambda ground: (
        ground.weather(Weather(delay=0.3, jitter=0.1))
    ),
    "one packet in ten lost": lambda ground: ground.weather(Weather(loss=0.1)),
    f"network cut for {SECONDS:.0f} s": lambda ground: ground.weather(
        Weather(cut=True)
    ),
    f"Home Assistant's clock an hour fast for {SECONDS:.0f} s, a quarter of the boards switched off and on meanwhile": (
        lambda ground: ground.clock_set(3600)
    ),
    f"Home Assistant's clock an hour slow for {SECONDS:.0f} s, likewise": lambda ground: (
        ground.clock_set(-3600)
    ),
    "Home Assistant killed and started": Ground.home_assistant_killed,
    "Home Assistant killed, its files of readings, LEDs, node and archive cut in half, and started": Ground.storage_cut,
    "Home Assistant killed, its file of names and sessions cut in half, and started; then all boards switched off and on": (
        Ground.sessions_cut
    ),
}


@dataclass
class Result:
    """Results of all occurrences of a fault."""

    seconds: list[float] = field(default_factory=list)
    images: list[float] = field(default_factory=list)
    """Images sent after each occurrence until one was shown correctly."""
    renamed: int = 0
    commands: Counter[str] = field(default_factory=Counter)


async def measure(runs: int, kind: type[Network], results: dict[str, Result]) -> None:
    """Apply each fault ``runs`` times, with a network server. Raises if anything is still wrong after the time limit."""
    line = BadLine("faults")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with small_disk(folder / "disk") as disk:
            async with line.laid():
                broker = FarBroker(folder / "broker", free_port(), line, disk)
                await broker.start()
                try:
                    clock = WrongClock(folder)
                    network = kind(broker=Address(broker.host, broker.port))
                    async with house(
                        BOARDS, broker, clock=clock, network=network
                    ) as built:
                        ground = Ground(built, line, disk, clock)
                        await ground.load_devices()
                        for _ in range(runs):
                            for name, fault in FAULTS.items():
                                of = results[f"{kind.title}: {name}"]
                                await _break(ground, fault, of)
                finally:
                    await broker.stop()


async def _break(ground: Ground, fault: Fault, result: Result) -> None:
    ground.commands.clear()
    person = asyncio.create_task(ground.person())
    await fault(ground)
    person.cancel()
    await asyncio.wait([person])
    if not person.cancelled():
        person.result()
    result.seconds.append(await ground.house.until_right())
    result.images.append(await ground.house.image())
    result.renamed += ground.house.renamed()
    ground.house.note_names()
    result.commands += ground.commands


def main(runs: int) -> None:
    """Measure and write the section."""
    if not usable():
        print("  left out: needs root and /dev/net/tun")
        return
    results: dict[str, Result] = defaultdict(Result)
    for kind in NETWORKS.values():
        asyncio.run(measure(runs, kind, results))
    rows = [
        [
            name,
            len(result.seconds),
            Spread(result.seconds, "s"),
            Spread(result.images, "", 0),
            result.renamed,
            result.commands.total(),
            result.commands["done"],
            result.commands["refused"],
            result.commands["said to be done, and not"],
        ]
        for name, result in results.items()
    ]
    write(
        Section(
            "When things break",
            f"{BOARDS} boards that behave as published boards do (they pause 5 s before they connect again), and a battery"
            f" node, on a network server: {', '.join(kind.title for kind in NETWORKS.values())}. ChirpStack uses the boards' broker. Mosquitto is in its own network namespace, with its data on a disk of 1 MB. A program delays, loses and"
            " reorders the packets between it and all others, as `tc netem` does. Meanwhile LEDs are switched: a command is"
            " *done* when the board's LED has the state that Home Assistant shows, and *refused* when Home Assistant has"
            " reported an error. *Right again* is the time from the end of the fault until every entity of every board"
            " shows the true state. After that the node sends images, each warmer or colder than the one before, until a"
            " new one is shown with correct minimum, maximum and pixels. If none of ten is, or if anything is wrong after"
            f" {PATIENCE:.0f} s, the benchmark ends without a figure. Without the file of names and"
            " sessions, boards get back the names that they had when they join again.",
            [
                "fault",
                "times",
                "right again after",
                "images sent until one was right",
                "boards with another name than before",
                "commands",
                "done",
                "refused",
                "said to be done, and not",
            ],
            rows,
            runs,
        )
    )
