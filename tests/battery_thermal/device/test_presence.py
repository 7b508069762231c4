"""Tests of the silence of a node, with a monotonic clock."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.battery_thermal.device.presence import Presence, silence_limit

START = datetime(2026, 3, 4, tzinfo=UTC)
LIMIT = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("minutes", "interval", "pause", "limit"),
    [
        (5, 60, 60, 5 * 60),
        (None, 30, 30, 15 * 60),
        (None, 600, 0, 30 * 60),
        (None, 60, 3600, 2 * 3600),
    ],
    ids=["owner's limit", "minimum", "three intervals", "two pauses"],
)
def test_silence_limit(
    minutes: float | None, interval: float, pause: float, limit: float
) -> None:
    """The limit is the owner's, or the longest of three intervals, two pauses and 15 minutes."""
    assert silence_limit(
        minutes, timedelta(seconds=interval), timedelta(seconds=pause)
    ) == timedelta(seconds=limit)


def test_not_silent_while_disconnected() -> None:
    """Without a connection it is not known whether the node sends."""
    presence = Presence(START, 0)
    assert presence.silent_in(LIMIT, 5000) is None


def test_time_without_connection_does_not_count() -> None:
    """The time is counted from the connection on."""
    presence = Presence(START, 0)
    presence.set_connected(True, 1000)
    assert presence.silent_in(LIMIT, 1060) == timedelta(minutes=14)
    # A second report of the same connection changes nothing.
    presence.set_connected(True, 1060)
    assert presence.silent_in(LIMIT, 1060) == timedelta(minutes=14)


@pytest.mark.parametrize(
    ("silent", "heard", "expected"),
    [(False, 60, False), (True, 60, True), (True, 14, False), (True, None, True)],
    ids=["heard", "silent", "longer limit", "never heard"],
)
def test_restart(silent: bool, heard: float | None, expected: bool) -> None:
    """A node that was silent before a restart is so until it is heard."""
    presence = Presence(START, 0)
    heard_at = None if heard is None else START - timedelta(minutes=heard)
    presence.restore(START, silent=silent, heard_at=heard_at, limit=LIMIT)
    assert presence.silent is expected


def test_uplink_ends_silence() -> None:
    """The time is counted from each uplink on."""
    presence = Presence(START, 0)
    presence.set_connected(True, 0)
    presence.silent = True
    assert presence.silent_in(LIMIT, 2000) is None

    presence.receive(START + timedelta(seconds=2000), 2000, live=True)

    assert not presence.silent
    assert presence.silent_in(LIMIT, 2060) == timedelta(minutes=14)


def test_stored_uplink_counts_from_its_reception() -> None:
    """Its age is that at the network server, by the server's time."""
    presence = Presence(START, 0)
    presence.set_connected(True, 0)
    presence.receive(START + timedelta(seconds=600), 600, live=True)
    presence.receive(START + timedelta(seconds=700), 1000, live=False)
    assert presence.silent_in(LIMIT, 1000) == timedelta(minutes=10)
    # An older one does not make the node silent earlier.
    presence.receive(START + timedelta(seconds=300), 1000, live=False)
    assert presence.silent_in(LIMIT, 1000) == timedelta(minutes=10)
