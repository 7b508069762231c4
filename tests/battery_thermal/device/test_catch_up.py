"""Tests of copies of uplinks, and of the selection of stored uplinks that were missed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.battery_thermal.device import catch_up
from custom_components.battery_thermal.device.catch_up import (
    CatchUp,
    HeardUplinks,
    leaves_gap,
    missed_uplinks,
    outcome,
)
from custom_components.battery_thermal.lorawan.network_server import Link, Uplink
from custom_components.battery_thermal.lorawan.the_things_stack.storage import STORAGE

START = datetime(2026, 3, 4, tzinfo=UTC)
LINK = Link(
    gateways=0,
    spreading_factor=None,
    bandwidth=None,
    airtime=None,
)


def uplink(number: int, session: str = "a") -> Uplink:
    """Return an uplink; uplinks are one second apart."""
    return Uplink(
        device_id="garage",
        session=session,
        f_cnt=number,
        f_port=1,
        payload=bytes(37),
        received_at=START + timedelta(seconds=number),
        link=LINK,
    )


def test_copies() -> None:
    """Copies have the same counter, time, port and content; the session may be missing."""
    heard = HeardUplinks()
    heard.remember(uplink(1), None)
    assert uplink(1) in heard
    assert uplink(1, session="") in heard
    assert uplink(1, session="b") not in heard
    assert uplink(2) not in heard
    for other in (
        {"f_cnt": 2},
        {"f_port": 2},
        {"payload": bytes(40)},
        {"received_at": START},
    ):
        assert replace(uplink(1), **other) not in heard


def test_number_of_remembered_uplinks() -> None:
    """Older uplinks are remembered while they may be fetched again, up to a limit."""
    heard = HeardUplinks()
    for number in range(100):
        heard.remember(uplink(number), None)
    assert uplink(35) not in heard
    assert uplink(36) in heard and uplink(99) in heard
    for number in range(100, 300):
        heard.remember(uplink(number), START + timedelta(seconds=80))
    assert uplink(80) not in heard
    assert uplink(81) in heard and uplink(299) in heard


def test_never_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit the oldest uplinks are forgotten."""
    monkeypatch.setattr(catch_up, "_MOST", 200)
    heard = HeardUplinks()
    for number in range(1000):
        heard.remember(uplink(number), START)
    assert uplink(799) not in heard
    assert uplink(800) in heard
    assert heard.newest(START) == START + timedelta(seconds=999)


def test_missed() -> None:
    """Stored uplinks that were not received are missed ones, except simulated ones."""
    heard = HeardUplinks()
    heard.remember(uplink(3), None)
    stored = [replace(uplink(number, session=""), stored=True) for number in range(6)]
    stored[4] = replace(stored[4], simulated=True)
    missed = missed_uplinks(stored, START + timedelta(seconds=1), heard)
    assert [one.f_cnt for one in missed] == [2, 5]


@pytest.mark.parametrize(
    ("stored", "age", "became"),
    [
        (None, 600, CatchUp.FAILED),
        ([uplink(1)], 600, CatchUp.FETCHED),
        ([], 600, CatchUp.OFF),
        # Not stored yet, or no longer stored.
        ([], 10, None),
        ([], 25 * 3600, None),
    ],
)
def test_outcome(
    stored: list[Uplink] | None, age: float, became: CatchUp | None
) -> None:
    """The outcome follows from the stored uplinks."""
    now = START + timedelta(seconds=age)
    assert outcome(stored, START, now, STORAGE) is became


def test_outcome_without_a_storage() -> None:
    """A server that stores no uplinks is reported as such at once."""
    assert outcome([], START, START, None) is CatchUp.OFF


@pytest.mark.parametrize(
    ("stored", "gap"),
    [
        (None, True),
        ([], True),
        ([uplink(0), uplink(5)], False),
        # The clocks of Home Assistant and of the server may differ by a second.
        ([uplink(1)], False),
        ([uplink(2)], True),
    ],
)
def test_gap(stored: list[Uplink] | None, gap: bool) -> None:
    """If the newest received uplink is not stored, others may be missing before the first stored one."""
    assert leaves_gap(stored, START) is gap
