"""The MQTT topics of one network: subscribe, discard what breaks a rule, and publish.

A broker may support QoS 1 at most. It answers a message of QoS 2 by closing the
connection, and Home Assistant's client sends the message again after each connect, so
that one such message makes MQTT unusable for all integrations until the MQTT integration
is reloaded. Therefore nothing is published with QoS 2 before the broker has proven that it
supports it. The proof is a message that it has delivered with QoS 2: a broker grants
subscriptions no more than it supports (tried with mosquitto's ``max_qos`` on MQTT 3.1.1
and 5, for each listener). Nothing is lost with QoS 1: the same assignment may arrive
twice, and a board that has missed it asks again.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
import logging
import re
from typing import Final

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..core.clock import Instant
from ..core.firmware import INFO_BYTES
from ..core.protocol import Discarded, Reason

_LOGGER = logging.getLogger(__name__)

#: Reasons that occur in normal operation and are not logged as a warning.
_EXPECTED: Final = frozenset(
    {Reason.OTHER_SESSION, Reason.NOT_ADMITTED, Reason.REFUSED, Reason.RETIRED}
)

#: A field of a payload, except the first, that may be a session id. Session ids have 17
#: characters, values three at most.
_SECRET: Final = re.compile(b";[^;]{9,}")

#: The QoS that every broker has to accept.
REQUIRED_QOS: Final = 1

type Parse[MessageT] = Callable[[bytes], MessageT]
type Handle[MessageT] = Callable[[MessageT, str | None, Instant], None]
"""Called with the message, the MAC in its topic (None on a shared topic) and the time."""


class MqttLink:
    """The connection of one network with the broker, through Home Assistant's client."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        prefix: str,
        now: Callable[[], Instant],
    ) -> None:
        """Initialize; ``prefix`` precedes every topic, ``now`` returns the time."""
        self.discarded: Counter[Reason] = Counter()
        """Numbers of discarded messages by reason."""
        self.closed = False
        """Whether messages are ignored.

        When Home Assistant's MQTT integration is reloaded, subscriptions move to a new
        client, and the functions that unsubscribe know only the old one.
        """
        self._hass = hass
        self._entry = entry
        self.prefix = prefix
        self._now = now
        self._proven_qos = REQUIRED_QOS
        self._logged: set[Reason] = set()

    def is_connected(self) -> bool:
        """Return whether Home Assistant is connected with the broker."""
        return mqtt.is_connected(self._hass)

    @callback
    def async_on_connection(self, listener: Callable[[bool], None]) -> None:
        """Call ``listener`` when the connection with the broker opens or closes."""

        @callback
        def changed(connected: bool) -> None:
            # The next connection may be with another broker.
            self._proven_qos = REQUIRED_QOS
            listener(connected)

        self._entry.async_on_unload(
            mqtt.async_subscribe_connection_status(self._hass, changed)
        )

    async def async_subscribe[MessageT](
        self,
        topic: str,
        qos: int,
        parse: Parse[MessageT],
        handle: Handle[MessageT],
    ) -> None:
        """Subscribe to a topic that all boards share, and to each board's own below it.

        One filter matches both (MQTT 5.0, 4.7.1.2), which keeps the packets short: Home
        Assistant unsubscribes from all filters in one packet, and a broker may allow only
        200 bytes.
        ``handle`` is called with what ``parse`` returns. Both may raise ``Discarded``.
        """
        receive: Callable[[mqtt.ReceiveMessage], None] = partial(
            self._receive, parse, handle, len(self.prefix + topic) + 1
        )
        self._entry.async_on_unload(
            await mqtt.async_subscribe(
                self._hass, f"{self.prefix}{topic}/#", receive, qos, None
            )
        )

    async def async_subscribe_without_prefix[MessageT](
        self,
        topic: str,
        qos: int,
        parse: Parse[MessageT],
        handle: Handle[MessageT],
        is_of_network: Callable[[str | bytes | bytearray], bool],
    ) -> None:
        """Subscribe to a shared topic without the prefix of this network.

        Messages that are retained, or for which ``is_of_network`` returns False, are
        ignored.
        """

        @callback
        def receive(message: mqtt.ReceiveMessage) -> None:
            if not message.retain and is_of_network(message.payload):
                self._receive(parse, handle, len(topic) + 1, message)

        self._entry.async_on_unload(
            await mqtt.async_subscribe(self._hass, topic, receive, qos, None)
        )

    @callback
    def _receive[MessageT](
        self,
        parse: Parse[MessageT],
        handle: Handle[MessageT],
        own_at: int,
        message: mqtt.ReceiveMessage,
    ) -> None:
        """Handle one message, or discard it."""
        if self.closed:
            return
        self._proven_qos = max(self._proven_qos, message.qos)
        # One byte more than the longest message: enough to see that it is too long, and
        # the cost of a message does not grow with its length.
        payload = message.payload[: INFO_BYTES + 1]
        # The subscription asks for bytes. But Home Assistant passes one copy to all
        # subscribers of a topic, and its discovery subscribes to joins as text.
        data = payload.encode() if isinstance(payload, str) else bytes(payload)
        topic_mac = message.topic[own_at:] or None
        # A retained message is delivered at every start, however old it is.
        if message.retain:
            self._discard(Reason.RETAINED, message.topic, data)
            return
        try:
            handle(parse(data), topic_mac, self._now())
        except Discarded as discarded:
            self._discard(discarded.reason, message.topic, data)

    def _discard(self, reason: Reason, topic: str, payload: bytes) -> None:
        """Count a discarded message; log the first for each reason."""
        self.discarded[reason] += 1
        level = logging.DEBUG if reason in _EXPECTED else logging.WARNING
        # If the level is raised later, the first message after that is logged.
        if reason not in self._logged and _LOGGER.isEnabledFor(level):
            self._logged.add(reason)
            _LOGGER.log(
                level,
                "Discarded a message on %.100r (%s): %r. More like it are only counted",
                topic,
                reason,
                # Session ids are secret.
                _SECRET.sub(b";...", payload),
            )

    async def async_publish(self, topic: str, payload: str, qos: int) -> None:
        """Publish with ``qos``, or with the highest QoS that the broker has proven.

        Raises ``ValueError`` for an empty payload, which crashes boards in the field, and
        ``HomeAssistantError`` when the broker is not connected.
        """
        if not payload:
            raise ValueError(f"Empty message on {topic}")
        await mqtt.async_publish(
            self._hass,
            f"{self.prefix}{topic}",
            payload,
            qos=min(qos, self._proven_qos),
        )


async def async_wait_for_mqtt(hass: HomeAssistant) -> bool:
    """Wait while Home Assistant's MQTT client starts; return whether it is available."""
    return await mqtt.async_wait_for_mqtt_client(hass)
