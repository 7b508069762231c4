"""Tests of the session that a broker keeps of a client."""

from dataclasses import replace

import pytest

from simulator.mqtt.broker_session import MOST_IN_FLIGHT, MOST_QUEUED, ClientSession
from simulator.mqtt.packets import Publish

TOPIC = "application/a/device/b/event/up"


def message(number: int = 0, qos: int = 1) -> Publish:
    """Return a message with its number as payload."""
    return Publish(TOPIC, str(number).encode(), qos)


@pytest.fixture
def session() -> ClientSession:
    """Return a session that is subscribed with QoS 1, without a connected client."""
    session = ClientSession("keeper", "owner")
    session.filters["application/+/device/+/event/+"] = 1
    return session


@pytest.mark.parametrize(
    ("filters", "granted"),
    [
        ({}, None),
        ({"other/#": 1}, None),
        ({"application/#": 0}, 0),
        ({"application/#": 0, TOPIC: 1}, 1),
    ],
)
def test_granted(filters: dict[str, int], granted: int | None) -> None:
    """The highest QoS of all matching subscriptions counts."""
    session = ClientSession("a", "b")
    session.filters = filters
    assert session.granted(TOPIC) == granted
    assert session.deliver(message()) is (granted is not None)


def test_kept_while_not_connected(session: ClientSession) -> None:
    """Messages of QoS 1 are kept for a client that is not connected, those of QoS 0 not."""
    assert not session.connected
    assert session.deliver(message(1))
    assert session.deliver(message(2, qos=0))
    assert session.deliver(message(3))
    sent: list[Publish] = []
    session.attach(sent.append)
    assert session.connected
    assert [one.payload for one in sent] == [b"1", b"3"]
    assert not session.queued


def test_lower_qos_counts(session: ClientSession) -> None:
    """A message is sent with the lower of its own QoS and that of the subscription."""
    sent: list[Publish] = []
    session.attach(sent.append)
    session.deliver(message(qos=2))
    session.deliver(message(qos=0))
    assert [one.qos for one in sent] == [1, 0]
    assert [bool(one.packet_id) for one in sent] == [True, False]


def test_limit_of_unacknowledged_messages(session: ClientSession) -> None:
    """A message waits until an earlier one is acknowledged."""
    sent: list[Publish] = []
    session.attach(sent.append)
    for number in range(MOST_IN_FLIGHT + 2):
        session.deliver(message(number))
    assert len(sent) == MOST_IN_FLIGHT
    session.acknowledged(sent[3].packet_id)
    session.acknowledged(60_000)
    assert len(sent) == MOST_IN_FLIGHT + 1
    assert len({one.packet_id for one in sent}) == MOST_IN_FLIGHT + 1


def test_sent_again_after_a_reconnection(session: ClientSession) -> None:
    """Unacknowledged messages are sent again first, marked as duplicates."""
    sent: list[Publish] = []
    session.attach(sent.append)
    session.deliver(message(1))
    session.deliver(message(2))
    session.acknowledged(sent[0].packet_id)
    session.detach()
    session.deliver(message(3))
    again: list[Publish] = []
    session.attach(again.append)
    assert again[0] == replace(sent[1], duplicate=True)
    assert [one.payload for one in again] == [b"2", b"3"]
    assert not again[1].duplicate


def test_queue_is_bounded(session: ClientSession) -> None:
    """Messages beyond the limit of the queue are dropped and counted."""
    for number in range(MOST_QUEUED + 3):
        assert session.deliver(message(number))
    assert (len(session.queued), session.dropped) == (MOST_QUEUED, 3)
