"""Tests of the simulated boards, over a real broker."""

import asyncio

import aiomqtt
import pytest

from simulator.boards import Board, BoardKind, Broker, Timing
from simulator.boards.behaviour import QOS
from tests.simulator.boards.conftest import BOTH, MAC, QUICK, Server, living
from tests.simulator.conftest import Mosquitto, until


@BOTH
@pytest.mark.parametrize("protocol", [4, 5])
async def test_joins_and_starts(
    mosquitto: Mosquitto, server: Server, kind: BoardKind, protocol: int
) -> None:
    """A board joins, reconnects, starts its session, and reports LED and light at once."""
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
        started = {
            ("state/join", "capteur01;1.000000", join_qos),
            ("led/status", "capteur01;1.000000;0", 1),
            ("photoresistor/status", "capteur01;1.000000;58", 0),
        }
        if kind is BoardKind.DOCUMENT:
            info = "capteur01;1.000000;Simulated board;1.0.0"
            started.add(("state/info", info, 0))
        assert set(server.heard[2:]) == started
        await until(lambda: len(server.payloads("photoresistor/status")) > 2)
        assert board.light == 58


async def test_field_board_repeats_its_join(
    mosquitto: Mosquitto, server: Server
) -> None:
    """A field board repeats its join until it gets an assignment."""
    server.assign = False
    timing = Timing(join=0.1, reconnect=0.1, light=0.05, button=0.02, keepalive=2)
    async with living(mosquitto, timing=timing) as board:
        await until(lambda: len(server.payloads("state/join")) >= 3)
        await server.name("state/join", MAC)
        await board.until_started()


async def test_field_board_keeps_the_last_answer(
    mosquitto: Mosquitto, server: Server
) -> None:
    """With two assignments for two joins, a field board uses the one that it reads last."""
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
        # An assignment during a session is received and ignored.
        await server.name("state/join", MAC)
        await until(lambda: len(board.assignments) == 3)
        assert board.session_id == "2.000000"


async def test_document_board_starts_over_without_an_answer(
    mosquitto: Mosquitto, server: Server
) -> None:
    """Without an answer a document board joins again, once per connection."""
    server.assign = False
    timing = Timing(patience=0.1, reconnect=0.05, light=0.05, keepalive=2)
    async with living(mosquitto, BoardKind.DOCUMENT, timing=timing) as board:
        await until(lambda: len(server.payloads("state/join")) >= 2)
        server.assign = True
        await board.until_started()


async def test_takes_only_its_own(mosquitto: Mosquitto, server: Server) -> None:
    """A board accepts assignments for its MAC, and commands for its name and session."""
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
    """A field board answers every command, a document board reports changes only."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        for value in "110":
            await server.command(f"capteur01;1.000000;{value}")
        expected = "0110" if kind is BoardKind.FIELD else "010"
        await until(lambda: len(server.payloads("led/status")) == len(expected))
        assert board.commands == [True, True, False]
        assert server.payloads("led/status") == [
            f"capteur01;1.000000;{value}" for value in expected
        ]
        assert board.led is False


@BOTH
async def test_commands_with_other_options(
    mosquitto: Mosquitto, server: Server, kind: BoardKind
) -> None:
    """Commands with another QoS or the retain flag are executed and counted."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        await server.command("capteur01;1.000000;1")
        await until(lambda: board.commands == [True])
        assert not board.not_as_agreed

        await server.client.publish("led/command", "capteur01;1.000000;0", qos=0)
        await until(lambda: board.commands == [True, False])
        assert board.not_as_agreed == {("led/command", 0, False): 1}
        # Only a client that subscribes afterwards gets a message with the retain flag.
        await server.client.publish("led/command", "nobody", qos=1, retain=True)
        board.restart()
        await board.until_started()
        await until(lambda: len(board.not_as_agreed) == 2)
        assert board.not_as_agreed["led/command", 1, True] == 1


@BOTH
async def test_button(mosquitto: Mosquitto, server: Server, kind: BoardKind) -> None:
    """Push and release are reported; a field board misses a push that is too short."""
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
    """A button held while the board is offline is reported after its return."""
    async with living(mosquitto) as board:
        await board.until_started()
        board.drop()
        await until(lambda: not board.connected)
        await board.push()
        await until(lambda: server.payloads("button/status"))
        assert server.payloads("button/status") == ["capteur01;1.000000;1"]


@BOTH
async def test_power_loss_and_will(
    mosquitto: Mosquitto, server: Server, kind: BoardKind
) -> None:
    """Without power the broker publishes the last will; with power the board joins again."""
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
    """After a broken connection a field board keeps its session, although its will was sent."""
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


