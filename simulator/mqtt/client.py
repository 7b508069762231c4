"""An MQTT client connection: one socket, one timer, and all QoS levels."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
import ssl
from typing import cast, override

from .answers import end, fail
from .body import MalformedPacketError
from .packets import (
    FAILURE,
    Connect,
    Decoder,
    Level,
    PacketType,
    Publish,
    Subscribe,
    Will,
    decode_acknowledgement,
    decode_connack,
    decode_publish,
    decode_suback,
    encode,
    encode_acknowledgement,
    encode_connect,
    encode_publish,
    encode_subscribe,
)

_WINDOW = 20
"""Limit of QoS 1 and 2 messages in flight, as mosquitto's max_inflight_messages."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Address and login."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = None
    protocol: Level = 5
    """4 is MQTT 3.1.1."""
    tls: ssl.SSLContext | None = None


class Connection(asyncio.Protocol):
    """A connection to a broker, from CONNECT to its end; it cannot be reused.

    ``closed`` is done when the connection has ended for any reason.
    """

    __slots__ = (
        "_accepted",
        "_backlog",
        "_connect",
        "_decoder",
        "_heard",
        "_last_packet_id",
        "_loop",
        "_pinged",
        "_receive",
        "_received",
        "_spoke",
        "_subscribed",
        "_timer",
        "_transport",
        "_waiting",
        "closed",
    )

    def __init__(self, connect: Connect, receive: Callable[[Publish], None]) -> None:
        """Initialize; ``receive`` is called with every message, for QoS 2 exactly once."""
        self._connect = connect
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self.closed: asyncio.Future[None] = self._loop.create_future()
        self._accepted: asyncio.Future[None] = self._loop.create_future()
        self._subscribed: dict[int, asyncio.Future[bytes]] = {}
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._backlog: deque[tuple[Publish, asyncio.Future[None]]] = deque()
        self._received: set[int] = set()
        self._decoder = Decoder()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._last_packet_id = 0
        self._heard = self._spoke = self._pinged = False

    @classmethod
    async def open(
        cls,
        broker: Broker,
        client_id: str,
        receive: Callable[[Publish], None],
        *,
        keepalive: int = 30,
        will: Will | None = None,
        patience: float = 10.0,
    ) -> Connection:
        """Connect. Raises OSError if that fails, RefusedError if the broker refuses.

        Raises TimeoutError after ``patience`` seconds. ``keepalive`` in seconds, 0 for none.
        """
        connect = Connect(
            client_id,
            broker.protocol,
            keepalive=keepalive,
            username=broker.username,
            password=broker.password,
            will=will,
        )
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(patience):
            _, connection = await loop.create_connection(
                lambda: cls(connect, receive), broker.host, broker.port, ssl=broker.tls
            )
            try:
                await connection._accepted  # noqa: SLF001
            except BaseException:
                connection.abort()
                raise
        return connection

    @property
    def is_open(self) -> bool:
        """Return whether the connection is open."""
        return not self.closed.done()

    def send(
        self, topic: str, payload: bytes, qos: int = 0, *, retain: bool = False
    ) -> asyncio.Future[None]:
        """Publish; the result is done when QoS 0 was written, QoS 1 or 2 acknowledged.

        The result is ConnectionError if the connection ended first, and RefusedError if
        the broker refuses the message (version 5 only).
        """
        done: asyncio.Future[None] = self._loop.create_future()
        publish = Publish(topic, payload, qos, retain)
        if not self.is_open:
            fail(done)
        elif not qos:
            self._write(encode_publish(publish, self._connect.level))
            done.set_result(None)
        elif len(self._waiting) < _WINDOW:
            self._send_acknowledged(publish, done)
        else:
            self._backlog.append((publish, done))
        return done

    async def subscribe(self, filters: Sequence[tuple[str, int]]) -> bytes:
        """Subscribe to (filter, QoS) pairs, return the codes of the SUBACK.

        RefusedError if the broker refuses one of them.
        """
        packet_id = self._next_packet_id()
        granted: asyncio.Future[bytes] = self._loop.create_future()
        if self.is_open:
            self._subscribed[packet_id] = granted
            subscribe = Subscribe(packet_id, tuple(filters))
            self._write(encode_subscribe(subscribe, self._connect.level))
        else:
            fail(granted)
        return await granted

    def disconnect(self) -> None:
        """Send DISCONNECT, so that the broker drops the will, and close."""
        if self._transport is not None and self.is_open:
            self._write(encode(PacketType.DISCONNECT))
            self._transport.close()

    def abort(self) -> None:
        """Break the connection without DISCONNECT."""
        if self._transport is not None:
            self._transport.abort()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send CONNECT."""
        self._transport = cast(asyncio.Transport, transport)
        self._write(encode_connect(self._connect))
        if self._connect.keepalive:
            self._keep_watch()

    @override
    def data_received(self, data: bytes) -> None:
        """Handle a packet of the broker."""
        self._heard = True
        try:
            for first, body in self._decoder.feed(data):
                self._handle(first, body)
        except MalformedPacketError:
            self.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Fail all waiting futures."""
        if self._timer is not None:
            self._timer.cancel()
        if not self.closed.done():
            self.closed.set_result(None)
        fail(self._accepted)
        for granted in self._subscribed.values():
            fail(granted)
        for done in (*self._waiting.values(), *(done for _, done in self._backlog)):
            fail(done)

    def _keep_watch(self) -> None:
        self._timer = self._loop.call_later(self._connect.keepalive / 2, self._watch)

    def _watch(self) -> None:
        """Send PINGREQ when half a keepalive passed without a packet in either direction.

        Without an answer by the next check the connection ends.
        """
        if self._pinged and not self._heard:
            self.abort()
            return
        self._pinged = not (self._heard and self._spoke)
        self._heard = self._spoke = False
        if self._pinged:
            self._write(encode(PacketType.PINGREQ))
        self._keep_watch()

    def _handle(self, first: int, body: bytes) -> None:
        match first >> 4:
            case PacketType.PUBLISH:
                self._take(decode_publish(first, body, self._connect.level))
            case PacketType.PUBACK | PacketType.PUBCOMP:
                self._settle(*decode_acknowledgement(body))
            case PacketType.PUBREC:
                packet_id, reason = decode_acknowledgement(body)
                if reason >= FAILURE:
                    self._settle(packet_id, reason)
                else:
                    self._acknowledge(PacketType.PUBREL, packet_id)
            case PacketType.PUBREL:
                packet_id, _ = decode_acknowledgement(body)
                self._received.discard(packet_id)
                self._acknowledge(PacketType.PUBCOMP, packet_id)
            case PacketType.SUBACK:
                packet_id, codes = decode_suback(body, self._connect.level)
                if (granted := self._subscribed.pop(packet_id, None)) is not None:
                    refusal = max(codes, default=0)
                    end(granted, codes, refusal if refusal >= FAILURE else 0)
            case PacketType.CONNACK:
                end(self._accepted, None, decode_connack(body))

    def _take(self, publish: Publish) -> None:
        if publish.qos == 1:
            self._acknowledge(PacketType.PUBACK, publish.packet_id)
        elif publish.qos == 2:
            self._acknowledge(PacketType.PUBREC, publish.packet_id)
            if publish.packet_id in self._received:
                return
            self._received.add(publish.packet_id)
        self._receive(publish)

    def _settle(self, packet_id: int, reason: int) -> None:
        if (done := self._waiting.pop(packet_id, None)) is not None:
            end(done, None, reason if reason >= FAILURE else 0)
        if self._backlog:
            self._send_acknowledged(*self._backlog.popleft())

    def _send_acknowledged(self, publish: Publish, done: asyncio.Future[None]) -> None:
        packet_id = self._next_packet_id()
        self._waiting[packet_id] = done
        publish = replace(publish, packet_id=packet_id)
        self._write(encode_publish(publish, self._connect.level))

    def _acknowledge(self, packet_type: PacketType, packet_id: int) -> None:
        self._write(encode_acknowledgement(packet_type, packet_id))

    def _next_packet_id(self) -> int:
        self._last_packet_id = self._last_packet_id % 0xFFFF + 1
        return self._last_packet_id

    def _write(self, packet: bytes) -> None:
        self._spoke = True
        if self._transport is not None:
            self._transport.write(packet)
