"""Tests of brokers that support QoS 1 at most, with a real Home Assistant and field boards."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from demo.broker import Broker
from demo.home_assistant import HomeAssistant
from demo.processes import Child, free_port
from demo.proof import until
from demo.truth import differences, entities, set_up
from simulator.boards import Board, BoardKind, Broker as Address, Fleet, macs
from simulator.mqtt.client import Connection
from simulator.mqtt.packets import Publish

REFUSED = "Too high QoS"
"""The log message of mosquitto when it closes a connection for a QoS."""


NATS = """\
host: 127.0.0.1
port: {port}
server_name: test
jetstream {{ store_dir: "{folder}" }}
mqtt {{ host: 127.0.0.1, port: {mqtt_port} }}
"""


class NatsServer(Broker):
    """NATS with MQTT: up to version 2.9 it closes a connection that publishes with QoS 2."""

    def __init__(self, folder: Path, port: int, program: str) -> None:
        """Write the configuration. ``folder`` is for the configuration, stored messages and the log."""
        super().__init__(folder, port, "mosquitto")
        self.name = "nats-server"
        self.protocol = 4
        configuration = folder / "nats.conf"
        configuration.write_text(
            NATS.format(port=free_port(), mqtt_port=port, folder=folder)
        )
        self.child = Child("broker", [program, "-c", str(configuration)], folder)


def mosquitto_with(folder: Path, limit: str) -> Broker:
    """Return mosquitto with an additional line in its configuration."""
    broker = Broker(folder, free_port(), "mosquitto")
    with (folder / "broker.conf").open("a") as configuration:
        configuration.write(limit)
    return broker


async def joined(
    exits: AsyncExitStack, tmp_path: Path, broker: Broker
) -> tuple[HomeAssistant, list[Board]]:
    """Start a broker and a Home Assistant; return Home Assistant when two boards have joined."""
    await broker.start()
    exits.push_async_callback(broker.stop)
    home_assistant = HomeAssistant(tmp_path / "config", free_port())
    await home_assistant.start()
    exits.push_async_callback(home_assistant.stop)
    await set_up(home_assistant, broker)
    boards = [
        Board(
            mac,
            Address(broker.host, broker.port, protocol=4),
            kind=BoardKind.FIELD,
            light=lambda: 50,
        )
        for mac in macs(2)
    ]
    await exits.enter_async_context(Fleet(boards))
    await until(
        "differences",
        lambda: differences(home_assistant, boards),
        lambda found: not found,
        90,
    )
    return home_assistant, boards


async def follows_commands(home_assistant: HomeAssistant, board: Board) -> None:
    """Switch a board's LED on from Home Assistant, and wait until it is on."""
    switches = await entities(home_assistant, "switch", "led")
    await home_assistant.call("switch", "turn_on", entity_id=switches[board.mac])
    assert board.led


@pytest.mark.timeout(300)
async def test_qos_1_at_most(mosquitto: str, tmp_path: Path) -> None:
    """Boards join and follow commands, and Home Assistant's connection is never closed."""
    broker = mosquitto_with(tmp_path / "broker", "max_qos 1\n")
    async with AsyncExitStack() as exits:
        home_assistant, boards = await joined(exits, tmp_path, broker)
        await follows_commands(home_assistant, boards[0])
        assert REFUSED not in broker.child.log.read_text()


@pytest.mark.timeout(300)
async def test_nats_server(nats_server: str, tmp_path: Path) -> None:
    """Boards join and follow commands with NATS, another broker without QoS 2."""
    broker = NatsServer(tmp_path / "broker", free_port(), nats_server)
    async with AsyncExitStack() as exits:
        home_assistant, boards = await joined(exits, tmp_path, broker)
        await follows_commands(home_assistant, boards[0])
        assert "Disconnected from MQTT" not in home_assistant.log()


@pytest.mark.timeout(300)
async def test_qos_2_where_the_broker_has_it(mosquitto: str, tmp_path: Path) -> None:
    """A join with QoS 2 is answered with QoS 2."""
    answers: list[Publish] = []
    broker = mosquitto_with(tmp_path / "broker", "")
    async with AsyncExitStack() as exits:
        await joined(exits, tmp_path, broker)
        connection = await Connection.open(
            Address(broker.host, broker.port), "listener", answers.append
        )
        await connection.subscribe([("state/nameAssign", 2)])
        connection.send("state/join", b"AA:00:00:00:00:01", 2)
        await until("answers", lambda: answers, bool)
        connection.disconnect()
    assert answers[0].qos == 2
