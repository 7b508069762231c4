"""Boards, heard through a real broker by a client that is not ours."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from random import Random
from typing import Any

import aiomqtt
import pytest

from simulator.boards import Board, BoardKind, Broker, Timing, daylight
from simulator.boards.antics import MISHAPS, mishap, push

from .conftest import Mosquitto, until

MAC = "61:EC:ED:3B:25:B1"
QUICK = Timing(
    join=0.5, reconnect=0.1, patience=1, light=0.05, button=0.02, keepalive=2
)
"""The published firmware, ten and more times as fast."""

type Heard = list[tuple[str, str, int]]


class Server:
    """The least of a server: it hears all, and assigns when told to."""

    def __init__(self, client: aiomqtt.Client) -> None:
        """Take a connected client."""
        self.client = client
        self.heard: Heard = []
        """Topic, payload and the QoS it was published with."""
        self.assign = True
        self.numbers = count(1)

    async def run(self) -> None:
        """Hear, and give every MAC the name capteur01 and a new session."""
        await self.client.subscribe("#", qos=2)
        async for message in self.client.messages:
            assert isinstance(message.payload, bytes)
            topic, payload = message.topic.value, message.payload.decode()
            self.heard.append((topic, payload, message.qos))
            if "state/join" in topic and payload.count(":") == 5 and self.assign:
                await self.name(topic, payload)

    async def name(self, topic: str, mac: str) -> None:
        """Assign."""
        answer = f"{mac};capteur01;{next(self.numbers)}.000000"
        await self.client.publish(
            topic.replace("state/join", "state/nameAssign"), answer, qos=2
        )

    async def command(self, payload: str, topic: str = "led/command") -> None:
        """Ask for a LED."""
        await self.client.publish(topic, payload, qos=1)

    def payloads(self, topic: str) -> list[str]:
        """Return what was heard on a topic."""
        return [payload for where, payload, _ in self.heard if where == topic]


@pytest.fixture
async def server(mosquitto: Mosquitto) -> AsyncGenerator[Server]:
    """Return a server on a broker."""
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        server = Server(client)
        task = asyncio.create_task(server.run())
        await asyncio.sleep(0.05)
        yield server
        task.cancel()
        with suppress(asyncio.CancelledError, aiomqtt.MqttError):
            await task


@asynccontextmanager
async def living(
    mosquitto: Mosquitto, kind: BoardKind = BoardKind.FIELD, **options: Any
) -> AsyncIterator[Board]:
    """Give a board its power."""
    options = {"timing": QUICK} | options
    broker = Broker(port=mosquitto.port, protocol=options.pop("protocol", 5))
    board = Board(MAC, broker, kind=kind, **options)
    task = asyncio.create_task(board.run())
    try:
        yield board
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


BOTH = pytest.mark.parametrize("kind", list(BoardKind))


@BOTH
@pytest.mark.parametrize("protocol", [4, 5])
async def test_joins_and_starts(
    mosquitto: Mosquitto, server: Server, kind: BoardKind, protocol: int
) -> None:
    """MAC, assignment, second connection, start, then LED and light at once."""
    async with living(mosquitto, kind, protocol=protocol, light=lambda: 58) as board:
        await board.until_started()
        await until(lambda: server.payloads("photoresistor/status"))
        await until(lambda: len(server.payloads("state/join")) == 2)
        assert board.started and board.connected
        assert (board.name, board.session_id) == ("capteur01", "1.000000")
        join_qos = 0 if kind is BoardKind.FIELD else 2
        assert server.heard[:2] == [
            ("state/join", MAC, join_qos),
            ("state/nameAssign", f"{MAC};capteur01;1.000000", 2),
        ]
        # To a subscriber of QoS 2 a start of QoS 2 may come after what followed it.
        assert set(server.heard[2:]) == {
            ("state/join", "capteur01;1.000000", join_qos),
            ("led/status", "capteur01;1.000000;0", 1),
            ("photoresistor/status", "capteur01;1.000000;58", 0),
        }
        await until(lambda: len(server.payloads("photoresistor/status")) > 2)
        assert board.light == 58


async def test_field_board_repeats_its_join(
    mosquitto: Mosquitto, server: Server
) -> None:
    """Until somebody answers."""
    server.assign = False
    timing = Timing(join=0.1, reconnect=0.1, light=0.05, button=0.02, keepalive=2)
    async with living(mosquitto, timing=timing) as board:
        await until(lambda: len(server.payloads("state/join")) == 3)
        await server.name("state/join", MAC)
        await board.until_started()


async def test_field_board_keeps_the_last_answer(
    mosquitto: Mosquitto, server: Server
) -> None:
    """Two joins under way, two answers: the one read last counts."""
    server.assign = False
    slow_loop = Timing(join=2, reconnect=0.1, light=0.05, button=0.5, keepalive=2)
    async with living(mosquitto, timing=slow_loop) as board:
        await until(lambda: server.payloads("state/join"))
        await server.name("state/join", MAC)
        await server.name("state/join", MAC)
        await board.until_started()
        assert [session.session_id for session in board.assignments] == [
            "1.000000",
            "2.000000",
        ]
        assert board.session_id == "2.000000"
        # One that comes in mid-session is heard, and no more.
        await server.name("state/join", MAC)
        await until(lambda: len(board.assignments) == 3)
        assert board.session_id == "2.000000"


async def test_ideal_board_starts_over_without_an_answer(
    mosquitto: Mosquitto, server: Server
) -> None:
    """It joins once a connection."""
    server.assign = False
    timing = Timing(patience=0.1, reconnect=0.05, light=0.05, keepalive=2)
    async with living(mosquitto, BoardKind.IDEAL, timing=timing) as board:
        await until(lambda: len(server.payloads("state/join")) == 2)
        server.assign = True
        await board.until_started()


async def test_takes_only_its_own(mosquitto: Mosquitto, server: Server) -> None:
    """Assignments by MAC, commands by name and session."""
    server.assign = False
    async with living(mosquitto) as board:
        await until(lambda: server.payloads("state/join"))
        await server.name("state/join", "00:00:00:00:00:01")
        await until(lambda: board.foreign == 1)
        await server.name("state/join", MAC)
        await board.until_started()
        for payload in (
            "capteur02;2.000000;1",
            "capteur01;1.000000;1",
            "capteur01;2.000000;2",
            "capteur01;2.000000",
        ):
            await server.command(payload)
        await until(lambda: board.foreign == 5)
        assert not board.led and not board.commands


@BOTH
async def test_led(mosquitto: Mosquitto, server: Server, kind: BoardKind) -> None:
    """Told at every change, and only then."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        for value in "110":
            await server.command(f"capteur01;1.000000;{value}")
        await until(lambda: len(server.payloads("led/status")) == 3)
        assert board.commands == [True, True, False]
        assert server.payloads("led/status") == [
            "capteur01;1.000000;0",
            "capteur01;1.000000;1",
            "capteur01;1.000000;0",
        ]
        assert board.led is False


