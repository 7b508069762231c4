"""Tests of the registry of boards: names, sessions and changes to be stored."""

import pytest

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core.admission import Applicant
from custom_components.esp32_sensors.core.board_names import NameRefused
from custom_components.esp32_sensors.core.board_registry import (
    PAST_SESSIONS,
    BoardRegistry,
)
from custom_components.esp32_sensors.core.boards import SESSION, Board, Session, State
from custom_components.esp32_sensors.core.readings import BUTTON, KINDS, LED, LIGHT
from custom_components.esp32_sensors.core.session_server import SessionServer

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


def test_limit() -> None:
    """It is that of the network's options; the rules have none of their own."""
    with pytest.raises(TypeError, match="limit"):
        BoardRegistry()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="limit"):
        SessionServer()  # type: ignore[call-arg]


def test_lost_boards() -> None:
    """A lost board gets its name again when it joins, and no other board gets it before."""
    third = "61:EC:ED:3B:25:B3"
    registry = BoardRegistry(
        MOST_BOARDS, is_reserved={"capteur02", "hall"}.__contains__
    )
    registry.expect({MAC: "hall", OTHER_MAC: "capteur01"})
    assert create(registry, third).session.name == "capteur03"
    with pytest.raises(NameRefused, match="taken"):
        registry.rename(registry.boards[third], "Hall")
    assert create(registry).session.name == "hall"
    assert create(registry, OTHER_MAC).session.name == "capteur01"
    registry.remove(registry.boards[MAC])
    assert create(registry).session.name == "capteur04"


def test_names_that_lost_boards_get() -> None:
    """A lost board may be called as before, or otherwise, however it comes back."""
    registry = BoardRegistry(MOST_BOARDS)
    registry.expect({MAC: "Hall", OTHER_MAC: "Attic"})
    assert registry.is_free("hall", MAC)
    assert not registry.is_free("hall", OTHER_MAC)
    assert registry.usable_name("hall", MAC) == "hall"
    with pytest.raises(NameRefused, match="taken"):
        registry.usable_name("hall", OTHER_MAC)
    board = registry.create(MAC, Applicant(MAC.lower(), True), 0.0, "Cellar")
    registry.rename(board, "Hall")
    registry.move(board, OTHER_MAC)
    registry.rename(board, "Attic")
    registry.expect({MAC: "Loft"})
    registry.forget_lost(MAC)
    registry.rename(board, "Loft")
    registry.expect({MAC: "Hall"})
    restored = Board(MAC, Session("Hall", "1", State.OFFLINE), 0.0)
    registry.restore(restored)
    registry.rename(restored, "Porch")
    registry.rename(board, "Attic")


def test_lost_boards_without_a_name_of_their_own() -> None:
    """Of names that count as the same one is given again, and none that a board cannot have."""
    registry = BoardRegistry(MOST_BOARDS)
    known = create(registry)
    registry.expect({MAC: "Known", OTHER_MAC: "Hall", "A": "hall", "B": "a;b"})
    assert known.session.name == "capteur01"
    registry.rename(known, "Known")
    assert create(registry, OTHER_MAC).session.name == "capteur02"
    assert create(registry, "A").session.name == "hall"
    registry.forget_lost("A")
    assert create(registry, "B").session.name == "capteur03"


def test_remove() -> None:
    """The names of a removed board are free again."""
    registry = BoardRegistry(MOST_BOARDS)
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
    registry = BoardRegistry(MOST_BOARDS)
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
    registry = BoardRegistry(MOST_BOARDS)
    board = create(registry)
    ids = []
    for _ in range(PAST_SESSIONS + 2):
        ids.append(board.session.id)
        registry.open_session(board, 0.0)
    assert board.past_sessions == tuple(ids[-PAST_SESSIONS:])


def test_reserved_names() -> None:
    """A name in use in an unknown session is neither a default name nor given by hand."""
    registry = BoardRegistry(
        MOST_BOARDS, is_reserved=lambda name: name in ("capteur01", "Hall")
    )
    board = create(registry)
    assert board.session.name == "capteur02"
    with pytest.raises(NameRefused, match="taken"):
        registry.rename(board, "Hall")
    # The board has its own name, in whatever session it is heard.
    registry.rename(board, "capteur02")


def test_name_as_device_and_back() -> None:
    """A board gets its own name back when the name of its device is cleared."""
    registry = BoardRegistry(MOST_BOARDS)
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
    registry = BoardRegistry(MOST_BOARDS)
    board = create(registry)
    registry.name_as_device(board, "Hall")
    registry.rename(board, "Kitchen")
    assert board.own_name is None
