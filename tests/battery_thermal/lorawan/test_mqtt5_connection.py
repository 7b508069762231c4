"""Tests of connections to an MQTT 5 broker over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from custom_components.battery_thermal.lorawan import (
    mqtt5_connection,
    mqtt5_packets,
    mqtt_connection,
)
from custom_components.battery_thermal.lorawan.mqtt5_connection import (
    Broker,
    connected,
    reading,
)
from custom_components.battery_thermal.lorawan.mqtt5_refusals import (
    BrokerAccessError,
    BrokerCredentialsError,
    TopicRefusedError,
)
from custom_components.battery_thermal.lorawan.network_server import (
    NetworkServerError,
    NobodyListensError,
    RateLimitedError,
    UnansweredError,
    UnreachableError,
    UnsupportedVersionError,
)
from simulator.mqtt.broker import EmbeddedBroker, User
from simulator.raw import Where, raw

KEEPER = "ha-keeper"


@pytest.fixture
async def embedded() -> AsyncIterator[EmbeddedBroker]:
    """Return a broker."""
    broker = EmbeddedBroker()
    await broker.start()
    yield broker
    await broker.stop()


@pytest.fixture
def account(embedded: EmbeddedBroker) -> Broker:
    """Return an account at the broker, whose sessions are kept."""
    return Broker(host="127.0.0.1", port=embedded.port, tls=None, client_id=KEEPER)


async def test_messages(embedded: EmbeddedBroker, account: Broker) -> None:
    """Messages arrive with their topics, and are acknowledged."""
    async with connected(account, ["a/+"]) as connection, reading(connection) as heard:
        assert not connection.session_present
        embedded.publish("a/b", b"0")
        embedded.publish("a/c", b"1", 1)
        embedded.publish("b/c", b"2", 1)
        embedded.publish("a/d", b"3", 1)
        got = [await anext(heard) for _ in range(3)]
        assert [(one.topic, one.payload, one.packet_id) for one in got] == [
            ("a/b", b"0", None),
            ("a/c", b"1", 1),
            ("a/d", b"3", 2),
        ]


async def test_kept(embedded: EmbeddedBroker, account: Broker) -> None:
    """Messages that arrived while nobody was connected are drained, however many they are."""
    async with connected(account, ["a"]):
        pass
    for number in range(100):
        embedded.publish("a", str(number).encode(), 1)
    async with connected(account, ["a"]) as connection:
        assert connection.session_present
        kept = await connection.drain()
        assert [int(one.payload) for one in kept] == list(range(100))
        embedded.publish("a", b"live", 1)
        async with reading(connection) as heard:
            assert (await anext(heard)).payload == b"live"
    # Messages that were received and not acknowledged are delivered again.
    async with connected(account, ["a"]) as connection:
        assert [one.payload for one in await connection.drain()] == [b"live"]


async def test_early_messages_are_live(
    embedded: EmbeddedBroker, account: Broker
) -> None:
    """Without draining, kept messages are delivered as live ones."""
    async with connected(account, ["a"]):
        pass
    embedded.publish("a", b"1", 1)
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        assert (await anext(heard)).payload == b"1"


@pytest.mark.parametrize(("limit", "most"), [("MOST_KEPT", 5), ("MOST_KEPT_BYTES", 9)])
async def test_too_much_kept(
    embedded: EmbeddedBroker,
    account: Broker,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    most: int,
) -> None:
    """Beyond the limit, kept messages are dropped, and do not stay at the broker."""
    monkeypatch.setattr(mqtt5_connection, limit, most)
    async with connected(account, ["a"]):
        pass
    for number in range(5, 15):
        embedded.publish("a", str(number).encode(), 1)
    async with connected(account, ["a"]) as connection:
        kept = [int(one.payload) for one in await connection.drain()]
        assert kept == list(range(15 - len(kept), 15))
        assert len(kept) == (5 if limit == "MOST_KEPT" else 4)
    async with connected(account, ["a"]) as connection:
        assert await connection.drain() == []


async def test_kept_messages_without_end(
    embedded: EmbeddedBroker, account: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept messages are waited for as long as set-up may take; later ones are live."""
    monkeypatch.setattr(mqtt5_connection, "DRAIN_WITHIN", 0.3)
    async with connected(account, ["a"]):
        pass
    number = 0

    async def publish() -> None:
        nonlocal number
        while True:
            embedded.publish("a", str(number).encode(), 1)
            number += 1
            await asyncio.sleep(0)

    async with connected(account, ["a"]) as connection:
        publishing = asyncio.create_task(publish())
        kept = [int(one.payload) for one in await connection.drain()]
        async with reading(connection) as heard:
            live = [int((await anext(heard)).payload) for _ in range(20)]
        publishing.cancel()
    assert kept
    assert kept + live == list(range(len(kept) + 20))


