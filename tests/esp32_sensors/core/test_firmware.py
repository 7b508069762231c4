"""Tests of the firmware that boards report."""

import pytest

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core.boards import SESSION, Board, State
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.firmware import (
    INFO_BYTES,
    REPORTED_WITHIN,
    Info,
    drop_outdated,
    parse_info,
)
from custom_components.esp32_sensors.core.protocol import (
    Credentials,
    Discarded,
    Firmware,
    Join,
)
from custom_components.esp32_sensors.core.session_server import SessionServer

MAC = "61:EC:ED:3B:25:B1"
START = Instant(1743946777.5, 100.0)
FIRMWARE = Firmware("MicroPython board", "1.0.0")


def at(seconds: float) -> Instant:
    """Return a time after the start."""
    return Instant(START.utc + seconds, START.monotonic + seconds)


def info_of(board: Board, version: str = "1.0.0") -> Info:
    """Return the report of a board."""
    firmware = Firmware(FIRMWARE.name, version)
    return Info(board.session.name, board.session.id, firmware)


@pytest.fixture
def server() -> SessionServer:
    """Return a server with a board that has started its session."""
    server = SessionServer(MOST_BOARDS)
    start(server, START)
    return server


def start(server: SessionServer, now: Instant) -> Board:
    """Let the board join and start a session."""
    board = server.join(Join(MAC), None, now)
    server.start(Credentials(board.session.name, board.session.id), None, now)
    return board


@pytest.mark.rule("S-80")
def test_longest() -> None:
    """The longest message is as long as the page says."""
    longest = ";".join(("n" * 29, "1743946777.603371", "f" * 24, "v" * 16))
    assert len(longest) == INFO_BYTES == 89
    info = parse_info(longest.encode())
    assert info.firmware == Firmware("f" * 24, "v" * 16)
    with pytest.raises(Discarded, match="too_long"):
        parse_info(longest.encode() + b"v")


@pytest.mark.rule("S-80")
@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("MicroPython board;1.0.0", None),
        ("Été <b>;1.0.0-beta+7", None),
        ("{{ 1/0 }};{{1/0}}", None),
        ("board", "malformed"),
        ("board;1.0;x", "malformed"),
        (";1.0", "bad_value"),
        (" board;1.0", "bad_value"),
        ("bo\nard;1.0", "bad_value"),
        ("bo\u202eard;1.0", "bad_value"),
        (f"{'é' * 13};1.0", "bad_value"),
        ("board;", "bad_value"),
        ("board;1.0 beta", "bad_value"),
        ("board;1.0é", "bad_value"),
        (f"board;{'1' * 17}", "bad_value"),
    ],
)
def test_values(rest: str, reason: str | None) -> None:
    """Name and version are visible text of a limited length."""
    payload = f"capteur01;1743946777.603371;{rest}".encode()
    if reason is None:
        assert parse_info(payload) == (
            "capteur01",
            "1743946777.603371",
            tuple(rest.split(";")),
        )
    else:
        with pytest.raises(Discarded, match=reason):
            parse_info(payload)


@pytest.mark.rule("S-14", "S-81")
def test_first_report_of_a_session(server: SessionServer) -> None:
    """The first report of a session counts, and proves as any message that the board is online."""
    board = server.registry.boards[MAC]
    changes: list[int] = []
    board.listen(SESSION, changes.append)
    server.set_all_offline()
    assert server.info(info_of(board), None, at(1)) is board
    assert board.session.state is State.ONLINE
    assert board.firmware == FIRMWARE
    assert changes == [SESSION] * 2
    assert server.info(info_of(board), None, at(2)) is None
    assert server.info(info_of(board, "2.0.0"), None, at(3)) is None
    assert board.firmware == FIRMWARE
    assert changes == [SESSION] * 2
    start(server, at(10))
    assert board.firmware == FIRMWARE
    assert server.info(info_of(board), None, at(11)) is None
    start(server, at(60))
    assert server.info(info_of(board, "2.0.0"), None, at(61)) is board
    assert board.firmware == Firmware(FIRMWARE.name, "2.0.0")


@pytest.mark.rule("S-40", "S-81")
def test_other_session(server: SessionServer) -> None:
    """A report of another session is discarded."""
    board = server.registry.boards[MAC]
    with pytest.raises(Discarded, match="other_session"):
        server.info(info_of(board)._replace(session_id="1"), None, at(1))
    assert board.firmware is None


@pytest.mark.rule("S-81")
def test_not_reported_any_more(server: SessionServer) -> None:
    """The firmware is dropped when a session goes on for a minute without a report."""
    board = server.registry.boards[MAC]
    server.info(info_of(board), None, at(1))
    assert drop_outdated([board], at(2 * REPORTED_WITHIN)) == []
    start(server, at(1000))
    changes: list[int] = []
    board.listen(SESSION, changes.append)
    assert drop_outdated([board], at(999 + REPORTED_WITHIN)) == []
    assert board.firmware == FIRMWARE
    assert drop_outdated([board], at(1000 + REPORTED_WITHIN)) == [board]
    assert board.firmware is None
    assert changes == [SESSION]
    assert drop_outdated([board], at(1001 + REPORTED_WITHIN)) == []
