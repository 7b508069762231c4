"""Tests of boards in sessions unknown to the network."""

import pytest

from custom_components.esp32_sensors.core.unknown_sessions import (
    DURATION,
    SILENCE,
    UnknownSessions,
)

SESSION_ID = "1743946777.603371"


def test_active_after_three_messages_in_ten_seconds() -> None:
    """Three messages over 10 s are a board; fewer or faster ones may be late messages."""
    sessions = UnknownSessions(10)
    for second in (0.0, 1.0, DURATION - 0.1):
        sessions.message_received("a", SESSION_ID, second)
    for second in (0.0, DURATION):
        sessions.message_received("b", SESSION_ID, second)
    assert sessions.active == []
    sessions.message_received("a", SESSION_ID, DURATION)
    assert sessions.active == ["a"]


def test_dropped_after_a_minute() -> None:
    """A name without a message for 60 s is free again."""
    sessions = UnknownSessions(10)
    sessions.message_received("Hall", SESSION_ID, 0.0)
    sessions.message_received("b", SESSION_ID, 30.0)
    sessions.pass_time(SILENCE - 0.1)
    assert sessions.is_used("HALL")
    sessions.pass_time(SILENCE)
    assert not sessions.is_used("hall")
    assert sessions.is_used("b")
    sessions.pass_time(30.0 + SILENCE)
    assert not sessions.is_used("b")


@pytest.mark.parametrize(
    ("name", "session_id", "counts"),
    [
        ("a", "1" * 17, True),
        ("a", "1" * 18, False),
        ("a", "", False),
        ("x" * 29, "1", True),
        ("x" * 30, "1", False),
    ],
)
def test_impossible_credentials(name: str, session_id: str, counts: bool) -> None:
    """Credentials that no server can have assigned are ignored."""
    sessions = UnknownSessions(10)
    sessions.message_received(name, session_id, 0.0)
    assert sessions.is_used(name) is counts


def test_limit() -> None:
    """Not more names than boards are kept."""
    sessions = UnknownSessions(2)
    for name in ("a", "b", "c"):
        sessions.message_received(name, SESSION_ID, 0.0)
    assert [sessions.is_used(name) for name in ("a", "b", "c")] == [True, True, False]
