"""A subscriber's connection to an MQTT 3.1.1 server that is not trusted.

The connection runs on the event loop, without a thread, for three reasons:

- It can be cancelled at any time, also during a TLS handshake. A client library that
  connects in a thread cannot be cancelled.
- While the reader is busy, nothing is read from the socket. TCP then stops the sender,
  so messages do not accumulate in memory.
- The length of a packet is checked before its body is read.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
from contextlib import (
    AsyncExitStack,
    aclosing,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from dataclasses import dataclass, field
import ssl
from typing import Final
from uuid import uuid4

from . import mqtt_packets as packets
from .mqtt_packets import PacketError, PacketLength, PacketType, Refusal
from .network_server import (
    ForeignApplicationError,
    InvalidKeyError,
    NetworkServerError,
    RateLimitedError,
    TlsError,
    UnreachableError,
)
from .turns import Turns

# Timeout in seconds of connecting: DNS, TCP, TLS, CONNACK and SUBACK together.
CONNECT_WITHIN = 10.0
# Seconds between PINGREQ packets; 0: none are sent, and no answer is expected.
KEEPALIVE = 30
# Timeout in seconds of disconnecting.
LEAVE_WITHIN = 1.0

# Seconds: 300 years.
_NEVER: Final = 1e10

# Size of the read buffer in bytes; asyncio stops reading at twice this size.
_READ_AHEAD: Final = 64 * 1024
# Largest number of messages before the SUBACK (MQTT 3.1.1, 3.8.4).
_EARLY: Final = 16
_SUBSCRIPTION: Final = 1


@dataclass(frozen=True, kw_only=True)
class Account:
    """Address of a server and login; `tls` is None for a plain connection."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    user_name: str
    password: str = field(repr=False)


@asynccontextmanager
async def subscribed(
    account: Account, topics: Sequence[str]
) -> AsyncGenerator[AsyncIterator[tuple[str, bytes]]]:
    """Connect, subscribe with QoS 0, and yield an iterator of topics and payloads.

    Raises NetworkServerError. The iterator raises it when the connection ends.
    """
    async with (
        connected(account, topics) as connection,
        aclosing(connection.messages()) as published,
    ):
        yield published


@asynccontextmanager
async def connected(
    account: Account, topics: Sequence[str]
) -> AsyncGenerator[MqttConnection]:
    """Connect, subscribe with QoS 0, and yield the connection, which also sends.

    Raises NetworkServerError.
    """
    async with AsyncExitStack() as exits:
        with errors_mapped():
            async with asyncio.timeout(CONNECT_WITHIN):
                reader, writer = await open_stream(
                    account.host, account.port, account.tls
                )
                exits.push_async_callback(leave, writer)
                connection = MqttConnection(reader, writer)
                await connection.log_in(account)
                await connection.subscribe(topics, account.user_name)
        exits.enter_context(kept_alive(writer, KEEPALIVE))
        yield connection


@contextmanager
def errors_mapped() -> Generator[None]:
    """Raise NetworkServerError in place of the errors of a connection."""
    try:
        yield
    except ssl.SSLError as error:
        raise TlsError(str(error)) from error
    except (OSError, EOFError, PacketError) as error:
        raise UnreachableError(str(error) or type(error).__name__) from error


async def open_stream(
    host: str, port: int, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection. Raises what `errors_mapped` maps."""
    return await asyncio.open_connection(
        host,
        port,
        limit=_READ_AHEAD,
        ssl=tls,
        ssl_shutdown_timeout=LEAVE_WITHIN if tls else None,
        happy_eyeballs_delay=0.25,
    )


async def leave(writer: asyncio.StreamWriter) -> None:
    """Send DISCONNECT if possible, and close the connection."""
    writer.write(packets.disconnect())
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(LEAVE_WITHIN):
            await writer.wait_closed()
    writer.transport.abort()


async def read_packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return the first byte and the body of the next packet.

    Raises PacketError for a packet that is too long, and the errors of the stream.
    """
    (first,) = await reader.readexactly(1)
    length = PacketLength()
    while not length.feed((await reader.readexactly(1))[0]):
        pass
    return first, await reader.readexactly(length.value)


@contextmanager
def kept_alive(writer: asyncio.StreamWriter, keepalive: int) -> Generator[None]:
    """Send a PINGREQ every `keepalive` seconds, independently of the reader; 0: none."""
    timer = _KeepAliveTimer(writer, keepalive or _NEVER)
    try:
        yield
    finally:
        timer.stop()


class _KeepAliveTimer:
    """Sends PINGREQ packets until stopped."""

    def __init__(self, writer: asyncio.StreamWriter, pause: float) -> None:
        """Start with `pause` seconds before each PINGREQ."""
        self._writer = writer
        self._pause = pause
        self._timer = self._start()

    def stop(self) -> None:
        """Stop sending."""
        self._timer.cancel()

    def _start(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self._pause, self._ping)

    def _ping(self) -> None:
        self._writer.write(packets.ping())
        self._timer = self._start()


class MqttConnection:
    """The MQTT session on an open connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Initialize before the login."""
        self._reader = reader
        self._writer = writer
        self._early: deque[tuple[str, bytes]] = deque()

    def write(self, packet: bytes) -> None:
        """Send a packet, unless the connection has ended."""
        self._writer.write(packet)

    async def log_in(self, account: Account) -> None:
        """Log in. Raises NetworkServerError when refused."""
        client_id = f"ha-{uuid4().hex[:20]}"  # At most 23 characters (3.1.3.1).
        self.write(
            packets.connect(client_id, account.user_name, account.password, KEEPALIVE)
        )
        first, body = await read_packet(self._reader)
        if first >> 4 != PacketType.CONNACK:
            raise PacketError("something else than a CONNACK")
        if code := packets.return_code(body):
            raise _refusal(code)

    async def subscribe(self, topics: Sequence[str], user_name: str) -> None:
        """Subscribe. Raises ForeignApplicationError when refused."""
        self.write(packets.subscribe(_SUBSCRIPTION, topics))
        while True:
            first, body = await read_packet(self._reader)
            if first >> 4 == PacketType.SUBACK:
                break
            if first >> 4 != PacketType.PUBLISH or len(self._early) == _EARLY:
                raise PacketError("something else than a SUBACK")
            self._early.append(packets.published(first, body))
        if not packets.granted(body, _SUBSCRIPTION, len(topics)):
            raise ForeignApplicationError(user_name)

    async def messages(self) -> AsyncGenerator[tuple[str, bytes]]:
        """Yield published messages; let other tasks run between batches of them."""
        turns = Turns()
        while self._early:
            yield self._early.popleft()
        # A server answers each PINGREQ before the next one is due.
        patience = 2 * KEEPALIVE or None
        with errors_mapped():
            while True:
                async with asyncio.timeout(patience):
                    first, body = await read_packet(self._reader)
                await turns.take(len(body))
                match first >> 4:
                    case PacketType.PUBLISH:
                        yield packets.published(first, body)
                    case PacketType.PINGRESP:
                        pass
                    case kind:
                        raise PacketError(f"a packet of kind {kind}")


def _refusal(code: int) -> NetworkServerError:
    """Return the error for the code of a CONNACK."""
    match code:
        case Refusal.CREDENTIALS | Refusal.NOT_AUTHORIZED:
            return InvalidKeyError(f"MQTT refused with code {code}")
        case Refusal.UNAVAILABLE:
            return RateLimitedError()
    return UnreachableError(f"MQTT refused with code {code}")
