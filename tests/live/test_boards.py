"""Boards by the hundred, with everything going wrong, in a real Home Assistant on a real broker."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from functools import partial
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
from simulator.boards import Board, BoardKind, Broker as Address, Fleet, antics, macs
from simulator.mqtt.client import Connection

BOARDS = 200
STORM_SECONDS = 45
QUIET_SECONDS = 30
"""One reporting interval (2 s) and 15 s are allowed; boards that were just unplugged need their own time to join."""

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
    r"|\[paho\.mqtt\.client\] failed to receive on socket: .*Connection reset by peer"
)
"""What Home Assistant's own MQTT integration, and the client in it, have to say of a broker that died."""


def make_boards(broker: Broker, random: Random) -> list[Board]:
    """Return boards of both kinds and both versions of MQTT, some of them on topics of their own."""
    boards = []
    for index, mac in enumerate(macs(BOARDS)):
        light = random.randint(0, 100)
        boards.append(
            Board(
                mac,
                Address(broker.host, broker.port, protocol=5 if index % 2 else 4),
                kind=BoardKind.IDEAL if index % 4 < 2 else BoardKind.FIELD,
                directed=index % 10 == 0,
                light=partial(int, light),
            )
        )
    return boards


class Storm:
    """People and accidents, until it is over."""

    def __init__(
        self, home_assistant: HomeAssistant, boards: list[Board], random: Random
    ) -> None:
        """Prepare; nothing happens before ``run``."""
        self.home_assistant = home_assistant
        self.boards = boards
        self.random = random
        self.happened: Counter[str] = Counter()
        self.unexpected: list[str] = []
        self._switches: dict[str, str] = {}

    async def run(self, broker: Broker) -> None:
        """Let everything happen at once; everybody is themselves again at the end."""
        self._switches = await entities(self.home_assistant, "switch", "led")
        self._end = time.monotonic() + STORM_SECONDS
        await asyncio.gather(
            *(self._person() for _ in range(4)),
            *(self._hand() for _ in range(4)),
            *(self._accidents() for _ in range(4)),
            self._vandal(broker),
            self._catastrophes(broker),
        )

    @property
    def _goes_on(self) -> bool:
        return time.monotonic() < self._end

    async def _person(self) -> None:
        """Switch LEDs in Home Assistant; offline boards and a Home Assistant that is away are errors a person sees."""
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
                self.happened[f"switch refused: {type(error).__name__}"] += 1
            else:
                self.happened["switched"] += 1
            await asyncio.sleep(self.random.uniform(0, 0.3))

    async def _hand(self) -> None:
        while self._goes_on:
            board = self.random.choice(self.boards)
            if board.started:
                await antics.push(board)
                self.happened["pushed"] += 1
            await asyncio.sleep(self.random.uniform(0, 0.3))

    async def _accidents(self) -> None:
        while self._goes_on:
            board = self.random.choice(self.boards)
            if board.started:
                self.happened["mishap"] += 1
                try:
                    await antics.mishap(board, self.random, 3)
                except OSError:
                    # It wanted to say goodbye, and the broker was gone.
                    board.restart()
            await asyncio.sleep(self.random.uniform(0, 1))

    async def _vandal(self, broker: Broker) -> None:
        """Say anything on any topic, and speak in others' names."""
        while self._goes_on:
            try:
                connection = await Connection.open(
                    Address(broker.host, broker.port), "vandal", lambda _: None
                )
                while self._goes_on:
                    board = self.random.choice(self.boards)
                    said = [*GARBAGE, f"{board.name};1743946777.603371;1".encode()]
                    topic = self.random.choice(TOPICS[:5])
                    if self.random.random() < 0.3:
                        topic += f"/{board.mac}"
                    connection.send(topic, self.random.choice(said), 0)
                    self.happened["garbage"] += 1
                    await asyncio.sleep(0.05)
                connection.disconnect()
            except OSError:
                await asyncio.sleep(0.5)

    async def _catastrophes(self, broker: Broker) -> None:
        """Kill the broker, then Home Assistant, then the broker again."""
        await asyncio.sleep(STORM_SECONDS / 4)
        await self._broker_dies(broker)
        await asyncio.sleep(STORM_SECONDS / 4)
        await self.home_assistant.kill()
        await self.home_assistant.start()
        self.happened["Home Assistant killed"] += 1
        self._end = max(self._end, time.monotonic() + STORM_SECONDS / 4)
        await asyncio.sleep(STORM_SECONDS / 8)
        await self._broker_dies(broker)

    async def _broker_dies(self, broker: Broker) -> None:
        await broker.child.kill()
        await asyncio.sleep(1)
        await broker.start()
        self.happened["broker killed"] += 1


@pytest.mark.timeout(400)
async def test_two_hundred_boards_in_a_storm(mosquitto: str, tmp_path: Path) -> None:
    """After everything went wrong, Home Assistant shows what the boards are, and nobody has another's name."""
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

        storm = Storm(home_assistant, boards, random)
        await storm.run(broker)
        for board in boards:
            if not board.started and not board.connected:
                board.restart()
        async with asyncio.timeout(90):
            await fleet.until_started()
        await until(
            f"differences after {dict(storm.happened)}",
            lambda: differences(home_assistant, boards),
            lambda found: not found,
            QUIET_SECONDS,
        )

        assert {board.mac: board.name for board in boards} == names
        for board in boards:
            sessions = [session.session_id for session in board.assignments]
            assert sessions == sorted(sessions), "ids only grow"
            assert not board.not_as_agreed
        assert not [
            line
            for line in home_assistant.log().splitlines()
            if RAISED.search(line)
            or (ERROR.search(line) and not BROKER_GONE.search(line))
        ]
        assert storm.happened["broker killed"] == 2
        assert storm.happened["Home Assistant killed"] == 1
