"""Place of the one downlink in a server's queue that cannot be replaced.

A queue that this integration can only add to holds one of its downlinks at a time. It
leaves when a gateway sends it, when the server discards it, or when it expires: then
nothing old can be sent later.
"""

from datetime import datetime
from typing import Any


class QueueSlot:
    """The downlink that may be in the queue. Free on servers that replace what is queued."""

    def __init__(self) -> None:
        """Initialize free."""
        self._correlation_id: str | None = None
        self._expires_at: datetime | None = None

    @property
    def correlation_id(self) -> str | None:
        """The downlink that may be in the queue, None if there is none."""
        return self._correlation_id

    def occupy(self, correlation_id: str, expires_at: datetime | None) -> None:
        """Note that a downlink may be in the queue; without an expiry it is replaced."""
        if expires_at is not None:
            self._correlation_id = correlation_id
            self._expires_at = expires_at

    def note_left(self, correlation_id: str) -> None:
        """Note that a downlink is not in the queue any more."""
        if correlation_id == self._correlation_id:
            self._correlation_id = self._expires_at = None

    def is_free(self, now: datetime) -> bool:
        """Return whether another downlink may be queued."""
        return self._expires_at is None or now > self._expires_at

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON: nothing where it was never occupied."""
        if self._correlation_id is None or self._expires_at is None:
            return {}
        return {"queued": [self._correlation_id, self._expires_at.isoformat()]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> QueueSlot:
        """Return what `as_dict` was called on."""
        slot = cls()
        if queued := data.get("queued"):
            slot.occupy(queued[0], datetime.fromisoformat(queued[1]))
        return slot
