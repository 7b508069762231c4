"""As much of MQTT 5 as a board needs: QoS 0, 1 and 2 both ways, a will, keepalive.

Why not one of the known clients: umqtt.simple and umqtt.robust (micropython-lib) and
mqtt_as (Peter Hinch) end at QoS 1, and this protocol joins, is answered and leaves with
QoS 2. Chapter numbers are those of the OASIS standard MQTT 5.0.
"""

import asyncio
import struct
from time import ticks_diff, ticks_ms

CONNECT = 0x10
CONNACK = 0x20
PUBLISH = 0x30
PUBACK = 0x40
PUBREC = 0x50
PUBREL = 0x62
PUBCOMP = 0x70
SUBSCRIBE = 0x82
SUBACK = 0x90
PINGREQ = 0xC0
PINGRESP = 0xD0
DISCONNECT = 0xE0
"""First bytes: packet type and the flags the standard fixes (2.1.2, 2.1.3)."""

FAILURE = 0x80
"""The first of the reason codes by which a broker refuses (2.4)."""

NOT_RETAINED = 0x20
"""Subscription option: what the broker kept from before is not wanted (3.8.3.1)."""

PACKET_LIMIT = 200
"""Bytes. The broker is asked not to send more, so memory has a limit."""

UNDER_WAY = 10
"""Messages the broker may have under way to the board (receive maximum, 3.1.2.11.3)."""

CONNECT_SECONDS = 10


class MQTTError(OSError):
    """The connection is of no more use."""


class Connection:
    """A connection to a broker, from CONNECT until it ends; make it with ``connect``."""

    def __init__(self, stream, on_message, keepalive: int) -> None:
        """Take over a stream on which nothing was said yet."""
        self.error = None
        """Why the connection ended."""
        self.heard = ticks_ms()
        """When the broker last said something."""
        self._stream = stream
        self._on_message = on_message
        self._keepalive = keepalive
        self._lock = asyncio.Lock()
        self._packet_id = 0
        self._answers = {}
        self._received = set()
        self._tasks = []

    async def introduce(self, packet: bytes) -> None:
        """Send CONNECT, and listen from then on; raise MQTTError when it is refused."""
        await self._send(CONNECT, packet)
        first, body = await self._read()
        if first != CONNACK or body[1] >= FAILURE:
            raise MQTTError(f"refused, reason {body[1]}")
        self._tasks = [
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._keep_alive()),
        ]

    async def publish(self, topic: str, payload: str, qos: int = 0) -> None:
        """Return when the broker has the message for good, with QoS 0 when it is sent.

        Raise MQTTError when the broker refuses it, or the connection ends before.
        """
        body = _text(topic)
        if not qos:
            await self._send(PUBLISH, body + b"\0" + payload.encode())
            return
        packet_id = self._next_packet_id()
        body += struct.pack("!H", packet_id) + b"\0" + payload.encode()
        await self._ask(packet_id, PUBLISH | qos << 1, body)
        if qos == 2:
            await self._ask(packet_id, PUBREL, struct.pack("!H", packet_id))

    async def subscribe(self, topic: str, qos: int) -> None:
        """Return when the broker has agreed; raise MQTTError when it refuses."""
        packet_id = self._next_packet_id()
        body = struct.pack("!H", packet_id) + b"\0" + _text(topic)
        await self._ask(packet_id, SUBSCRIBE, body + bytes([qos | NOT_RETAINED]))

    async def disconnect(self) -> None:
        """End the connection in peace: the broker sends no will."""
        await self._send(DISCONNECT)
        self._end(MQTTError("disconnected"))

    async def close(self) -> None:
        """Let go of the connection, ended or not. To be called once, by who made it."""
        self._end(MQTTError("closed"))
        for task in self._tasks:
            task.cancel()
        self._stream.close()
        await self._stream.wait_closed()

    # What the broker says

    async def _listen(self) -> None:
        try:
            while self.error is None:
                first, body = await self._read()
                self.heard = ticks_ms()
                await self._receive(first, body)
        except Exception as error:  # noqa: BLE001 - whatever a broker says wrong ends this connection, and nothing else
            self._end(MQTTError(f"listening ended: {error!r}"))

    async def _read(self):
        """Return first byte and body of the next packet."""
        first = (await self._stream.readexactly(1))[0]
        length = shift = 0
        byte = 0x80
        while byte & 0x80:
            byte = (await self._stream.readexactly(1))[0]
            length |= (byte & 0x7F) << shift
            shift += 7
            if length > PACKET_LIMIT:
                raise MQTTError("packet too long")
        return first, await self._stream.readexactly(length) if length else b""

    async def _receive(self, first: int, body: bytes) -> None:
        if first & 0xF0 == PUBLISH:
            await self._receive_message(first >> 1 & 3, body)
        elif first == PUBREL:
            self._received.discard(body[:2])
            await self._send(PUBCOMP, body[:2])
        elif first == DISCONNECT:
            raise MQTTError(f"disconnected by the broker, reason {body[:1]}")
        elif first in (PUBACK, PUBREC, PUBCOMP, SUBACK):
            answer = self._answers.pop(struct.unpack("!H", body)[0], None)
            if answer is not None:
                # Acknowledgements may end before their reason, which is 0 then. The
                # reason of SUBACK is its last byte, behind the properties.
                reason = body[-1] if first == SUBACK else (body + b"\0")[2]
                answer.reason = reason
                answer.set()

    async def _receive_message(self, qos: int, body: bytes) -> None:
        at = 2 + struct.unpack("!H", body)[0]
        topic = body[2:at].decode()
        packet_id = body[at : at + 2]
        if qos:
            at += 2
        payload = body[_after_properties(body, at) :]
        if qos < 2 or packet_id not in self._received:
            self._on_message(topic, payload)
        if qos == 1:
            await self._send(PUBACK, packet_id)
        elif qos == 2:
            # Remembered until PUBREL, so that a repetition is not taken twice (4.3.3).
            self._received.add(packet_id)
            await self._send(PUBREC, packet_id)

    # What the board says

    async def _keep_alive(self) -> None:
        """Ping, and end the connection when the broker is silent for too long."""
        limit = self._keepalive * 1500
        try:
            while self.error is None:
                await asyncio.sleep(self._keepalive / 2)
                if ticks_diff(ticks_ms(), self.heard) > limit:
                    self._end(MQTTError("the broker is silent"))
                await asyncio.wait_for(self._send(PINGREQ), self._keepalive)
        except (OSError, asyncio.TimeoutError) as error:
            self._end(MQTTError(f"ping failed: {error!r}"))

    async def _ask(self, packet_id: int, first: int, body: bytes) -> None:
        """Send a packet and wait for its acknowledgement."""
        answer = self._answers[packet_id] = _Answer()
        await self._send(first, body)
        await answer.wait()
        if self.error is not None:
            raise self.error
        if answer.reason >= FAILURE:
            raise MQTTError(f"refused, reason {answer.reason}")

    async def _send(self, first: int, body: bytes = b"") -> None:
        # One packet after the other, whoever speaks.
        async with self._lock:
            if self.error is not None:
                raise self.error
            self._stream.write(bytes([first]) + _length(len(body)) + body)
            await self._stream.drain()

    def _next_packet_id(self) -> int:
        self._packet_id = self._packet_id % 0xFFFF + 1
        return self._packet_id

    def _end(self, error: MQTTError) -> None:
        """Wake up everybody who waits for an answer."""
        if self.error is None:
            self.error = error
            for answer in self._answers.values():
                answer.set()