@BOTH
async def test_told_otherwise_than_agreed(
    mosquitto: Mosquitto, server: Server, kind: BoardKind
) -> None:
    """It obeys, and counts what came in another QoS or was retained."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        await server.command("capteur01;1.000000;1")
        await until(lambda: board.commands == [True])
        assert not board.not_as_agreed

        await server.client.publish("led/command", "capteur01;1.000000;0", qos=0)
        await until(lambda: board.commands == [True, False])
        assert board.not_as_agreed == {("led/command", 0, False): 1}
        # Retained is what comes to those who subscribe after it.
        await server.client.publish("led/command", "nobody", qos=1, retain=True)
        board.restart()
        await board.until_started()
        await until(lambda: len(board.not_as_agreed) == 2)
        assert board.not_as_agreed["led/command", 1, True] == 1


@BOTH
async def test_button(mosquitto: Mosquitto, server: Server, kind: BoardKind) -> None:
    """Push and release; a field board misses what is shorter than its look."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        await board.push()
        assert board.button
        await board.release()
        pushes = ["capteur01;1.000000;1", "capteur01;1.000000;0"]
        await until(lambda: server.payloads("button/status") == pushes)
        await asyncio.gather(board.push(), board.release())
        await board.push()
        expected = 3 if kind is BoardKind.FIELD else 5
        await until(lambda: len(server.payloads("button/status")) == expected)


async def test_button_held_while_away(mosquitto: Mosquitto, server: Server) -> None:
    """Told when it is back."""
    async with living(mosquitto) as board:
        await board.until_started()
        board.drop()
        await until(lambda: not board.connected)
        await board.push()
        await until(lambda: server.payloads("button/status"))
        assert server.payloads("button/status") == ["capteur01;1.000000;1"]


@BOTH
async def test_cut_off_the_broker_speaks(
    mosquitto: Mosquitto, server: Server, kind: BoardKind
) -> None:
    """The last will; away until it has power again, and then all anew."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        await server.command("capteur01;1.000000;1")
        await until(lambda: board.led)
        board.cut()
        await until(lambda: server.payloads("state/leave"))
        qos = 0 if kind is BoardKind.FIELD else 2
        assert ("state/leave", "capteur01;1.000000", qos) in server.heard
        await asyncio.sleep(0.3)
        assert not board.connected and not board.started
        board.restart()
        await board.until_started()
        assert (board.session_id, board.led) == ("2.000000", False)


async def test_broken_connection_of_a_field_board(
    mosquitto: Mosquitto, server: Server
) -> None:
    """Its will is sent, and it goes on with its session without a join."""
    async with living(mosquitto) as board:
        await board.until_started()
        await until(lambda: server.payloads("photoresistor/status"))
        joins = len(server.payloads("state/join"))
        board.drop()
        await until(lambda: server.payloads("state/leave"))
        values = len(server.payloads("photoresistor/status"))
        await until(lambda: len(server.payloads("photoresistor/status")) > values)
        assert len(server.payloads("state/join")) == joins
        assert (board.started, board.session_id) == (True, "1.000000")


async def test_broken_connection_of_an_ideal_board(
    mosquitto: Mosquitto, server: Server
) -> None:
    """It starts from the beginning, with a new session; the LED does not care."""
    async with living(mosquitto, BoardKind.IDEAL) as board:
        await board.until_started()
        await server.command("capteur01;1.000000;1")
        await until(lambda: board.led)
        board.drop()
        await until(lambda: "capteur01;2.000000;1" in server.payloads("led/status"))
        assert board.session_id == "2.000000"


@BOTH
async def test_restart_while_connected(
    mosquitto: Mosquitto, server: Server, kind: BoardKind
) -> None:
    """A power cycle: will, new join; the old session can still speak."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        with pytest.raises(RuntimeError):
            await board.publish_stale("led/status", True)
        board.restart()
        await board.until_started()
        assert board.session_id == "2.000000"
        await board.publish_stale("led/status", True)
        await board.publish_stale("photoresistor/status", 7)
        await board.publish_stale("state/leave")
        await until(
            lambda: server.payloads("state/leave").count("capteur01;1.000000") == 2
        )
        assert "capteur01;1.000000;1" in server.payloads("led/status")
        assert "capteur01;1.000000;7" in server.payloads("photoresistor/status")


