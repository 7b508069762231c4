"""Rules for taking over the boards of the first server."""

from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.esp32_sensors.const import MOST_BOARDS
from custom_components.esp32_sensors.core import protocol, records
from custom_components.esp32_sensors.core.board_names import same_name_key
from custom_components.esp32_sensors.core.clock import Instant
from custom_components.esp32_sensors.core.first_server import OldBoard
from custom_components.esp32_sensors.core.protocol import Join
from custom_components.esp32_sensors.core.replacement import replace
from custom_components.esp32_sensors.core.session_server import SessionServer
from custom_components.esp32_sensors.core.take_over import Outcome, plan, take_over

NOW = Instant(1_760_000_000.0, 1000.0)
MACS = [f"24:6F:28:AA:BB:0{n}" for n in range(4)]


def old(mac: str, name: str | None = "old", **fields: Any) -> OldBoard:
    """Return a board of the first server."""
    return OldBoard(
        **{
            "address": mac,
            "name": name,
            "session_id": "1743946777.6033714",
            "joined_at": 1_743_946_777.0,
            "last_seen": 1_743_950_000.0,
            "readings": (((1_743_946_780.0, 1),), (), ((1_743_949_999.0, 55),)),
        }
        | fields
    )


def outcomes(server: SessionServer, boards: list[OldBoard]) -> list[Outcome]:
    """Return what would become of boards, in their order."""
    found = {step.old.address: step.outcome for step in plan(server.registry, boards)}
    return [found[board.address] for board in boards if board.address in found]


def test_one_mac_twice() -> None:
    """Of two rows with one MAC, the one that was seen last counts."""
    server = SessionServer(MOST_BOARDS)
    boards = [
        old(MACS[0], "first", last_seen=1_743_950_001.0),
        old(MACS[0].lower(), "second", last_seen=None),
    ]
    take_over(server.registry, boards, (), NOW.utc)
    assert server.registry.boards[MACS[0]].session.name == "first"
    assert server.registry.boards[MACS[0]].address == MACS[0]


def test_one_name_twice() -> None:
    """Names that count as the same have one board."""
    server = SessionServer(MOST_BOARDS)
    boards = [old(MACS[0], "Ab"), old(MACS[1], "aB"), old(MACS[2], None)]
    assert outcomes(server, boards) == [
        Outcome.ADDED,
        Outcome.RENAMED,
        Outcome.RENAMED,
    ]
    added, completed = take_over(server.registry, boards, (), NOW.utc)
    assert [board.session.name for board in added] == ["Ab", "capteur01", "capteur02"]
    assert not completed
    assert not any(board.online for board in added)


@pytest.mark.rule("S-71")
def test_without_a_session() -> None:
    """A board whose session cannot be known has its name, and joins for a session."""
    server = SessionServer(MOST_BOARDS)
    (board,), _ = take_over(
        server.registry, [old(MACS[0], session_id=None)], (), NOW.utc
    )
    before = board.session.id
    assert board.session.name == "old"
    answered = server.join(Join(MACS[0]), None, NOW)
    assert (answered, board.session.name) == (board, "old")
    assert board.session.id > before


def test_later_sessions_are_newer() -> None:
    """A session id of the first server is never given out again."""
    server = SessionServer(MOST_BOARDS)
    take_over(server.registry, [old(MACS[0], session_id="1760000100.5")], (), NOW.utc)
    board = server.join(Join(MACS[1]), None, NOW)
    assert board.session.id == "1760000100.500001"


@pytest.mark.rule("S-72")
def test_a_name_in_use_by_a_board_that_is_not_known() -> None:
    """Its name stays reserved, and everything else is completed."""
    server = SessionServer(MOST_BOARDS)
    server.join(Join(MACS[0]), None, NOW)
    server.problems.unknown_sessions.message_received("old", "1743946777.1", 1.0)
    _, (board,) = take_over(server.registry, [old(MACS[0])], MACS, NOW.utc)
    assert board.next_name is None
    assert board.joined_at == 1_743_946_777.0


@pytest.mark.rule("S-72")
def test_a_board_that_was_replaced() -> None:
    """It is left out: its name, its times and its values have another board."""
    server = SessionServer(MOST_BOARDS)
    take_over(server.registry, [old(MACS[0])], (), NOW.utc)
    server.join(Join(MACS[1]), None, NOW)
    replace(server, server.registry.boards[MACS[0]], MACS[1], NOW)
    assert outcomes(server, [old(MACS[0])]) == [Outcome.REPLACED]
    assert take_over(server.registry, [old(MACS[0])], MACS, NOW.utc) == ([], [])
    assert [*server.registry.boards] == [MACS[1]]


def test_a_board_named_as_its_device() -> None:
    """Its name is the owner's choice."""
    server = SessionServer(MOST_BOARDS)
    board = server.join(Join(MACS[0]), None, NOW)
    server.registry.name_as_device(board, "Hall")
    take_over(server.registry, [old(MACS[0])], MACS, NOW.utc)
    assert board.next_name == "Hall"


old_boards = st.lists(
    st.builds(
        old,
        st.sampled_from(MACS),
        st.sampled_from([None, "a", "A", "b", "capteur01", "capteur02"]),
        session_id=st.sampled_from([None, "1743946777.6", "1759999999.1234567"]),
        joined_at=st.sampled_from([1_743_946_777.0, 1_750_000_000.0]),
        last_seen=st.sampled_from([None, 1_743_950_000.0, 1_759_000_000.0]),
    ),
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(
    joined=st.lists(st.sampled_from(MACS), unique=True),
    boards=old_boards,
    chosen=st.sets(st.sampled_from(MACS)),
    limit=st.integers(1, 4),
)
@pytest.mark.rule("S-72")
def test_twice_is_once(
    joined: list[str], boards: list[OldBoard], chosen: set[str], limit: int
) -> None:
    """Of anything: no name twice, unchosen boards unchanged, a second time no change."""
    server = SessionServer(limit)
    registry = server.registry
    for mac in joined[:limit]:
        server.join(Join(mac), None, NOW)
    stored = {
        board["mac"]: board for board in records.sessions_as_dict(registry)["boards"]
    }
    take_over(registry, boards, chosen, NOW.utc)
    names = [
        same_name_key(name)
        for board in registry.boards.values()
        for name in {board.session.name, board.next_name or board.session.name}
    ]
    assert len(set(names)) == len(names)
    assert len(registry.boards) <= limit
    sessions = [board.session.id for board in registry.boards.values()]
    assert max(map(protocol_microsecond, sessions), default=0) <= registry.last_session
    once = [records.sessions_as_dict(registry), records.values_as_dict(registry)]
    for board in once[0]["boards"]:
        if board["mac"] in stored and board["mac"] not in chosen:
            assert board == stored[board["mac"]]
    registry.sessions_changed = False
    take_over(registry, boards, chosen, NOW.utc)
    assert [
        records.sessions_as_dict(registry),
        records.values_as_dict(registry),
    ] == once
    assert not registry.sessions_changed


def protocol_microsecond(session_id: str) -> int:
    """Return the microsecond of a session id, rounded down."""
    return int(float(session_id) * 10**6) - 1


def test_protocol_accepts_the_sessions() -> None:
    """A message in a session of the first server fits the limits of this one."""
    payload = f"{'x' * 29};1743946777.6033714;1"
    assert len(payload) <= protocol.PAYLOAD_BYTES
