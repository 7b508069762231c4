"""Tests of the place of one downlink in a queue that can only be added to."""

from datetime import UTC, datetime, timedelta
import json

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.attempts import NOT_SENT_AFTER
from custom_components.battery_thermal.protocol.delivery import Delivery
from custom_components.battery_thermal.protocol.delivery_update import (
    DeliveryEvent,
    DeliveryStage,
)
from custom_components.battery_thermal.protocol.queue_slot import QueueSlot

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)


def test_free() -> None:
    """A slot is free until a downlink that expires is in it."""
    slot = QueueSlot()
    assert slot.is_free(NOW)
    slot.occupy("a", None)
    assert slot.is_free(NOW)
    assert slot.as_dict() == {}
    slot.occupy("a", LATER)
    assert (slot.correlation_id, slot.is_free(NOW)) == ("a", False)
    slot.note_left("b")
    assert not slot.is_free(LATER)
    assert slot.is_free(LATER + timedelta(seconds=1))
    slot.note_left("a")
    assert slot.is_free(NOW)


def test_restart() -> None:
    """What may be in the queue survives a restart."""
    slot = QueueSlot()
    slot.occupy("a", LATER)
    again = QueueSlot.from_dict(json.loads(json.dumps(slot.as_dict())))
    assert (again.correlation_id, again.is_free(NOW)) == ("a", False)
    assert QueueSlot.from_dict({}).is_free(NOW)


@pytest.fixture
def offered() -> Delivery:
    """Return a delivery whose downlink "a" was offered, and not answered yet."""
    delivery = Delivery()
    delivery.request(threshold=60)
    settings = delivery.due(NOW)
    assert settings
    delivery.offered("a", settings, LATER)
    return delivery


@pytest.fixture
def delivery(offered: Delivery) -> Delivery:
    """Return a delivery whose downlink "a" is queued."""
    offered.accepted("a")
    return offered


def hear(delivery: Delivery, times: int = 1) -> DeliveryEvent | None:
    """Receive an uplink that shows nothing; return the last event."""
    for _ in range(times):
        update = delivery.uplink(NOW, mode=Mode.FAST, fan=False, maximum=30.0)
    return update and update.event


def test_the_next_waits(delivery: Delivery) -> None:
    """Other settings wait until the downlink before has left the queue."""
    delivery.request(threshold=70)
    assert delivery.due(NOW) is None
    hear(delivery)
    assert delivery.due(NOW) is None
    delivery.sent("a", NOW)
    settings = delivery.due(NOW)
    assert settings
    assert settings.threshold == 70


@pytest.mark.parametrize("leaves", ["sent", "acknowledged", "failed"])
def test_left(delivery: Delivery, leaves: str) -> None:
    """After any report, the downlink is no longer in the queue."""
    delivery.request(threshold=70)
    match leaves:
        case "sent":
            delivery.sent("a", NOW)
        case "acknowledged":
            delivery.acknowledged("a")
        case "failed":
            delivery.failed("a", "expired")
    assert delivery.due(NOW)


def test_refused(offered: Delivery) -> None:
    """A downlink that was refused was never in the queue."""
    offered.refused("a", "cannot_connect")
    hear(offered, 8)
    assert offered.due(NOW)


def test_no_answer_is_no_refusal(offered: Delivery) -> None:
    """A downlink without an answer may be in the queue until it expires."""
    offered.refused("a", "cannot_connect", answered=False)
    hear(offered, 8)
    assert offered.due(NOW) is None
    assert offered.due(LATER + timedelta(seconds=1))


def test_not_sent_after_some_uplinks(delivery: Delivery) -> None:
    """A downlink that no gateway has accepted after some uplinks counts as not sent."""
    assert hear(delivery, NOT_SENT_AFTER - 1) is None
    assert hear(delivery) is DeliveryEvent.FAILED
    assert (delivery.stage, delivery.error) == (DeliveryStage.FAILED, "not_sent")
    # It may still be in the queue, so another one is due only after it has expired.
    hear(delivery, 8)
    assert delivery.due(NOW) is None
    assert delivery.due(LATER + timedelta(seconds=1))
    update = delivery.sent("a", NOW)
    assert update
    assert update.event is DeliveryEvent.SENT
    assert delivery.stage is DeliveryStage.SENT


def test_stored(delivery: Delivery) -> None:
    """After a restart a delivery continues with the queued downlink, and stores nothing else."""
    stored = json.loads(json.dumps(delivery.as_dict()))
    assert stored["queued"] == ["a", LATER.isoformat()]
    again = Delivery.from_dict(stored)
    again.request(threshold=70)
    assert again.due(NOW) is None
    again.sent("a", NOW)
    assert "queued" not in again.as_dict()
    assert again.due(NOW)
