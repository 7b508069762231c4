"""Test of many boards and many faults, with a real Home Assistant and a real broker."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random
import re
import time

import aiohttp
import pytest

from demo.broker import Broker
from demo.check import RAISED
from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.proof import until
from demo.truth import differences, entities, set_up
from simulator.boards import (
    Board,
    BoardKind,
    Broker as Address,
    Fleet,
    environment,
    macs,
)
from simulator.mqtt.client import Connection
from tests.esp32_sensors.first_server import make

BOARDS = 200
FAULT_SECONDS = 45
QUIET_SECONDS = 30
"""Allowed: one reporting interval (2 s) and 15 s; boards without power need time to join."""

SPARES = 6
"""Boards that replace others in the middle of the faults, right before Home Assistant is killed."""

NEW_BOARDS = 5
"""Boards of the first server that were never seen here, taken over in the middle of the faults."""

OPTIONS = "/api/config/config_entries/options/flow"

GARBAGE = [
    b"",
    b";",
    b";;;;",
    b"\xff\xfe\x00",
    b"capteur01",
    b"capteur01;1;1",
    b"capteur01;9999999999.999999;1",
    b"61:EC:ED:3B:25",
    b"x" * 70_000,
    "é;\N{GRINNING FACE};٣".encode(),
    b"{{ 1/0 }};<script>alert(1)</script>;1",
]
TOPICS = [
    "state/join",
    "state/leave",
    "led/status",
    "button/status",
    "photoresistor/status",
    "led/command",
    "state/nameAssign",
]

ERROR = re.compile(r" (ERROR|CRITICAL) .*(esp32_sensors|mqtt)")
BROKER_GONE = re.compile(
    r"\[homeassistant\.components\.mqtt\.\w+\] "
    r"(Failed to connect to MQTT server|Unable to connect to the MQTT broker|Error talking to MQTT)"
    r"|\[paho\.mqtt\.client\] failed to receive on socket: .*(Connection reset by peer|Broken pipe)"
)
"""Log messages of Home Assistant's MQTT integration and its client about a lost broker.

