"""Tests of the registry of boards: names, sessions and changes to be stored."""

import pytest

from custom_components.esp32_sensors.core.admission import Applicant
from custom_components.esp32_sensors.core.board_names import NameRefused
from custom_components.esp32_sensors.core.board_registry import (
    PAST_SESSIONS,
    BoardRegistry,
)
from custom_components.esp32_sensors.core.boards import SESSION, Board, State
from custom_components.esp32_sensors.core.readings import BUTTON, KINDS, LED, LIGHT

MAC = "61:EC:ED:3B:25:B1"
OTHER_MAC = "61:EC:ED:3B:25:B2"


def create(registry: BoardRegistry, mac: str = MAC) -> Board:
    """Create a board."""
    return registry.create(mac, Applicant(mac.lower(), True), 1743946777.0)


def test_create() -> None:
    """A new board has a default name and an assigned session, to be stored."""
    registry = BoardRegistry(limit=1)
    assert not registry.is_full
    board = create(registry)
    assert (board.session.name, board.session.state) == ("capteur01", State.ASSIGNED)
    assert (board.address, board.directed) == (MAC.lower(), True)
    assert registry.find("capteur01") is registry.boards[MAC] is board
    assert (registry.is_full, registry.sessions_changed) == (True, True)


def test_remove() -> None:
    """The names of a removed board are free again."""
    registry = BoardRegistry()
    board = create(registry)
    registry.rename(board, "Hall")
    registry.sessions_changed = registry.values_changed = False
    registry.remove(board)
    assert registry.boards == {}
    assert registry.find("capteur01") is None
    assert registry.sessions_changed
    assert registry.values_changed
    registry.rename(create(registry, OTHER_MAC), "Hall")


def test_open_session() -> None:
    """A new session has the next name and resets what belongs to the session."""
    registry = BoardRegistry()
    board = create(registry)
    changes: list[int] = []
    for kind in KINDS:
        board.readings[kind.index].append(1.0, 1)
    board.led_target = board.led_unconfirmed = board.led_reports_changes_only = True
    board.unconfirmed_since = 1.0
    registry.rename(board, "Hall")
    board.listen(SESSION, changes.append)
    first = board.session.id
    registry.open_session(board, 0.0)
    assert (board.session.name, board.next_name) == ("Hall", None)
    assert registry.find("capteur01") is None
    assert registry.find("Hall") is board
    assert board.session.id > first
    assert [board.value(kind) for kind in (LED, BUTTON, LIGHT)] == [None, 1, None]
    assert all(list(readings) == [(1.0, 1)] for readings in board.readings)
    assert (board.led_target, board.led_unconfirmed) == (None, False)
    assert (board.led_reports_changes_only, board.unconfirmed_since) == (False, None)
    assert changes == [SESSION]


def test_past_sessions() -> None:
    """The ids of the last four sessions are kept, oldest first."""
    registry = BoardRegistry()
    board = create(registry)
    ids = []
    for _ in range(PAST_SESSIONS + 2):
        ids.append(board.session.id)
        registry.open_session(board, 0.0)
    assert board.past_sessions == tuple(ids[-PAST_SESSIONS:])


def test_reserved_names() -> None:
    """A name in use in an unknown session is neither a default name nor given by hand."""
    registry = BoardRegistry(is_reserved=lambda name: name in ("capteur01", "Hall"))
    board = create(registry)
    assert board.session.name == "capteur02"
    with pytest.raises(NameRefused, match="taken"):
        registry.rename(board, "Hall")
    # The board has its own name, in whatever session it is heard.
    registry.rename(board, "capteur02")


def test_name_as_device_and_back() -> None:
    """A board gets its own name back when the name of its device is cleared."""
    registry = BoardRegistry()
    board = create(registry)
    registry.name_as_device(board, "capteur01")
    assert board.own_name is None
    registry.name_as_device(board, "Hall")
    registry.name_as_device(board, "Kitchen")
    assert (board.next_name, board.own_name) == ("Kitchen", "capteur01")
    registry.name_as_before(board)
    assert (board.next_name, board.own_name) == (None, None)
    # Without a stored name: the next default name.
    registry.name_as_before(board)
    assert board.next_name == "capteur02"


def test_rename_forgets_the_name_before() -> None:
    """A name that the owner chose replaces the name before the device's."""
    registry = BoardRegistry()
    board = create(registry)
    registry.name_as_device(board, "Hall")
    registry.rename(board, "Kitchen")
    assert board.own_name is None
