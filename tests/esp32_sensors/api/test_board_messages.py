"""Tests of boards as JSON."""

from custom_components.esp32_sensors.api.board_messages import (
    record_of,
    rounded,
    state_of,
)
from custom_components.esp32_sensors.core.boards import Board, Session, State
from custom_components.esp32_sensors.core.protocol import Firmware
from custom_components.esp32_sensors.core.readings import KINDS, LED, LIGHT, ReadingKind

MAC = "61:EC:ED:3B:25:B1"


def test_record() -> None:
    """The record has the state, what never changes, and the last readings."""
    session = Session("capteur01", "1743946777.603371", State.ONLINE)
    board = Board(MAC, session, 1743946777.603371)
    board.readings[LED.index].append(1743946778.12345, True)
    board.readings[LIGHT.index].append(1743946779.5, 58)
    board.last_seen = 1743946779.50049
    board.firmware = Firmware("My firmware", "1.2")
    state: dict[str, object] = {
        "name": "capteur01",
        "online": True,
        "identifying": False,
        "firmware": {"name": "My firmware", "version": "1.2"},
        "led": True,
        "button": None,
        "light": 58,
        "last_seen": 1743946779.5,
    }
    others: tuple[ReadingKind, ...] = KINDS[3:]
    state |= {kind.key: None for kind in others}
    assert state_of(board) == state
    record = record_of(board, "entry", control=False)
    readings = {kind.key: record["readings"].pop(kind.key) for kind in KINDS[:3]}
    assert readings == {
        "led": [(1743946778.123, 1)],
        "button": [],
        "light": [(1743946779.5, 58)],
    }
    del record["readings"]
    assert record == state | {
        "network": "entry",
        "mac": MAC,
        "joined_at": 1743946777,
        "control": False,
    }


def test_never_seen() -> None:
    """A board without a message has no time of one."""
    board = Board(MAC, Session("capteur01", "1", State.ASSIGNED), 0)
    assert state_of(board)["last_seen"] is None


def test_rounded() -> None:
    """Times have milliseconds."""
    assert rounded({"led": [(1.0004, 1), (1.0006, 0)]}) == {
        "led": [(1.0, 1), (1.001, 0)]
    }
