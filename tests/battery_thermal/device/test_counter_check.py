"""Tests of the detection of a network server that drops uplinks because of their frame counters."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from custom_components.battery_thermal.device.counter_check import CounterCheck
from custom_components.battery_thermal.lorawan.network_server import (
    COUNTER_RESET,
    Link,
    Uplink,
)

UPLINK = Uplink(
    device_id="70b3d57ed0001234",
    session="01020304",
    f_cnt=1,
    f_port=1,
    payload=b"",
    received_at=datetime(2026, 11, 29, tzinfo=UTC),
    link=Link(
        gateways=1,
        spreading_factor=None,
        bandwidth=None,
        airtime=None,
    ),
)


@pytest.mark.parametrize(
    ("uplink", "refused"),
    [
        (replace(UPLINK, f_cnt=2), True),
        (replace(UPLINK, f_cnt=1), True),
        (replace(UPLINK, f_cnt=0), False),
        (replace(UPLINK, f_cnt=5, session="05060708"), False),
    ],
)
def test_ends(uplink: Uplink, refused: bool) -> None:
    """A lower counter or a new session shows that uplinks are no longer dropped."""
    check = CounterCheck()
    check.receive(UPLINK)
    assert not check.receive_notice("status")
    assert check.receive_notice(COUNTER_RESET)
    assert not check.receive_notice(COUNTER_RESET)
    check.receive(uplink)
    assert check.refused is refused