class _Answer(asyncio.Event):
    """An acknowledgement that somebody waits for."""

    reason = 0


async def connect(
    host: str,
    port: int,
    client_id: str,
    on_message,
    *,
    keepalive: int,
    will=None,
    user: str = "",
    password: str = "",
) -> Connection:
    """Return a new connection; raise OSError when there is none to be had.

    ``on_message(topic, payload)`` is called with str and bytes, and must not wait.
    ``will`` is (topic, payload, QoS). ``keepalive`` is in seconds. Every connection
    starts clean: what the broker kept for an earlier one is not wanted.
    """
    flags = 0x02
    payload = _text(client_id)
    if will is not None:
        flags |= 0x04 | will[2] << 3
        payload += b"\0" + _text(will[0]) + _text(will[1])
    if user:
        flags |= 0xC0
        payload += _text(user) + _text(password)
    properties = struct.pack("!BHBI", 0x21, UNDER_WAY, 0x27, PACKET_LIMIT)
    head = _text("MQTT") + struct.pack("!BBH", 5, flags, keepalive)
    packet = head + _length(len(properties)) + properties + payload
    try:
        stream, _ = await asyncio.wait_for(
            asyncio.open_connection(host, port), CONNECT_SECONDS
        )
    except asyncio.TimeoutError:
        raise MQTTError("the broker does not answer")
    connection = Connection(stream, on_message, keepalive)
    try:
        await asyncio.wait_for(connection.introduce(packet), CONNECT_SECONDS)
    except (OSError, EOFError, asyncio.TimeoutError) as error:
        await connection.close()
        raise MQTTError(f"not connected: {error!r}")
    return connection


def _text(text: str) -> bytes:
    """Return a string as the standard writes it (1.5.4)."""
    data = text.encode()
    return struct.pack("!H", len(data)) + data


def _length(number: int) -> bytes:
    """Return a variable byte integer (1.5.5)."""
    data = b""
    while number > 0x7F:
        data += bytes([number & 0x7F | 0x80])
        number >>= 7
    return data + bytes([number])


def _after_properties(body: bytes, at: int) -> int:
    """Return where the properties that begin at ``at`` end."""
    length = shift = 0
    while True:
        byte = body[at]
        length |= (byte & 0x7F) << shift
        shift += 7
        at += 1
        if byte < 0x80:
            return at + length
