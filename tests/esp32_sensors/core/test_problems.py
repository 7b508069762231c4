"""Tests of the problems of a network."""

import pytest

from custom_components.esp32_sensors.core.boards import Board, Session, State
from custom_components.esp32_sensors.core.problems import (
    OTHER_SERVER,
    SHARED_TOPIC_JOIN,
    UNCONFIRMED,
    Problems,
)
from custom_components.esp32_sensors.core.protocol import Assignment

MAC = "61:EC:ED:3B:25:B1"
SESSION_ID = "1743946777.603371"
PAST = "1743946000.000000"


@pytest.fixture
def board() -> Board:
    """Return a board in its second session."""
    board = Board(MAC, Session("capteur01", SESSION_ID, State.ONLINE), 0)
    board.past_sessions = (PAST,)
    board.session.started_at = 1.0
    return board


@pytest.mark.parametrize(
    ("address", "session_id", "other"),
    [
        (MAC, SESSION_ID, False),
        (MAC.lower(), PAST, False),
        (MAC, "1743946000.000001", True),
        ("AA:00:00:00:00:01", SESSION_ID, True),
    ],
)
def test_assignments(board: Board, address: str, session_id: str, other: bool) -> None:
    """An assignment of a session that was not assigned here is one of another server."""
    problems = Problems(10)
    assignment = Assignment(address, "capteur01", session_id)
    problems.assignment_received(assignment, {MAC: board}, 5.0)
    assert (problems.other_server_until is not None) is other
    problems.pass_time(5.0 + OTHER_SERVER - 0.1)
    assert (problems.other_server_until is not None) is other
    problems.pass_time(5.0 + OTHER_SERVER)
    assert problems.other_server_until is None


@pytest.mark.parametrize(
    ("session_id", "started", "is_conflict"),
    [
        (PAST, True, True),
        (PAST, False, False),
        # Never assigned to this board: no evidence of a second board.
        ("1743946000.000001", True, False),
    ],
)
def test_messages_of_other_sessions(
    board: Board, session_id: str, started: bool, is_conflict: bool
) -> None:
    """Only a past session of a board whose newer one was started is a conflict."""
    problems = Problems(10)
    if not started:
        board.session.started_at = None
    for second in (100.0, 105.0, 110.0):
        problems.other_session_received(board, "capteur01", session_id, second)
    assert list(problems.conflicts.contested) == ([MAC] if is_conflict else [])
    active = problems.unknown_sessions.active
    assert active == ([] if is_conflict else ["capteur01"])


def test_unconfirmed(board: Board) -> None:
    """A board that sends messages but confirms no command is reported after 20 s."""
    board.session.received_at = 110.0
    assert Problems.unconfirmed([board], 200.0) == []
    board.unconfirmed_since = 100.0
    assert Problems.unconfirmed([board], 100.0 + UNCONFIRMED - 0.1) == []
    assert Problems.unconfirmed([board], 100.0 + UNCONFIRMED) == [board]
    board.session.received_at = 100.0
    assert Problems.unconfirmed([board], 200.0) == []


def test_join_on_shared_topic() -> None:
    """A join on a shared topic is reported for ten minutes, or until the removal."""
    problems = Problems(10)
    problems.joined_on_shared_topic(MAC, 1.0)
    problems.pass_time(SHARED_TOPIC_JOIN + 0.9)
    assert list(problems.shared_topic_joins) == [MAC]
    problems.pass_time(SHARED_TOPIC_JOIN + 1.0)
    assert problems.shared_topic_joins == {}
    problems.joined_on_shared_topic(MAC, 1.0)
    problems.forget(MAC)
    assert problems.shared_topic_joins == {}
