"""Tests of the comparison of sessions."""

import pytest

from custom_components.battery_thermal.protocol.session import (
    UNKNOWN_SESSION,
    is_same_session,
    may_be_same_session,
    newest_session,
)


@pytest.mark.parametrize(
    ("one", "other", "may_be", "is_same"),
    [
        ("a", "a", True, True),
        ("a", "b", False, False),
        ("a", UNKNOWN_SESSION, True, False),
        (UNKNOWN_SESSION, UNKNOWN_SESSION, True, False),
    ],
)
def test_comparison(one: str, other: str, may_be: bool, is_same: bool) -> None:
    """An unknown session contradicts nothing and proves nothing."""
    for pair in ((one, other), (other, one)):
        assert may_be_same_session(*pair) is may_be
        assert is_same_session(*pair) is is_same


@pytest.mark.parametrize(
    ("before", "said", "joined", "newest"),
    [
        ("a", "b", False, "b"),
        ("a", "", False, "a"),
        ("", "b", False, "b"),
        ("a", "", True, ""),
        ("a", "b", True, "b"),
    ],
)
def test_newest(before: str, said: str, joined: bool, newest: str) -> None:
    """A known session stays known until the node has joined again."""
    assert newest_session(before, said, joined=joined) == newest
