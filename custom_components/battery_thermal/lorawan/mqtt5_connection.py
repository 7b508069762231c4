"""Client connection to an MQTT 5 broker that is not trusted, with QoS 1 and kept sessions.

Like `mqtt_connection`, it runs on the event loop only, and a caller that does not read
stops the broker from sending. A message is acknowledged when the caller asks for the next
one, so the broker keeps messages that were not processed.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
import ssl
from typing import Final
from uuid import uuid4

from . import mqtt5_packets as packets, mqtt_connection as transport
from .mqtt5_packets import Published, Reason
from .mqtt5_refusals import BrokerAccessError, TopicRefusedError, refusal
from .mqtt_connection import errors_mapped, kept_alive, leave, open_stream, read_packet
from .mqtt_packets import PacketError, PacketType, ping
from .network_server import NetworkServerError, NobodyListensError, UnansweredError
from .turns import Turns

# Seconds for which the broker keeps the session after the connection has ended.
SESSION_EXPIRY: Final = 24 * 3600
# Longest time in seconds until the broker acknowledges a message.
PUBACK_WITHIN: float = 8.0
# Seconds after which kept messages are no longer waited for: set-up has to end.
DRAIN_WITHIN: float = 10.0
# Largest number of kept messages, and of bytes of their payloads. An uplink of a node
# is 1.2 kB of JSON; brokers keep 1000 messages of a client by default.
MOST_KEPT: Final = 10_000
MOST_KEPT_BYTES: Final = 8_000_000
# Bytes of answers that wait for a broker that does not read them.
MOST_UNREAD: Final = 256 * 1024

_SUBSCRIPTION: Final = 1
_LAST_PACKET_ID: Final = 0xFFFF


@dataclass(frozen=True, kw_only=True)
class Broker:
    """Address of a broker and account of the client.

    `tls`: None for a connection without TLS. `client_id`: name of the session that the
    broker keeps; None if it shall not keep one.
    """

    host: str
    port: int
    tls: ssl.SSLContext | None
    user_name: str | None = None
    password: str | None = field(default=None, repr=False)
    client_id: str | None = None


class Mqtt5Connection:
    """An open connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Initialize a connection on which nothing was sent or read yet."""
        self.session_present = False
        """Whether the broker has kept the session and its messages."""
        self._reader = reader
        self._writer = writer
        self._keepalive = transport.KEEPALIVE
        self._early: deque[Published] = deque()
        self._early_count = 0
        self._early_bytes = 0
        self._packet_id = _SUBSCRIPTION
        self._unanswered: dict[int, asyncio.Future[int]] = {}

    async def log_in(self, broker: Broker, session_expiry: int) -> None:
        """Send CONNECT. Raises NetworkServerError when refused.

        `session_expiry`: seconds for which the broker keeps the session; with 0 it also
        discards the one that it has kept.
        """
        self._writer.write(
            packets.connect(
                broker.client_id or f"ha-{uuid4().hex[:20]}",
                broker.user_name,
                broker.password,
                keepalive=transport.KEEPALIVE,
                session_expiry=session_expiry,
            )
        )
        first, body = await read_packet(self._reader)
        if first >> 4 != PacketType.CONNACK:
            raise PacketError("something else than a CONNACK")
        answer = packets.read_connack(body)
        if answer.reason:
            raise refusal(answer.reason)
        self.session_present = answer.session_present
        if answer.keepalive is not None and transport.KEEPALIVE:
            self._keepalive = answer.keepalive

    async def subscribe(self, topics: Sequence[str]) -> None:
        """Subscribe with QoS 1. Raises TopicRefusedError when refused.

        Messages of a kept session may arrive before the answer.
        """
        self._writer.write(packets.subscribe(_SUBSCRIPTION, topics))
        while True:
            first, body = await read_packet(self._reader)
            if first >> 4 == PacketType.SUBACK:
                break
            self._receive_early(first, body)
        reasons = packets.read_suback(body, _SUBSCRIPTION, len(topics))
        if any(reason >= Reason.UNSPECIFIED_ERROR for reason in reasons):
            raise TopicRefusedError(f"SUBACK {list(reasons)}")

    async def drain(self) -> list[Published]:
        """Return the messages that the broker has kept for the session.

        All of them have arrived when no message comes between two PINGRESPs: the broker
        answers in order, and sends kept messages as soon as earlier ones are acknowledged.
        What arrives after DRAIN_WITHIN is left to `messages`. Raises NetworkServerError.
        """
        clock = asyncio.get_running_loop().time
        end = clock() + DRAIN_WITHIN
        with errors_mapped():
            before = -1
            self._writer.write(ping())
            while clock() < end:
                async with asyncio.timeout(DRAIN_WITHIN):
                    first, body = await read_packet(self._reader)
                if first >> 4 != PacketType.PINGRESP:
                    self._receive_early(first, body)
                elif self._early_count > before:
                    before = self._early_count
                    self._writer.write(ping())
                else:
                    break
        return self._take_early()

    def _take_early(self) -> list[Published]:
        """Return the messages that arrived before `messages` is iterated."""
        early = list(self._early)
        self._early.clear()
        return early

    def _receive_early(self, first: int, body: bytes) -> None:
        """Keep and acknowledge a message that arrives before `messages` is iterated.

        Of more than MOST_KEPT messages or MOST_KEPT_BYTES, the oldest are dropped.
        """
        if first >> 4 != PacketType.PUBLISH:
            raise PacketError("something else than an answer")
        published = packets.read_publish(first, body)
        self._early_count += 1
        self._early.append(published)
        self._early_bytes += len(published.payload)
        while len(self._early) > MOST_KEPT or self._early_bytes > MOST_KEPT_BYTES:
            self._early_bytes -= len(self._early.popleft().payload)
        self._acknowledge(published)

    async def messages(self) -> AsyncGenerator[Published]:
        """Yield published messages until the connection ends with NetworkServerError.

        Let other tasks run in between, also while many messages arrive.
        """
        turns = Turns()
        for published in self._take_early():
            yield published
        patience = 2 * self._keepalive or None
        with errors_mapped(), kept_alive(self._writer, self._keepalive):
            while True:
                async with asyncio.timeout(patience):
                    first, body = await read_packet(self._reader)
                await turns.take(len(body))
                match first >> 4:
                    case PacketType.PUBLISH:
                        published = packets.read_publish(first, body)
                        yield published
                        self._acknowledge(published)
                    case PacketType.PUBACK:
                        self._answered(*packets.read_puback(body))
                    case PacketType.PINGRESP:
                        pass
                    case PacketType.DISCONNECT:
                        raise refusal(packets.read_disconnect(body))
                    case kind:
                        raise PacketError(f"a packet of kind {kind}")

    async def publish(self, topic: str, payload: bytes) -> None:
        """Publish with QoS 1, and wait for the answer, which `messages` reads.

        Raises BrokerAccessError or NobodyListensError when refused, and UnansweredError if
        no answer arrives: then the broker may have accepted the message.
        """
        packet_id = self._packet_id = self._packet_id % _LAST_PACKET_ID + 1
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._unanswered[packet_id] = answer
        self._writer.write(packets.publish(packet_id, topic, payload))
        try:
            async with asyncio.timeout(PUBACK_WITHIN):
                reason = await answer
        except TimeoutError as error:
            raise UnansweredError("no PUBACK in time") from error
        finally:
            del self._unanswered[packet_id]
        match reason:
            case Reason.SUCCESS:
                return
            case Reason.NO_MATCHING_SUBSCRIBERS:
                raise NobodyListensError(topic)
            case Reason.NOT_AUTHORIZED:
                raise BrokerAccessError(topic)
        raise NetworkServerError(f"PUBACK with reason {reason:#x}")

    async def publish_and_read(
        self, topic: str, payload: bytes, messages: AsyncIterator[Published]
    ) -> None:
        """Publish like `publish`, for a caller that does not iterate `messages` itself."""
        reader = asyncio.create_task(self._drop_all(messages))
        try:
            await self.publish(topic, payload)
        finally:
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader

    async def _drop_all(self, messages: AsyncIterator[Published]) -> None:
        """Read and drop messages until the connection ends."""
        try:
            with suppress(NetworkServerError):
                async for _ in messages:
                    pass
        finally:
            self.end()

    def end(self) -> None:
        """Raise UnansweredError in all tasks that wait for an answer."""
        for answer in self._unanswered.values():
            # The answer may have arrived already, and its task may not have run yet.
            with suppress(asyncio.InvalidStateError):
                answer.set_exception(UnansweredError("the connection was lost"))

    def _answered(self, packet_id: int, reason: int) -> None:
        answer = self._unanswered.get(packet_id)
        if answer is not None and not answer.done():
            answer.set_result(reason)

    def _acknowledge(self, published: Published) -> None:
        """Acknowledge a message. Raises PacketError if the broker reads no answers."""
        if published.packet_id is None:
            return
        self._writer.write(packets.puback(published.packet_id))
        if self._writer.transport.get_write_buffer_size() > MOST_UNREAD:
            raise PacketError("acknowledgements are not read")


@asynccontextmanager
async def connected(
    broker: Broker, topics: Sequence[str]
) -> AsyncGenerator[Mqtt5Connection]:
    """Connect and subscribe. Raises NetworkServerError."""
    async with AsyncExitStack() as exits:
        expiry = SESSION_EXPIRY if broker.client_id else 0
        yield await _open(exits, broker, expiry, topics)


async def discard_session(broker: Broker) -> None:
    """Let the broker discard the session that it keeps. Raises NetworkServerError."""
    async with AsyncExitStack() as exits:
        await _open(exits, broker, session_expiry=0)


async def _open(
    exits: AsyncExitStack,
    broker: Broker,
    session_expiry: int,
    topics: Sequence[str] = (),
) -> Mqtt5Connection:
    """Open a connection until `exits` are closed; subscribe if there are topics."""
    with errors_mapped():
        async with asyncio.timeout(transport.CONNECT_WITHIN):
            reader, writer = await open_stream(broker.host, broker.port, broker.tls)
            exits.push_async_callback(leave, writer)
            connection = Mqtt5Connection(reader, writer)
            exits.callback(connection.end)
            await connection.log_in(broker, session_expiry)
            if topics:
                await connection.subscribe(topics)
    return connection


@asynccontextmanager
async def reading(
    connection: Mqtt5Connection,
) -> AsyncGenerator[AsyncIterator[Published]]:
    """Yield the messages of a connection, and close their iteration at the end."""
    async with aclosing(connection.messages()) as messages:
        yield messages