The client says so of a failed write too: a pipe is broken at the second write after the broker has gone, if a busy machine
lets Home Assistant write twice before it reads.
"""


def make_boards(broker: Broker, random: Random) -> list[Board]:
    """Return boards of both kinds and both versions of MQTT, some on directed topics."""
    boards = []
    for index, mac in enumerate(macs(BOARDS)):
        light = random.randint(0, 100)
        boards.append(
            Board(
                mac,
                Address(broker.host, broker.port, protocol=5 if index % 2 else 4),
                kind=BoardKind.DOCUMENT if index % 4 < 2 else BoardKind.FIELD,
                directed=index % 10 == 0,
                light=partial(int, light),
            )
        )
    return boards


class RandomFaults:
    """Random users and faults, until stopped."""

    def __init__(
        self,
        home_assistant: HomeAssistant,
        boards: list[Board],
        spares: list[Board],
        random: Random,
    ) -> None:
        """Initialize; ``run`` starts everything.

        Boards are replaced by ``spares``, which have joined. ``boards`` are then those
        that are in use.
        """
        self.home_assistant = home_assistant
        self.boards = boards
        self.spares = spares
        self.replaced: dict[str, str] = {}
        """The MAC of the board whose place each spare has taken, by its own.

        If another spare had it before, it is still the MAC of the first.
        """
        self.random = random
        self.counts: Counter[str] = Counter()
        self.unexpected: list[str] = []
        self._switches: dict[str, str] = {}

    async def run(self, broker: Broker) -> None:
        """Run all faults at once; everything is restored in the end."""
        self._switches = await entities(self.home_assistant, "switch", "led")
        self._end = time.monotonic() + FAULT_SECONDS
        await asyncio.gather(
            *(self._switch_leds() for _ in range(4)),
            *(self._push_buttons() for _ in range(4)),
            *(self._interrupt_boards() for _ in range(4)),
            self._publish_garbage(broker),
            self._outages(broker),
        )

    @property
    def _goes_on(self) -> bool:
        return time.monotonic() < self._end

    async def _switch_leds(self) -> None:
        """Switch LEDs in Home Assistant; errors are expected for offline boards and during restarts."""
        while self._goes_on:
            entity = self._switches[self.random.choice(self.boards).mac]
            action = self.random.choice(["turn_on", "turn_off"])
            try:
                await self.home_assistant.call("switch", action, entity_id=entity)
            except (
                aiohttp.ClientError,
                AssertionError,
                RuntimeError,
                OSError,
            ) as error:
                self.counts[f"switch refused: {type(error).__name__}"] += 1
            else:
                self.counts["switched"] += 1
            await asyncio.sleep(self.random.uniform(0, 0.3))

    async def _push_buttons(self) -> None:
        while self._goes_on:
            board = self.random.choice(self.boards)
            if board.started:
                await environment.push(board)
                self.counts["pushed"] += 1
            await asyncio.sleep(self.random.uniform(0, 0.3))

    async def _interrupt_boards(self) -> None:
        while self._goes_on:
            board = self.random.choice(self.boards)
            if board.started:
                self.counts["interrupted"] += 1
                try:
                    await environment.interrupt(board, self.random, 3)
                except OSError:
                    # The broker was gone before the board could disconnect.
                    board.restart()
            await asyncio.sleep(self.random.uniform(0, 1))

    async def _publish_garbage(self, broker: Broker) -> None:
        """Publish random messages on all topics, also in the name of others."""
        while self._goes_on:
            try:
                connection = await Connection.open(
                    Address(broker.host, broker.port), "foreign", lambda _: None
                )
                while self._goes_on:
                    board = self.random.choice(self.boards)
                    said = [*GARBAGE, f"{board.name};1743946777.603371;1".encode()]
                    topic = self.random.choice(TOPICS[:5])
                    if self.random.random() < 0.3:
                        topic += f"/{board.mac}"
                    connection.send(topic, self.random.choice(said), 0)
                    self.counts["garbage"] += 1
                    await asyncio.sleep(0.05)
                connection.disconnect()
            except OSError:
                await asyncio.sleep(0.5)

    async def _outages(self, broker: Broker) -> None:
        """Kill the broker, then Home Assistant, then the broker again."""
        await asyncio.sleep(FAULT_SECONDS / 4)
        await self._kill_broker(broker)
        await asyncio.sleep(FAULT_SECONDS / 4)
        await self._replace_boards()
        await self.home_assistant.kill()
        await self.home_assistant.start()
        self.counts["Home Assistant killed"] += 1
        await take_over(self.home_assistant, self.boards)
        self._end = max(self._end, time.monotonic() + FAULT_SECONDS / 4)
        await asyncio.sleep(FAULT_SECONDS / 8)
        await self._kill_broker(broker)

    async def _replace_boards(self) -> None:
        """Cut the power of boards and let the spares take their places.

        What happens to them at that moment may switch them on again. The last spare
        takes the place of another one, so that one place is taken twice.
        """
        for spare in self.spares:
            await spare.until_started()
            at = self.random.randrange(len(self.boards))
            board = self.boards.pop(-1 if spare is self.spares[-1] else at)
            board.cut()
            led = self._switches[board.mac]
            await self.home_assistant.call(
                "esp32_sensors", "replace_board", entity_id=led, new_mac=spare.mac
            )
            self._switches[spare.mac] = led
            self.replaced[spare.mac] = self.replaced.get(board.mac, board.mac)
            self.boards.append(spare)

    async def _kill_broker(self, broker: Broker) -> None:
        await broker.child.kill()
        await asyncio.sleep(1)
        await broker.start()
        self.counts["broker killed"] += 1


async def take_over(home_assistant: HomeAssistant, boards: list[Board]) -> None:
    """Take over a database of the first server: boards that are known, and new ones."""
    entries = await home_assistant.get("/api/config/config_entries/entry")
    (entry,) = [entry for entry in entries if entry["domain"] == "esp32_sensors"]
    rows = [
        {"name": f"known {board.mac[-5:]}", "mac_address": board.mac}
        for board in boards
    ]
    rows += [
        {"name": f"first {number}", "mac_address": mac}
        for number, mac in enumerate(macs(NEW_BOARDS, 10_001))
    ]
    path = make(home_assistant.folder / "db.sqlite3", rows)
    authorization = {"Authorization": f"Bearer {home_assistant.tokens['access_token']}"}
    async with aiohttp.ClientSession(
        home_assistant.url, headers=authorization
    ) as session:
        data = aiohttp.FormData({"file": path.open("rb")})
        async with session.post("/api/file_upload", data=data) as answer:
            file_id = (await answer.json())["file_id"]
    step = await home_assistant.post(OPTIONS, {"handler": entry["entry_id"]})
    flow = f"{OPTIONS}/{step['flow_id']}"
    await home_assistant.post(flow, {"next_step_id": "first_server"})
    step = await home_assistant.post(flow, {"file": file_id})
    assert step["step_id"] == "take_over"
    step = await home_assistant.post(flow, {})
    assert step["description_placeholders"]["added"] == str(NEW_BOARDS)


@pytest.mark.timeout(900)
async def test_two_hundred_boards_with_random_faults(
    mosquitto: str, tmp_path: Path
) -> None:
    """After all faults, Home Assistant shows the values of all boards, and no name is used twice."""
    random = Random(1)
    async with AsyncExitStack() as exits:
        broker = Broker(tmp_path / "broker", free_port(), "mosquitto")
        await broker.start()
        exits.push_async_callback(broker.stop)
        home_assistant = HomeAssistant(tmp_path / "config", free_port())
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        await set_up(home_assistant, broker)

        fleet = Fleet(make_boards(broker, random))
        await exits.enter_async_context(fleet)
        boards = list(fleet.boards)
        async with asyncio.timeout(90):
            await fleet.until_started()
        await until(
            "differences",
            lambda: differences(home_assistant, boards),
            lambda found: not found,
        )
        names = {board.mac: board.name for board in boards}
        assert len(set(names.values())) == BOARDS

        address = Address(broker.host, broker.port)
        spares = [
            # Constant light: otherwise its value may change while it is compared.
            Board(mac, address, kind=kind, light=partial(int, 50))
            for mac, kind in zip(macs(SPARES, 5001), cycle(BoardKind), strict=False)
        ]
        await exits.enter_async_context(Fleet(spares))
        faults = RandomFaults(home_assistant, boards, spares, random)
        await faults.run(broker)
        for board in boards:
            # A spare has the name of the board that it has replaced from now on.
            if board in spares or (not board.started and not board.connected):
                board.restart()
        async with asyncio.timeout(90):
            for board in boards:
                await board.until_started()
        await until(
            f"differences after {dict(faults.counts)}",
            lambda: differences(home_assistant, boards),
            lambda found: not found,
            QUIET_SECONDS,
        )

        assert {
            faults.replaced.get(board.mac, board.mac): board.name for board in boards
        } == names
        assert len(faults.replaced) == SPARES
        known = await entities(home_assistant, "switch", "led")
        assert len(known) == BOARDS + NEW_BOARDS
        for board in boards:
            sessions = [session.session_id for session in board.assignments]
            assert sessions == sorted(sessions), "ids only grow"
            assert not board.not_as_agreed
            assert not board.crashes
            assert not board.gave_up
        assert not [
            line
            for line in home_assistant.log().splitlines()
            if RAISED.search(line)
            or (ERROR.search(line) and not BROKER_GONE.search(line))
        ]
        assert faults.counts["broker killed"] == 2
        assert faults.counts["Home Assistant killed"] == 1
