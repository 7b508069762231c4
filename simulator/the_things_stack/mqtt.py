"""The MQTT server of The Things Stack: 3.1.1, QoS 0, no sessions kept.

As in its source (pkg/applicationserver/io/mqtt): the user is the application, the
password a key. Topics of other applications are refused in the SUBACK. Messages that a
key may not read are not delivered, and publishes that it may not write are ignored.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import override

from simulator.mqtt.body import MalformedPacketError
from simulator.mqtt.broker_packets import read_connect, read_subscribe
from simulator.mqtt.listener import Listener, ServedConnection
from simulator.mqtt.packets import (
    FAILURE,
    PacketType,
    Publish,
    decode_publish,
    encode,
    encode_acknowledgement,
    encode_publish,
    matches,
)
from simulator.raw import Where

from .faults import Faults
from .keys import Keys, Right
from .messages import QueuedDownlink, parse_downlink_request

CONNACK_ACCEPTED = 0
CONNACK_VERSION = 1
CONNACK_NOT_AUTHORIZED = 5

_BUFFER = 1_000_000
"""Bytes a slow reader may be behind; after that it misses messages."""

type DownlinkWriter = Callable[[str, str, Sequence[QueuedDownlink]], None]
"""Called with device id, ``push`` or ``replace``, and the downlinks. Raises LookupError
for an unknown device."""


class MqttServer(Listener["_Connection"]):
    """Accepts clients and delivers the devices' events."""

    def __init__(
        self, uid: str, keys: Keys, faults: Faults, write_downlinks: DownlinkWriter
    ) -> None:
        """Serve the application called ``uid``, ``<application>[@<tenant>]``."""
        super().__init__()
        self.uid = uid
        self.keys = keys
        self.faults = faults
        self.write_downlinks = write_downlinks
        self.refused_publishes = 0
        """Number of publishes dropped as unauthorized or invalid."""

    @override
    def accept(self, writer: asyncio.StreamWriter) -> _Connection:
        return _Connection(self, writer)

    def publish(self, topic: str, payload: bytes) -> None:
        """Deliver a message to every subscriber with the right to read it."""
        faults = self.faults
        if faults.silent:
            return
        if faults.broken_json:
            faults.broken_json -= 1
            payload = payload[: len(payload) // 2]
        packet = encode_publish(Publish(topic, payload), 4)
        cut, faults.cut_publish_after = faults.cut_publish_after, None
        for connection in list(self.connections):
            connection.deliver(topic, packet, cut)


class _Connection(ServedConnection):
    """One client."""

    def __init__(self, server: MqttServer, writer: asyncio.StreamWriter) -> None:
        super().__init__(writer, server.faults)
        self._server = server
        self._client_id = ""
        self._rights: frozenset[Right] = frozenset()
        self._filters: list[str] = []

    @property
    def backlog(self) -> int:
        """Return the number of bytes that wait to be sent."""
        return self._writer.transport.get_write_buffer_size()

    def deliver(self, topic: str, packet: bytes, cut: int | None) -> None:
        """Send a message if the client is subscribed and authorized."""
        transport = self._writer.transport
        if Right.TRAFFIC_READ not in self._rights or transport.is_closing():
            return
        if not any(matches(wanted, topic) for wanted in self._filters):
            return
        if cut is not None:
            # Close in the middle of a message: the first half arrives, the rest is never sent.
            self._writer.write(packet[:cut])
            self._writer.close()
        elif self.backlog < _BUFFER:
            self._writer.write(packet)

    @override
    def handle(self, first: int, body: bytes) -> bool:
        packet_type = first >> 4
        if self.account is None:
            return packet_type == PacketType.CONNECT and self._connect(body)
        match packet_type:
            case PacketType.SUBSCRIBE:
                self._subscribe(first, body)
            case PacketType.UNSUBSCRIBE:
                self._unsubscribe(first, body)
            case PacketType.PUBLISH:
                self._receive(decode_publish(first, body, 4))
            case PacketType.PINGREQ:
                if not self._server.faults.silent:
                    self._writer.write(encode(PacketType.PINGRESP))
            case PacketType.DISCONNECT:
                return False
            case _:
                raise MalformedPacketError(f"a client does not send {packet_type}")
        return True

    def _connect(self, body: bytes) -> bool:
        server = self._server
        connect = read_connect(body)
        if self._send_raw(Where.CONNECT):
            return True
        rights = server.keys.rights(connect.password)
        code = CONNACK_ACCEPTED
        if connect.level != 4:
            code = CONNACK_VERSION
        elif server.faults.connack is not None:
            code = server.faults.connack
        elif connect.user_name != server.uid or rights is None:
            code = CONNACK_NOT_AUTHORIZED
        self._writer.write(encode(PacketType.CONNACK, bytes((0, code))))
        if code != CONNACK_ACCEPTED or rights is None:
            return False
        for other in list(server.connections):
            if other.is_client(connect.client_id):
                other.abort()
        self.account = connect.password
        self._client_id = connect.client_id
        self._rights = rights
        self._patience = connect.keepalive * 1.5 or None
        return True

    def is_client(self, client_id: str) -> bool:
        """Return whether this is the connection of a client id."""
        return bool(client_id) and self._client_id == client_id

    def _subscribe(self, first: int, body: bytes) -> None:
        subscribe = read_subscribe(first, body, 4)
        if self._send_raw(Where.SUBSCRIBE):
            return
        codes = bytearray()
        for topic_filter, qos in subscribe.filters:
            own = topic_filter.startswith(f"v3/{self._server.uid}/")
            if self._server.faults.suback_failure or not (own or topic_filter == "#"):
                codes.append(FAILURE)
                continue
            codes.append(qos)
            # "#" means all topics of the own application.
            self._filters.append(topic_filter if own else f"v3/{self._server.uid}/#")
        packet_id = subscribe.packet_id.to_bytes(2)
        self._writer.write(encode(PacketType.SUBACK, packet_id + codes))
        self._send_raw(Where.PUBLISH)

    def _unsubscribe(self, first: int, body: bytes) -> None:
        unsubscribe = read_subscribe(first, body, 4)
        for topic_filter, _qos in unsubscribe.filters:
            with suppress(ValueError):
                self._filters.remove(topic_filter)
        self._writer.write(
            encode_acknowledgement(PacketType.UNSUBACK, unsubscribe.packet_id)
        )

    def _receive(self, publish: Publish) -> None:
        """Accept ``devices/<device>/down/push|replace``; ignore any other topic."""
        server = self._server
        if Right.TRAFFIC_DOWN_WRITE in self._rights:
            with suppress(ValueError, LookupError):
                server.write_downlinks(
                    *parse_downlink_request(server.uid, publish.topic, publish.payload)
                )
                return
        server.refused_publishes += 1
