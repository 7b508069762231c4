"""Tests of the recognition of duplicates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.battery_thermal.protocol.node_message import NodeMessage
from custom_components.battery_thermal.protocol.recent_messages import RecentMessages
from custom_components.battery_thermal.protocol.uplink import Reset

MESSAGE = NodeMessage("first", 1, 1, datetime(2026, 3, 4, tzinfo=UTC), Reset())
WITHIN = timedelta(seconds=30)


def has_copy(recent: RecentMessages, message: NodeMessage, restart: bool) -> bool:
    """Return whether a message is a duplicate."""
    return recent.has_copy(message, counter_may_restart=restart, within=WITHIN)


@pytest.mark.parametrize(
    ("session", "seconds", "restart", "duplicate"),
    [
        ("first", 0, True, True),
        ("first", 29, True, True),
        # The counter may have restarted since.
        ("first", 30, True, False),
        ("first", 9999, False, True),
        ("", 29, False, True),
        # It may be of another session.
        ("", 30, False, False),
        ("second", 0, False, False),
    ],
)
def test_duplicate(session: str, seconds: int, restart: bool, duplicate: bool) -> None:
    """A copy in the same session is a duplicate, if no other message can be equal."""
    recent = RecentMessages()
    recent.remember(MESSAGE)
    received_at = MESSAGE.received_at + timedelta(seconds=seconds)
    again = replace(MESSAGE, session=session, received_at=received_at)

    assert has_copy(recent, again, restart) is duplicate


def test_other_message() -> None:
    """A message with another frame counter is none."""
    recent = RecentMessages()
    assert recent.newest is None
    recent.remember(MESSAGE)

    assert not has_copy(recent, replace(MESSAGE, f_cnt=2), restart=False)
    assert recent.newest == MESSAGE


def test_only_the_last_are_remembered() -> None:
    """A duplicate may come 31 messages after its original."""
    recent = RecentMessages()
    for f_cnt in range(1, 33):
        recent.remember(replace(MESSAGE, f_cnt=f_cnt))
    assert has_copy(recent, MESSAGE, restart=False)
    recent.remember(replace(MESSAGE, f_cnt=33))
    assert not has_copy(recent, MESSAGE, restart=False)
