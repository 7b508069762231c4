"""Tests of stored registries."""

import json
from typing import Any

import pytest

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core import records
from custom_components.esp32_sensors.core.board_registry import BoardRegistry
from custom_components.esp32_sensors.core.boards import Board, State
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.protocol import Credentials, Join
from custom_components.esp32_sensors.core.readings import BUTTON, KINDS, LED, LIGHT
from custom_components.esp32_sensors.core.retired import Retired
from custom_components.esp32_sensors.core.session_server import SessionServer

MAC = "61:EC:ED:3B:25:B1"
NOW = Instant(1743946777.5, 100.0)

type Files = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


@pytest.fixture
def server() -> SessionServer:
    """Return a server with a board in lower case that reported everything."""
    server = SessionServer(MOST_BOARDS)
    board = server.join(Join(MAC.lower()), MAC.lower(), NOW)
    name, session_id = board.session.name, board.session.id
    server.start(Credentials(name, session_id), MAC.lower(), NOW)
    for kind, value in ((LED, 1), (BUTTON, 1), (LIGHT, 58)):
        server.report(kind, (name, session_id, value), MAC.lower(), NOW)
    return server


def stored(registry: BoardRegistry) -> Files:
    """Return what the three files contain."""
    sessions, values, leds = (
        json.loads(json.dumps(convert(registry)))
        for convert in (
            records.sessions_as_dict,
            records.values_as_dict,
            records.leds_as_dict,
        )
    )
    return sessions, values, leds


def restored(files: Files) -> Board:
    """Return the board that is restored from three files."""
    registry = BoardRegistry(MOST_BOARDS)
    records.restore(registry, *files)
    return registry.boards[MAC]


def test_round_trip(server: SessionServer) -> None:
    """Everything but the state of the connection survives a restart."""
    before = server.registry.boards[MAC]
    files = stored(server.registry)
    board = restored(files)
    assert (board.mac, board.address, board.directed) == (MAC, MAC.lower(), True)
    assert board.joined_at == board.last_seen == NOW.utc
    assert board.session.started_at == NOW.utc
    assert board.session.state is State.OFFLINE
    assert (board.session.name, board.session.id) == (
        before.session.name,
        before.session.id,
    )
    assert [board.value(kind) for kind in (LED, BUTTON, LIGHT)] == [True, True, 58]
    for kind in KINDS:
        assert list(board.readings[kind.index]) == list(before.readings[kind.index])


def test_salt_and_numbers(server: SessionServer) -> None:
    """Ids of MACs stay the same, and session ids and default names go on."""
    registry = BoardRegistry(MOST_BOARDS)
    records.restore(registry, *stored(server.registry))
    assert registry.hidden_id(MAC) == server.registry.hidden_id(MAC)
    assert registry.hidden_id(MAC) != BoardRegistry(MOST_BOARDS).hidden_id(MAC)
    assert registry.last_session == server.registry.last_session
    assert registry.next_number == 2


def test_values_of_an_older_session(server: SessionServer) -> None:
    """Values of an older session are readings, and not the state of the new one."""
    _, values, _ = stored(server.registry)
    server.registry.open_session(server.registry.boards[MAC], NOW.utc + 1)
    sessions, _, leds = stored(server.registry)
    board = restored((sessions, values, leds))
    assert [board.value(kind) for kind in (LED, BUTTON, LIGHT)] == [None, None, None]
    assert board.session.started_at is None
    assert board.last_seen == NOW.utc
    assert list(board.readings[LIGHT.index]) == [(NOW.utc, 58)]


def test_no_values(server: SessionServer) -> None:
    """A board without stored values is known and has no readings."""
    sessions, _, leds = stored(server.registry)
    board = restored((sessions, {}, leds))
    assert board.last_seen is None
    assert all(list(readings) == [] for readings in board.readings)


def test_led_target(server: SessionServer) -> None:
    """An LED with a command in progress is uncertain after a restart."""
    server.registry.boards[MAC].led_target = False
    sessions, values, leds = stored(server.registry)
    board = restored((sessions, values, leds))
    assert (board.led, board.led_target, board.led_uncertain) == (None, False, True)
    leds[MAC]["session_id"] = "0000000000.000001"
    assert restored((sessions, values, leds)).led is True


def test_files_of_earlier_releases(server: SessionServer) -> None:
    """Files without newer fields are read."""
    sessions, values, leds = stored(server.registry)
    del sessions["salt"], sessions["boards"][0]["past_sessions"]
    del sessions["boards"][0]["own_name"], values[MAC]["light"]
    del values[MAC]["light_readings"]
    board = restored((sessions, values, leds))
    assert (board.past_sessions, board.own_name) == ((), None)
    assert board.value(LIGHT) is None
    assert list(board.readings[LIGHT.index]) == []


def test_a_board_that_is_also_retired(server: SessionServer) -> None:
    """It is a board of the network: an earlier release added it again."""
    sessions, values, leds = stored(server.registry)
    retired = Retired(MAC, False, "old", "1743946777.000000", "24:6F:28:AA:BB:01")
    registry = BoardRegistry(MOST_BOARDS)
    records.restore(registry, sessions | {"retired": [retired._asdict()]}, values, leds)
    assert [*registry.boards] == [MAC]
    assert not [*registry.retired]
