"""Tests of the table of attempts of a broken broker, or of a hostile ChirpStack."""

from collections import Counter
from itertools import islice
import json

import pytest

from simulator.attempt import Attempt
from simulator.chirpstack import ChirpStackWithBroker
from simulator.chirpstack.attempts import APPLICATION_ID, ATTEMPTS, DEV_EUI, event
from simulator.raw import Where
from tests.chirpstack_api import parse_event

MOST_PIECES = 3
"""Pieces that are looked at: some attempts have no end."""

each = pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda one: one.name)


def test_each_place_and_no_name_twice() -> None:
    """Every packet that a broker sends is attempted, each attempt once."""
    places = {Where.CONNECT, Where.SUBSCRIBE, Where.DOWN, Where.PUBLISH}
    assert {attempt.where for attempt in ATTEMPTS} == places
    names = Counter(attempt.name for attempt in ATTEMPTS)
    assert [name for name, count in names.items() if count > 1] == []


@each
def test_same_bytes_each_time(attempt: Attempt) -> None:
    """An attempt can be made again: its pieces begin anew."""
    first, again = (list(islice(attempt.what.pieces(), MOST_PIECES)) for _ in range(2))
    assert first == again
    assert attempt.what.pause >= 0


def test_application_of_the_stand_in() -> None:
    """The topics are those of a stand-in, so that a client would read the messages."""
    assert ChirpStackWithBroker().application_id == APPLICATION_ID
    assert event()["deviceInfo"]["applicationId"] == APPLICATION_ID
    assert event()["deviceInfo"]["devEui"] == DEV_EUI


def test_event() -> None:
    """An event that is not changed is one of ChirpStack; a change is of one field."""
    message = json.dumps(event()).encode()
    parse_event("up", message)
    changed = event(fCnt="x")
    assert {name for name, value in event().items() if changed[name] != value} == {
        "fCnt"
    }
