"""Tests of fair use limits."""

import pytest

from custom_components.battery_thermal.lorawan.fair_use import FairUse


@pytest.mark.parametrize(("airtime", "messages"), [(0.118016, 254), (2.3, 13)])
def test_messages_a_day(airtime: float, messages: int) -> None:
    """The limit of airtime is divided by the airtime of a message, rounded down."""
    fair_use = FairUse(airtime=30, downlinks=10, default_budget=8)

    assert fair_use.messages_a_day(airtime) == messages
