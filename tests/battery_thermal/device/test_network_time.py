"""Tests of the time at the network server, estimated from its newest uplink."""

from datetime import UTC, datetime, timedelta

from custom_components.battery_thermal.device.network_time import NetworkTime

START = datetime(2026, 3, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_time_before_the_first_uplink() -> None:
    """Before the first uplink the local time is used, with the monotonic clock."""
    time = NetworkTime(START, 100)
    assert time.now(160) == START + timedelta(minutes=1)


def test_time_of_the_server_after_an_uplink() -> None:
    """After an uplink of a server whose clock is an hour ahead, its time is used."""
    time = NetworkTime(START, 100)
    time.received(START + HOUR, 130)
    assert time.now(190) == START + HOUR + timedelta(minutes=1)
