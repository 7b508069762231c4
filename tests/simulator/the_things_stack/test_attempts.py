"""Tests of the table of attempts against a client of The Things Stack."""

from collections import Counter
from itertools import islice
import json

import pytest

from simulator.attempt import Attempt
from simulator.raw import Where
from simulator.the_things_stack.attempts import ATTEMPTS, DEVICE, uplink

MOST_PIECES = 3
"""Pieces that are looked at: some attempts have no end."""

each = pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda one: one.name)


def test_each_place_and_no_name_twice() -> None:
    """Every part of a conversation is attempted, each attempt once."""
    assert {attempt.where for attempt in ATTEMPTS} == set(Where)
    names = Counter(attempt.name for attempt in ATTEMPTS)
    assert [name for name, count in names.items() if count > 1] == []


def test_in_the_dialog() -> None:
    """The dialog asks for rights, connects and subscribes; it receives no messages."""
    places = {attempt.where for attempt in ATTEMPTS if attempt.in_dialog}
    assert places == {Where.RIGHTS, Where.CONNECT, Where.SUBSCRIBE}


@each
def test_same_bytes_each_time(attempt: Attempt) -> None:
    """An attempt can be made again: its pieces begin anew."""
    first, again = (list(islice(attempt.what.pieces(), MOST_PIECES)) for _ in range(2))
    assert first == again
    assert attempt.what.pause >= 0


def test_uplink() -> None:
    """An uplink that is not changed is one of the device; a change is of one field."""
    message = uplink()
    assert message["end_device_ids"]["device_id"] == DEVICE
    changed = uplink(f_cnt="x")
    assert changed["uplink_message"].pop("f_cnt") == "x"
    message["uplink_message"].pop("f_cnt")
    assert json.loads(json.dumps(changed)) == message
