"""A broker of its own, inside the simulator's process: QoS 0 and 1, versions 3.1.1 and 5.

It keeps sessions, checks users and access lists, and does on request what a broker does
on a bad day. It has no retained messages and no last wills: no network server uses them.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, override

from simulator.mqtt.body import MalformedPacketError
from simulator.mqtt.broker_packets import (
    ClientConnect,
    connack,
    puback,
    read_connect,
    read_publish,
    read_subscribe,
    suback,
    unsuback,
)
from simulator.mqtt.broker_session import ClientSession
from simulator.mqtt.listener import Listener, ServedConnection
from simulator.mqtt.packets import (
    FAILURE,
    PacketType,
    Publish,
    decode_acknowledgement,
    encode,
    encode_publish,
    matches,
)
from simulator.raw import Raw, Where

ACCEPTED: Final = 0
VERSION: Final = 1
"""CONNACK of version 3.1.1: unsupported version."""
_NOT_AUTHORIZED: Final = {4: 5, 5: 0x87}
"""CONNACK for a wrong password, by version (3.1.1: 3.2.2.3; 5: 2.4)."""
NOT_AUTHORIZED: Final = 0x87
"""PUBACK and SUBACK of version 5: not authorized."""
NO_SUBSCRIBERS: Final = 0x10
"""PUBACK of version 5: accepted, without subscribers."""

_BUFFER: Final = 1_000_000
"""Bytes that may wait for a slow client; with more its connection ends."""


@dataclass(frozen=True, slots=True)
class User:
    """A client's user: password, and the topic filters it may read and write."""

    password: str | None = None
    """None for a user that is identified by its TLS certificate."""
    reads: tuple[str, ...] = ("#",)
    writes: tuple[str, ...] = ("#",)


@dataclass(slots=True)
class BrokerFaults:
    """Faults of the broker; none by default."""

    connack: int | None = None
    """Refuse all connections with this code."""
    suback_failure: bool = False
    """Refuse all subscriptions."""
    silent: bool = False
    """Accept connections and subscriptions, but deliver nothing and answer no PINGREQ."""
    no_puback: bool = False
    """Send no acknowledgement of messages."""
    only_version_4: bool = False
    """Refuse version 5."""
    raw: dict[Where, Raw] = field(default_factory=dict)
    """Bytes to send instead of an answer, while not empty."""


class EmbeddedBroker(Listener["_Connection"]):
    """Accepts clients, and passes messages between them and the simulator."""

    def __init__(self) -> None:
        """Without users, clients connect without a login."""
        super().__init__()
        self.users: dict[str, User] = {}
        self.faults = BrokerFaults()
        self.sessions: dict[str, ClientSession] = {}
        self.subscriptions = 0
        """SUBSCRIBEs that were answered."""
        self.published: list[Publish] = []
        """The last thousand messages published by clients."""
        self._listeners: list[tuple[str, Callable[[str, bytes], None]]] = []

    @override
    def accept(self, writer: asyncio.StreamWriter) -> _Connection:
        return _Connection(self, writer)

    def listen(self, topic_filter: str, heard: Callable[[str, bytes], None]) -> None:
        """Call `heard` with the topic and payload of what clients publish."""
        self._listeners.append((topic_filter, heard))

    def publish(self, topic: str, payload: bytes, qos: int = 0) -> bool:
        """Deliver a message to all subscribers; return whether there are any."""
        if self.faults.silent:
            return False
        publish = Publish(topic, payload, qos)
        taken = [one.deliver(publish) for one in list(self.sessions.values())]
        return any(taken)

    def take(self, publish: Publish) -> int:
        """Take a client's message; return the reason of its PUBACK."""
        self.published = [*self.published[-999:], publish]
        heard = [
            listener
            for wanted, listener in self._listeners
            if matches(wanted, publish.topic)
        ]
        for listener in heard:
            listener(publish.topic, publish.payload)
        delivered = self.publish(publish.topic, publish.payload, publish.qos)
        return ACCEPTED if heard or delivered else NO_SUBSCRIBERS

    def session_of(
        self, connect: ClientConnect, user_name: str
    ) -> tuple[ClientSession, bool]:
        """Return the session for a client, and whether it was there before."""
        for other in list(self.connections):
            if other.client_id == connect.client_id and connect.client_id:
                other.abort()
        known = self.sessions.get(connect.client_id)
        if known is not None and not connect.clean:
            return known, True
        session = ClientSession(connect.client_id, user_name)
        # Clients without an id get separate sessions.
        self.sessions[connect.client_id or f"anonymous-{id(session)}"] = session
        return session, False

    def end_session(self, session: ClientSession) -> None:
        """Forget a session."""
        for key, known in list(self.sessions.items()):
            if known is session:
                del self.sessions[key]


