"""Stages of a delivery of settings, and events of its downlinks."""

from enum import StrEnum
from typing import NamedTuple

from .downlink import Settings


class DeliveryStage(StrEnum):
    """How far the wanted settings have come; each further stage is a better proof."""

    IDLE = "idle"
    """Nothing was offered to the network server."""
    QUEUED = "queued"
    """The network server has taken it."""
    SENT = "sent"
    """A gateway has sent it."""
    ACKNOWLEDGED = "acknowledged"
    """The node has acknowledged it."""
    REPORTED = "reported"
    """The node's uplinks show it."""
    FAILED = "failed"
    """It was refused, lost, or repeated without effect."""


class DeliveryEvent(StrEnum):
    """Kinds of what an event entity reports of downlinks."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUPERSEDED = "superseded"


class DeliveryUpdate(NamedTuple):
    """A new event of a downlink, with its settings and the error if it failed."""

    event: DeliveryEvent
    settings: Settings
    error: str | None = None
