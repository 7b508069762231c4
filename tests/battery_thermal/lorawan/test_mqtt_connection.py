"""Tests of connections to an MQTT 3.1.1 server over real sockets."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
import ssl
from typing import Any

import pytest

from custom_components.battery_thermal.lorawan import (
    mqtt_connection,
    mqtt_packets as packets,
)
from custom_components.battery_thermal.lorawan.mqtt_connection import (
    Account,
    connected,
    subscribed,
)
from custom_components.battery_thermal.lorawan.network_server import (
    ForeignApplicationError,
    InvalidKeyError,
    NetworkServerError,
    RateLimitedError,
    TlsError,
    UnreachableError,
)
from simulator.mqtt.broker import EmbeddedBroker, User
from tests.battery_thermal.common import until

CONNACK = b"\x20\x02\x00\x00"
SUBACK = b"\x90\x03\x00\x01\x00"
PASSWORD = "a-secret"


@pytest.fixture
async def embedded() -> AsyncIterator[EmbeddedBroker]:
    """Return a broker with one user."""
    broker = EmbeddedBroker()
    broker.users["ours"] = User(PASSWORD, reads=("a/#",))
    await broker.start()
    yield broker
    await broker.stop()


def account_at(port: int) -> Account:
    """Return the user's account at a server on this machine."""
    return Account(
        host="127.0.0.1", port=port, tls=None, user_name="ours", password=PASSWORD
    )


async def fails(account: Account, error: type[NetworkServerError]) -> None:
    """Check that a connection is refused with an error of exactly one kind."""
    with pytest.raises(error) as raised:
        async with subscribed(account, ["a/+"]):
            pass
    assert raised.type is error


@asynccontextmanager
async def answering(
    *answers: bytes, after: float = 0.0
) -> AsyncGenerator[tuple[Account, list[bytes]]]:
    """Let a server send an answer after each read; record what it reads.

    `after`: seconds between a read and its answer.
    """
    read: list[bytes] = []

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        for one in answers:
            read.append(await reader.read(1000))
            await asyncio.sleep(after)
            writer.write(one)
        while data := await reader.read(1000):
            read.append(data)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield account_at(server.sockets[0].getsockname()[1]), read


async def test_messages(embedded: EmbeddedBroker) -> None:
    """Messages of the topics arrive in order, until the connection ends."""
    account = account_at(embedded.port)
    assert PASSWORD not in repr(account)
    async with subscribed(account, ["a/+"]) as messages:
        for topic in ("a/b", "b/b", "a/c"):
            embedded.publish(topic, topic.encode())
        assert [await anext(messages) for _ in range(2)] == [
            ("a/b", b"a/b"),
            ("a/c", b"a/c"),
        ]
        embedded.cut()
        with pytest.raises(UnreachableError):
            await anext(messages)
    await until(lambda: not embedded.connections)


async def test_sending(embedded: EmbeddedBroker) -> None:
    """A connection also sends, beside the messages that it receives."""
    packet = packets.encode_packet(
        packets.PacketType.PUBLISH << 4, packets.encode_text("a/b") + b"down"
    )
    async with connected(account_at(embedded.port), ["a/+"]) as connection:
        connection.write(packet)
        assert await anext(connection.messages()) == ("a/b", b"down")
    assert [sent.payload for sent in embedded.published] == [b"down"]


async def test_refused(embedded: EmbeddedBroker) -> None:
    """Each refusal has its error: key, topics, load, anything else."""
    account = account_at(embedded.port)
    await fails(replace(account, password="wrong"), InvalidKeyError)
    with pytest.raises(ForeignApplicationError, match="ours"):
        async with subscribed(account, ["b/+"]):
            pass
    for code, error in ((3, RateLimitedError), (4, InvalidKeyError)):
        embedded.faults.connack = code
        await fails(account, error)
    embedded.faults.connack = 2
    await fails(account, UnreachableError)


async def test_nobody_there(embedded: EmbeddedBroker) -> None:
    """A closed port, and a server without TLS where TLS is expected."""
    account = account_at(embedded.port)
    async with answering(b"no TLS") as (plain, _):
        await fails(replace(plain, tls=ssl.create_default_context()), TlsError)
    await embedded.stop()
    await fails(account, UnreachableError)


@pytest.mark.parametrize("code", [0, 5])
async def test_answer_that_comes_too_late(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """After the time limit the connection is closed, whatever the server sends then."""
    monkeypatch.setattr(mqtt_connection, "CONNECT_WITHIN", 0.2)
    async with answering(bytes((0x20, 2, 0, code)), after=0.4) as (account, read):
        await fails(account, UnreachableError)
        await until(lambda: len(read) == 2)
    assert read[1] == packets.disconnect()


@pytest.mark.parametrize(
    "answers",
    [
        (b"\xd0\x00",),
        (CONNACK, b"\xd0\x00"),
        (CONNACK, b"\x30\x03\x00\x01a" * 17),
        (CONNACK, b"\x90\x03\x77\x77\x00"),
        (b"\x20\xff\xff\xff\x7f",),
    ],
    ids=["no CONNACK", "no SUBACK", "messages only", "another SUBACK", "256 MB"],
)
async def test_other_answers(answers: tuple[bytes, ...]) -> None:
    """Other packets than those expected end the connection."""
    async with answering(*answers) as (account, _):
        with pytest.raises(NetworkServerError):
            async with subscribed(account, ["a/+"]):
                pass


async def test_message_before_the_subscription_is_acknowledged() -> None:
    """It is received: the standard permits it (MQTT 3.1.1, 3.8.4)."""
    early = b"\x30\x06\x00\x03a/bx"
    async with (
        answering(CONNACK, early + SUBACK) as (account, _),
        subscribed(account, ["a/+"]) as messages,
    ):
        assert await anext(messages) == ("a/b", b"x")


async def test_packet_that_no_server_sends() -> None:
    """After the SUBACK only messages and answers to pings are read."""
    later = b"\xd0\x00" + b"\x30\x06\x00\x03a/bx" + b"\x40\x02\x00\x01"
    async with (
        answering(CONNACK, SUBACK + later) as (account, _),
        subscribed(account, ["a/+"]) as messages,
    ):
        assert await anext(messages) == ("a/b", b"x")
        with pytest.raises(UnreachableError, match="kind 4"):
            await anext(messages)


async def test_pings(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are sent repeatedly, also if nobody reads; without answers the end comes."""
    monkeypatch.setattr(mqtt_connection, "KEEPALIVE", 0.05)
    monkeypatch.setattr(
        packets, "connect", partial(_without_keepalive, packets.connect)
    )
    async with (
        answering(CONNACK, SUBACK) as (account, read),
        subscribed(account, ["a/+"]) as messages,
    ):
        await until(lambda: b"".join(read).count(packets.ping()) >= 3)
        with pytest.raises(UnreachableError):
            await anext(messages)


def _without_keepalive(connect: Callable[..., bytes], *said: Any) -> bytes:
    """Return a CONNECT whose keepalive is zero, because a packet has whole seconds."""
    return connect(*said[:-1], 0)
