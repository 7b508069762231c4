"""A client's session at a broker: subscriptions, and messages on their way.

Source: OASIS MQTT 5.0, chapters 4.1 to 4.4. Limits are mosquitto's defaults.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from .packets import Publish, matches

MOST_IN_FLIGHT: Final = 20
"""Limit of unacknowledged QoS 1 messages (max_inflight_messages)."""

MOST_QUEUED: Final = 1000
"""Limit of messages queued for a client (max_queued_messages)."""


class ClientSession:
    """State that a broker keeps of a client, connected or not."""

    def __init__(self, client_id: str, user_name: str) -> None:
        """Start without subscriptions."""
        self.client_id = client_id
        self.user_name = user_name
        self.filters: dict[str, int] = {}
        """QoS granted by topic filter."""
        self.queued: deque[Publish] = deque()
        self.dropped = 0
        """Number of messages that exceeded the limit."""
        self._in_flight: dict[int, Publish] = {}
        self._packet_id = 0
        self._write: Callable[[Publish], None] | None = None

    @property
    def connected(self) -> bool:
        """Return whether the client is connected."""
        return self._write is not None

    def attach(self, write: Callable[[Publish], None]) -> None:
        """Connect a client, and send its unacknowledged messages first."""
        self._write = write
        for publish in self._in_flight.values():
            write(replace(publish, duplicate=True))
        self._send_queued()

    def detach(self) -> None:
        """Queue messages until the client connects again."""
        self._write = None

    def granted(self, topic: str) -> int | None:
        """Return the highest QoS of the subscriptions to a topic; None without one."""
        return max(
            (qos for wanted, qos in self.filters.items() if matches(wanted, topic)),
            default=None,
        )

    def deliver(self, publish: Publish) -> bool:
        """Send or queue a message for the client; return whether it is subscribed.

        Messages of QoS 0 are not queued.
        """
        if (granted := self.granted(publish.topic)) is None:
            return False
        qos = min(publish.qos, granted)
        outgoing = replace(publish, qos=qos, packet_id=0)
        if qos == 0:
            if self._write is not None:
                self._write(outgoing)
        elif len(self.queued) < MOST_QUEUED:
            self.queued.append(outgoing)
            self._send_queued()
        else:
            self.dropped += 1
        return True

    def acknowledged(self, packet_id: int) -> None:
        """Process a PUBACK, and send messages that waited for it."""
        self._in_flight.pop(packet_id, None)
        self._send_queued()

    def _send_queued(self) -> None:
        while self._write and self.queued and len(self._in_flight) < MOST_IN_FLIGHT:
            self._packet_id = self._packet_id % 0xFFFF + 1
            publish = replace(self.queued.popleft(), packet_id=self._packet_id)
            self._in_flight[self._packet_id] = publish
            self._write(publish)
