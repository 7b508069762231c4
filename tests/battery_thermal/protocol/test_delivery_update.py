"""Tests of the stages of a delivery, and of the events of its downlinks."""

from datetime import UTC, datetime
import json

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.delivery import Delivery
from custom_components.battery_thermal.protocol.delivery_update import (
    DeliveryEvent,
    DeliveryStage,
    DeliveryUpdate,
)
from custom_components.battery_thermal.protocol.downlink import Settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WANTED = Settings(60, Mode.FAST, fan=False)


@pytest.fixture
def delivery() -> Delivery:
    """Return a delivery whose downlink is about to be offered."""
    delivery = Delivery(budget=8)
    delivery.request(threshold=60)
    assert delivery.due(NOW) == WANTED
    delivery.offered("ours:1", WANTED)
    return delivery


def test_each_event_has_its_stage(delivery: Delivery) -> None:
    """A downlink that is queued, sent and acknowledged passes a stage for each."""
    assert delivery.stage is DeliveryStage.IDLE
    assert delivery.accepted("ours:1") == DeliveryUpdate(DeliveryEvent.QUEUED, WANTED)
    assert delivery.stage is DeliveryStage.QUEUED
    assert delivery.sent("ours:1", NOW) == DeliveryUpdate(DeliveryEvent.SENT, WANTED)
    assert delivery.stage is DeliveryStage.SENT
    assert delivery.acknowledged("ours:1") == DeliveryUpdate(
        DeliveryEvent.DELIVERED, WANTED
    )
    assert delivery.stage is DeliveryStage.ACKNOWLEDGED


def test_weaker_proof_does_not_lower_the_stage(delivery: Delivery) -> None:
    """A report that arrives late does not replace a better proof."""
    delivery.accepted("ours:1")
    delivery.acknowledged("ours:1")
    delivery.sent("ours:1", NOW)
    assert delivery.stage is DeliveryStage.ACKNOWLEDGED


def test_failure_has_an_error(delivery: Delivery) -> None:
    """Only the event of a failure has an error."""
    queued = delivery.accepted("ours:1")
    assert queued == DeliveryUpdate(DeliveryEvent.QUEUED, WANTED)
    failed = delivery.failed("ours:1", "expired")
    assert failed == DeliveryUpdate(DeliveryEvent.FAILED, WANTED, "expired")
    assert delivery.stage is DeliveryStage.FAILED


def test_replaced_downlink(delivery: Delivery) -> None:
    """The event of a replaced downlink has the settings that it would have set."""
    delivery.accepted("ours:1")
    assert delivery.request(threshold=70) == DeliveryUpdate(
        DeliveryEvent.SUPERSEDED, WANTED
    )


@pytest.mark.parametrize("stage", DeliveryStage)
def test_stages_are_stored_as_text(delivery: Delivery, stage: DeliveryStage) -> None:
    """Each stage survives a restart under its name."""
    data = json.loads(json.dumps(delivery.as_dict() | {"stage": stage}))
    assert data["stage"] == stage.value
    assert Delivery.from_dict(data, 8).stage is stage