class _Connection(ServedConnection):
    """Connection of one client."""

    account: str = ""

    def __init__(self, broker: EmbeddedBroker, writer: asyncio.StreamWriter) -> None:
        super().__init__(writer, broker.faults)
        self.client_id = ""
        self._broker = broker
        self._level = 4
        self._expiry = 0
        self._session: ClientSession | None = None

    @override
    def end(self) -> None:
        """Keep or remove the session, as the client requested."""
        super().end()
        if self._session is not None:
            self._session.detach()
            if not self._expiry:
                self._broker.end_session(self._session)

    @override
    def handle(self, first: int, body: bytes) -> bool:
        kind = first >> 4
        if self._session is None:
            return kind == PacketType.CONNECT and self._connect(body)
        match kind:
            case PacketType.SUBSCRIBE:
                self._subscribe(self._session, first, body)
            case PacketType.UNSUBSCRIBE:
                wanted = read_subscribe(first, body, self._level)
                for topic_filter, _ in wanted.filters:
                    self._session.filters.pop(topic_filter, None)
                count = len(wanted.filters)
                self._writer.write(unsuback(self._level, wanted.packet_id, count))
            case PacketType.PUBLISH:
                self._publish(read_publish(first, body, self._level))
            case PacketType.PUBACK:
                self._session.acknowledged(decode_acknowledgement(body)[0])
            case PacketType.PINGREQ:
                if not self._broker.faults.silent:
                    self._writer.write(encode(PacketType.PINGRESP))
            case PacketType.DISCONNECT:
                return False
            case _:
                raise MalformedPacketError(f"a client does not send {kind}")
        return True

    def _connect(self, body: bytes) -> bool:
        connect = read_connect(body)
        if self._send_raw(Where.CONNECT):
            return True
        self._level = connect.level
        user = self._user(connect)
        code = ACCEPTED
        if connect.level not in (4, 5) or (
            self._broker.faults.only_version_4 and connect.level == 5
        ):
            self._level, code = 4, VERSION
        elif self._broker.faults.connack is not None:
            code = self._broker.faults.connack
        elif user is None:
            code = _NOT_AUTHORIZED[connect.level]
        if code:
            self._writer.write(connack(self._level, code, session_present=False))
            return False
        session, present = self._broker.session_of(connect, self.account)
        self.client_id = connect.client_id
        self._expiry = connect.session_expiry
        self._session = session
        self._patience = connect.keepalive * 1.5 or None
        self._writer.write(connack(self._level, code, session_present=present))
        session.attach(self._write)
        return True

    def _user(self, connect: ClientConnect) -> User | None:
        """Return the user, None if the login is unknown or wrong."""
        self.account = _common_name(self._writer) or connect.user_name or ""
        if not self._broker.users:
            return User()
        user = self._broker.users.get(self.account)
        if user is None or user.password is None:
            return user
        return user if user.password == connect.password else None

    def _subscribe(self, session: ClientSession, first: int, body: bytes) -> None:
        subscribe = read_subscribe(first, body, self._level)
        if self._send_raw(Where.SUBSCRIBE):
            return
        codes = bytearray()
        for topic_filter, qos in subscribe.filters:
            if self._broker.faults.suback_failure or not self._may(
                topic_filter, self._account.reads
            ):
                codes.append(NOT_AUTHORIZED if self._level == 5 else FAILURE)
                continue
            granted = min(qos, 1)
            codes.append(granted)
            session.filters[topic_filter] = granted
        self._broker.subscriptions += 1
        self._writer.write(suback(self._level, subscribe.packet_id, bytes(codes)))
        self._send_raw(Where.PUBLISH)

    def _publish(self, publish: Publish) -> None:
        if self._send_raw(Where.DOWN):
            return
        reason = NOT_AUTHORIZED
        if self._may(publish.topic, self._account.writes):
            reason = self._broker.take(publish)
        if publish.qos and not self._broker.faults.no_puback:
            self._writer.write(puback(self._level, publish.packet_id, reason))

    @property
    def _account(self) -> User:
        return self._broker.users.get(self.account, User())

    @staticmethod
    def _may(topic: str, allowed: Iterable[str]) -> bool:
        """Return whether a topic, or every topic of a filter, is allowed."""
        return any(matches(wanted, topic) for wanted in allowed)

    def _write(self, publish: Publish) -> None:
        transport = self._writer.transport
        if transport.is_closing() or self._raw is not None:
            return
        if transport.get_write_buffer_size() > _BUFFER:
            self.abort()
            return
        self._writer.write(encode_publish(publish, self._level))


def _common_name(writer: asyncio.StreamWriter) -> str:
    """Return the common name of a client's certificate, as mosquitto takes it for a user."""
    certificate = writer.get_extra_info("peercert") or {}
    for part in certificate.get("subject", ()):
        for name, value in part:
            if name == "commonName":
                return str(value)
    return ""
