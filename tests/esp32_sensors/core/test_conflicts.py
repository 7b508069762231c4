"""Tests of the detection of two boards with one MAC."""

import pytest

from custom_components.esp32_sensors.core.boards import Board, Session, State
from custom_components.esp32_sensors.core.conflicts import (
    OLD_SESSION_AFTER,
    OLD_SESSION_TIMES,
    REPORTED,
    RESTART_WINDOW,
    RESTARTS,
    TAKEOVER_WINDOW,
    Conflicts,
)

MAC = "61:EC:ED:3B:25:B1"


@pytest.fixture
def board() -> Board:
    """Return a board whose session was assigned at the second 100."""
    session = Session("capteur01", "1743946777.603371", State.ONLINE)
    session.sent_at = 100.0
    return Board(MAC, session, 0)


def test_messages_in_an_older_session(board: Board) -> None:
    """Three late messages in an older session are evidence, earlier ones are not."""
    conflicts = Conflicts()
    for _ in range(OLD_SESSION_TIMES):
        conflicts.old_session_received(board, 100 + OLD_SESSION_AFTER - 0.1)
    for _ in range(OLD_SESSION_TIMES - 1):
        conflicts.old_session_received(board, 100 + OLD_SESSION_AFTER)
    assert conflicts.contested == {}
    conflicts.old_session_received(board, 140.0)
    assert conflicts.contested == {MAC: 140.0 + REPORTED}


def test_messages_before_a_new_session_do_not_count(board: Board) -> None:
    """The count begins again with each session."""
    conflicts = Conflicts()
    for _ in range(OLD_SESSION_TIMES - 1):
        conflicts.old_session_received(board, 140.0)
    conflicts.session_replaced(board, 150.0)
    conflicts.old_session_received(board, 200.0)
    assert conflicts.contested == {}


@pytest.mark.parametrize(
    ("duration", "contested", "restarting"),
    [
        (TAKEOVER_WINDOW - 0.1, True, False),
        (TAKEOVER_WINDOW, False, True),
        (RESTART_WINDOW - 0.1, False, True),
        (RESTART_WINDOW, False, False),
    ],
)
def test_frequent_sessions(
    board: Board, duration: float, contested: bool, restarting: bool
) -> None:
    """Four new sessions are a conflict, restarts, or neither, by their duration."""
    conflicts = Conflicts()
    for number in range(RESTARTS):
        conflicts.session_replaced(board, duration * number / (RESTARTS - 1))
    assert (MAC in conflicts.contested) is contested
    assert (MAC in conflicts.restarting) is restarting


def test_end(board: Board) -> None:
    """A conflict is reported for ten minutes, or until the board is removed."""
    conflicts = Conflicts()
    for end in ("time", "removal"):
        for _ in range(RESTARTS):
            conflicts.session_replaced(board, 0.0)
        conflicts.pass_time(REPORTED - 0.1)
        assert list(conflicts.contested) == [MAC]
        if end == "time":
            conflicts.pass_time(REPORTED)
        else:
            conflicts.forget(MAC)
        assert conflicts.contested == {}
