"""Tests of what is counted of a node's uplinks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.battery_thermal.lorawan.airtime import airtime
from custom_components.battery_thermal.lorawan.network_server import Link
from custom_components.battery_thermal.lorawan.traffic import Traffic
from tests.battery_thermal.uplinks import START, make_uplink

MINUTE = timedelta(minutes=1)


def link(
    spreading_factor: int | None = None,
    bandwidth: int | None = None,
    airtime: float | None = None,
) -> Link:
    """Return the radio data of an uplink that no gateway is named for."""
    return Link(
        gateways=0,
        spreading_factor=spreading_factor,
        bandwidth=bandwidth,
        airtime=airtime,
    )


def test_newest() -> None:
    """Only a newer uplink changes the time and the radio data; all are counted."""
    traffic = Traffic()
    first = replace(
        make_uplink(1, b"\0" * 37), received_at=START, link=link(airtime=0.1)
    )
    late = replace(first, received_at=START - MINUTE, link=link(airtime=0.2))
    assert traffic.receive(first, START + MINUTE)
    assert not traffic.receive(late, START + MINUTE)
    assert (traffic.heard_at, traffic.link) == (START, first.link)
    assert traffic.newest_airtime == 0.2
    assert sum(traffic.airtime.as_dict().values()) == pytest.approx(0.3)


def test_times_of_a_wrong_clock() -> None:
    """A time in the future is replaced; a clock that was set back is followed."""
    traffic = Traffic()
    uplink = replace(make_uplink(1), received_at=START + 60 * MINUTE, link=link())
    assert traffic.receive(uplink, START)
    assert traffic.heard_at == START
    earlier = START - 60 * MINUTE
    assert traffic.receive(replace(uplink, received_at=earlier), earlier)
    assert traffic.heard_at == earlier


def test_server_that_sets_its_clock_back() -> None:
    """What is older than an overtaken uplink is newer, though its time is not."""
    traffic = Traffic()
    first, behind, late = (
        replace(make_uplink(1), received_at=START - back * MINUTE, link=link(7 + back))
        for back in (0, 2, 1)
    )
    assert traffic.receive(first, START)
    assert traffic.receive(behind, START)
    assert (traffic.heard_at, traffic.link) == (START, behind.link)
    assert not traffic.receive(late, START)
    assert traffic.link == behind.link


@pytest.mark.parametrize(
    ("radio", "seconds"),
    [
        (link(), 0),
        (link(spreading_factor=7), airtime(37, 7, 125_000)),
        (link(spreading_factor=7, bandwidth=250_000), airtime(37, 7, 250_000)),
        (link(spreading_factor=7, airtime=0.5), 0.5),
    ],
)
def test_airtime(radio: Link, seconds: float) -> None:
    """It is calculated where the server reports none and the data rate is known."""
    traffic = Traffic()
    uplink = replace(make_uplink(1, b"\0" * 37), received_at=START, link=radio)
    traffic.receive(uplink, START)
    assert traffic.newest_airtime == pytest.approx(seconds)


def test_restart() -> None:
    """What is known survives a restart, also without an uplink."""
    traffic = Traffic()
    assert Traffic.from_dict(traffic.as_dict()).as_dict() == traffic.as_dict()
    traffic.receive(
        replace(make_uplink(1), received_at=START, link=link(airtime=0.1)), START
    )
    traffic.lost_lines.add_amount(START, 2)
    restored = Traffic.from_dict(traffic.as_dict())
    assert restored.as_dict() == traffic.as_dict()
    assert restored.heard_at == START