@BOTH
async def test_goodbye(mosquitto: Mosquitto, server: Server, kind: BoardKind) -> None:
    """One leave: the broker keeps the will to itself."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        await board.leave()
        await asyncio.sleep(0.2)
        assert server.payloads("state/leave") == ["capteur01;1.000000"]
        assert not board.connected
        board.restart()
        await board.until_started()


@pytest.mark.parametrize("prefix", ["user/", "user"])
async def test_prefix_and_directed_topics(
    mosquitto: Mosquitto, server: Server, prefix: str
) -> None:
    """All topics, both ways."""
    async with living(mosquitto, prefix=prefix, directed=True) as board:
        await board.until_started()
        await server.command("capteur01;1.000000;1", f"user/led/command/{MAC}")
        await until(lambda: board.led)
        await board.push()
        board.cut()
        await until(lambda: server.payloads(f"user/state/leave/{MAC}"))
        assert {topic for topic, _, _ in server.heard} == {
            f"user/{topic}/{MAC}"
            for topic in (
                "state/join",
                "state/nameAssign",
                "state/leave",
                "led/command",
                "led/status",
                "button/status",
                "photoresistor/status",
            )
        }


async def test_broker_away_and_back(mosquitto: Mosquitto) -> None:
    """A field board comes back with the session it had."""
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        server = Server(client)
        task = asyncio.create_task(server.run())
        await asyncio.sleep(0.05)
        async with living(mosquitto) as board:
            await board.until_started()
            await mosquitto.stop()
            await until(lambda: not board.connected)
            with pytest.raises(aiomqtt.MqttError):
                await task
            await mosquitto.start()
            await until(lambda: board.started)
            assert board.session_id == "1.000000"


@BOTH
async def test_whatever_happens_it_comes_back(
    mosquitto: Mosquitto, server: Server, kind: BoardKind
) -> None:
    """Thirty mishaps, and it is of use again; the button is not stuck."""
    random = Random(1)
    async with living(mosquitto, kind) as board:
        for _ in range(30):
            await mishap(board, random, seconds=0.02)
            await asyncio.sleep(random.random() / 10)
        await board.until_started()
        await push(board)
        await until(
            lambda: (
                server.payloads("button/status")[-2:]
                == [f"{board.session};1", f"{board.session};0"]
            )
        )
        await server.command(f"{board.session};1")
        await until(lambda: board.led)


@pytest.mark.parametrize("happen", MISHAPS)
async def test_mishap_before_it_has_a_session(
    mosquitto: Mosquitto, server: Server, happen: Any
) -> None:
    """While it still joins."""
    server.assign = False
    async with living(mosquitto) as board:
        await until(lambda: server.payloads("state/join"))
        await happen(board, 0.02)
        server.assign = True
        await board.until_started()


async def test_many_boards(mosquitto: Mosquitto, server: Server) -> None:
    """Fifty in one process, each with what is its own."""
    macs = [f"AA:00:00:00:00:{number:02X}" for number in range(50)]
    broker = Broker(port=mosquitto.port)
    boards = [Board(mac, broker, timing=QUICK, directed=True) for mac in macs]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(board.run()) for board in boards]
        await until(lambda: all(board.started for board in boards), 20)
        assert len({board.session_id for board in boards}) == 50
        for task in tasks:
            task.cancel()
    await until(lambda: len(server.heard) and not any(b.connected for b in boards))


async def test_two_boards_with_one_mac(mosquitto: Mosquitto, server: Server) -> None:
    """Both are served, as long as the broker can tell them apart."""
    async with (
        living(mosquitto, client_id="one") as one,
        living(mosquitto, client_id="two") as two,
    ):
        await asyncio.gather(one.until_started(), two.until_started())
        assert one.connected and two.connected
        assert one.mac == two.mac and one.name == two.name


def test_daylight_is_what_the_firmware_reports() -> None:
    """1 to 100, the same for the same seed."""
    first, second = daylight("a"), daylight("a")
    values = [first() for _ in range(1000)]
    assert (min(values), max(values)) == (1, 100)
    assert values == [second() for _ in range(1000)]