async def test_broken_connection_of_a_document_board(
    mosquitto: Mosquitto, server: Server
) -> None:
    """After a broken connection a document board starts a new session, with its LED unchanged."""
    async with living(mosquitto, BoardKind.DOCUMENT) as board:
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
    """A power cycle sends the will and a new join; the old session can still publish."""
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
async def test_regular_disconnect(
    mosquitto: Mosquitto, server: Server, kind: BoardKind
) -> None:
    """A regular disconnect sends one leave message, and no will."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        await board.leave()
        await until(lambda: server.payloads("state/leave"))
        await asyncio.sleep(0.2)
        assert server.payloads("state/leave") == ["capteur01;1.000000"]
        assert not board.connected
        board.restart()
        await board.until_started()


@pytest.mark.parametrize("prefix", ["user/", "user"])
async def test_prefix_and_directed_topics(
    mosquitto: Mosquitto, server: Server, prefix: str
) -> None:
    """A prefix and directed topics apply to all topics in both directions."""
    async with living(
        mosquitto, BoardKind.DOCUMENT, prefix=prefix, directed=True
    ) as board:
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
                "state/info",
                "led/command",
                *(topic for topic in QOS if topic.endswith("/status")),
            )
        }


async def test_broker_away_and_back(mosquitto: Mosquitto) -> None:
    """A field board keeps its session if the broker is back soon."""
    slow = Timing(reconnect=1, light=0.05, button=0.02, keepalive=2)
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        server = Server(client)
        task = asyncio.create_task(server.run())
        await until(server.subscribed.is_set)
        async with living(mosquitto, timing=slow) as board:
            await board.until_started()
            await mosquitto.stop()
            await until(lambda: not board.connected)
            with pytest.raises(aiomqtt.MqttError):
                await task
            await mosquitto.start()
            await until(lambda: board.started)
            assert board.session_id == "1.000000"


async def test_many_boards(mosquitto: Mosquitto, server: Server) -> None:
    """Fifty boards run in one process, each with its own session."""
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
    """Two boards with one MAC are both served while the broker can distinguish them."""
    async with living(mosquitto) as one, living(mosquitto) as two:
        await asyncio.gather(one.until_started(), two.until_started())
        assert one.connected and two.connected
        assert one.mac == two.mac and one.name == two.name


async def test_field_board_gives_up(mosquitto: Mosquitto) -> None:
    """After three failed connections a field board stays offline until a power cycle."""
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        server = Server(client)
        task = asyncio.create_task(server.run())
        await until(server.subscribed.is_set)
        async with (
            living(mosquitto) as board,
            living(mosquitto, BoardKind.DOCUMENT) as other,
        ):
            await asyncio.gather(board.until_started(), other.until_started())
            await mosquitto.stop()
            await until(lambda: board.gave_up)
            assert not other.gave_up
            with pytest.raises(aiomqtt.MqttError):
                await task
            await mosquitto.start()
            await until(lambda: other.connected)
            await asyncio.sleep(0.5)
            assert not board.connected
            board.restart()
            await until(lambda: board.connected)
            assert not board.gave_up


@pytest.mark.parametrize("topic", ["state/nameAssign", "led/command"])
@BOTH
async def test_empty_message(
    mosquitto: Mosquitto, server: Server, kind: BoardKind, topic: str
) -> None:
    """An empty message restarts a field board, which joins anew; a document board ignores it."""
    async with living(mosquitto, kind) as board:
        await board.until_started()
        await server.command(f"{board.session};1")
        await until(lambda: board.led)
        await server.client.publish(topic, b"", qos=1)
        if kind is BoardKind.FIELD:
            await until(lambda: board.crashes == 1)
            await until(lambda: board.started and board.session_id == "2.000000")
            assert not board.led
        else:
            await server.command(f"{board.session};0")
            await until(lambda: not board.led)
            assert (board.crashes, board.session_id) == (0, "1.000000")


@BOTH
async def test_will_with_a_prefix(
    mosquitto: Mosquitto, server: Server, kind: BoardKind
) -> None:
    """The will of a field board uses the topic without prefix; its own messages use the prefix."""
    async with living(mosquitto, kind, prefix="user/") as board:
        await board.until_started()
        board.cut()
        topic = "state/leave" if kind is BoardKind.FIELD else "user/state/leave"
        await until(lambda: server.payloads(topic) == ["capteur01;1.000000"])
        board.restart()
        await board.until_started()
        await board.leave()
        await until(lambda: "capteur01;2.000000" in server.payloads("user/state/leave"))


def test_field_board_has_no_login() -> None:
    """A field board uses MQTT 3.1.1 without login and client id."""
    broker = Broker(username="boards", password="secret", protocol=5)
    assert Board(MAC, broker).broker == Broker(protocol=4)
    assert Board(MAC, broker, kind=BoardKind.DOCUMENT).broker == broker