async def test_drain_of_a_silent_broker(
    embedded: EmbeddedBroker, account: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker that no longer answers is unreachable."""
    monkeypatch.setattr(mqtt5_connection, "DRAIN_WITHIN", 0.1)
    async with connected(account, ["a"]) as connection:
        embedded.faults.silent = True
        with pytest.raises(UnreachableError):
            await connection.drain()


async def test_unread_acknowledgements(
    embedded: EmbeddedBroker, account: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection to a broker that reads no acknowledgements ends."""
    monkeypatch.setattr(mqtt5_connection, "MOST_UNREAD", -1)
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        embedded.publish("a", b"1", 1)
        embedded.publish("a", b"2", 1)
        await anext(heard)
        with pytest.raises(UnreachableError):
            await anext(heard)


async def test_no_session(embedded: EmbeddedBroker, account: Broker) -> None:
    """Without a client id no messages are kept."""
    account = replace(account, client_id=None)
    for _ in range(2):
        async with connected(account, ["a"]) as connection:
            assert not connection.session_present


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (1, UnsupportedVersionError),
        (0x84, UnsupportedVersionError),
        (4, BrokerCredentialsError),
        (5, BrokerCredentialsError),
        (0x86, BrokerCredentialsError),
        (0x87, BrokerCredentialsError),
        (0x88, RateLimitedError),
        (0x97, RateLimitedError),
        (0x9F, RateLimitedError),
        (0x80, UnreachableError),
    ],
)
async def test_refused(
    embedded: EmbeddedBroker,
    account: Broker,
    code: int,
    error: type[NetworkServerError],
) -> None:
    """Each reason of a refusal has its own error."""
    embedded.faults.connack = code
    with pytest.raises(error):
        async with connected(account, ["a"]):
            pass


async def test_users(embedded: EmbeddedBroker, account: Broker) -> None:
    """Password, right to read and right to write have different errors."""
    embedded.users["owner"] = User("secret", ("a",), ("b",))
    with pytest.raises(BrokerCredentialsError):
        async with connected(account, ["a"]):
            pass
    account = replace(account, user_name="owner", password="secret")
    with pytest.raises(TopicRefusedError):
        async with connected(account, ["c"]):
            pass
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        with pytest.raises(NobodyListensError):
            await connection.publish_and_read("b", b"", heard)
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        with pytest.raises(BrokerAccessError):
            await connection.publish_and_read("c", b"", heard)


async def test_publish(embedded: EmbeddedBroker, account: Broker) -> None:
    """A message with a subscriber is acknowledged, while others arrive."""
    taken: list[tuple[str, bytes]] = []
    embedded.listen("down", lambda topic, payload: taken.append((topic, payload)))
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        embedded.publish("a", b"1", 1)
        await connection.publish_and_read("down", b"x", heard)
    assert taken == [("down", b"x")]


async def test_no_answer(
    embedded: EmbeddedBroker, account: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message without an answer may have been accepted."""
    embedded.faults.no_puback = True
    monkeypatch.setattr(mqtt5_connection, "PUBACK_WITHIN", 0.05)
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        with pytest.raises(UnansweredError):
            await connection.publish_and_read("b", b"", heard)
    monkeypatch.setattr(mqtt5_connection, "PUBACK_WITHIN", 5)
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        asyncio.get_running_loop().call_later(0.05, embedded.cut)
        with pytest.raises(UnansweredError):
            await connection.publish_and_read("b", b"", heard)


async def test_other_reason(embedded: EmbeddedBroker, account: Broker) -> None:
    """Another reason of the broker raises an error."""
    monkeypatched = embedded.take
    embedded.take = lambda publish: monkeypatched(publish) and 0x97  # type: ignore[method-assign]
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        with pytest.raises(NetworkServerError, match="0x97"):
            await connection.publish_and_read("b", b"", heard)


@pytest.mark.parametrize(
    ("where", "data"),
    [
        (Where.CONNECT, b"\x90\x00"),
        (Where.CONNECT, b"\x20\x01\x00"),
        (Where.CONNECT, b"\x20\xff\xff\xff\xff"),
        (Where.CONNECT, b""),
        (Where.SUBSCRIBE, b"\x20\x00"),
        (Where.SUBSCRIBE, b"\x90\x04\x00\x09\x00\x01"),
    ],
)
async def test_not_mqtt(
    embedded: EmbeddedBroker, account: Broker, where: Where, data: bytes
) -> None:
    """A server that does not speak MQTT is refused."""
    embedded.faults.raw[where] = raw(data)
    with pytest.raises(UnreachableError):
        async with connected(account, ["a"]):
            pass


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"\xe0\x02\x8e\x00", UnreachableError),
        (b"\xe0\x02\x89\x00", RateLimitedError),
        (b"\xe0\x00", UnreachableError),
        (b"\x62\x02\x00\x01", UnreachableError),
        (b"\x34\x05\x00\x01a\x00\x01", UnreachableError),
        (b"", UnreachableError),
    ],
)
async def test_ended(
    embedded: EmbeddedBroker,
    account: Broker,
    data: bytes,
    error: type[NetworkServerError],
) -> None:
    """The end of the messages is an error with its reason."""
    embedded.faults.raw[Where.PUBLISH] = raw(b"\x40\x02\x00\x09\xd0\x00" + data)
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        with pytest.raises(error):
            await anext(heard)


async def test_silent_broker(
    embedded: EmbeddedBroker, account: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection ends when the broker does not answer a PINGREQ."""
    monkeypatch.setattr(mqtt_connection, "KEEPALIVE", 0.05)
    monkeypatch.setattr(mqtt5_packets, "connect", lambda *_, **__: CONNECT)
    embedded.faults.silent = True
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        with pytest.raises(UnreachableError):
            await anext(heard)


CONNECT = mqtt5_packets.connect("a", None, None, keepalive=30, session_expiry=0)


async def test_keepalive_of_the_broker(
    embedded: EmbeddedBroker, account: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keep alive that the broker requests is used."""
    embedded.faults.raw[Where.CONNECT] = raw(
        b"\x20\x06\x00\x00\x03\x13\x00\x01", b"\x90\x04\x00\x01\x00\x01", closes=False
    )
    async with connected(account, ["a"]) as connection, reading(connection) as heard:
        with pytest.raises(UnreachableError):
            async with asyncio.timeout(4):
                await anext(heard)
