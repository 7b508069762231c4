"""Tests of the client of The Things Stack that the flows do not cover."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from custom_components.battery_thermal.lorawan import (
    http_client,
    mqtt_connection,
    mqtt_packets as packets,
)
from custom_components.battery_thermal.lorawan.network_server import (
    Downlink,
    Malformed,
    NetworkServerError,
    UnreachableError,
)
from custom_components.battery_thermal.lorawan.the_things_stack import (
    server as the_things_stack,
)
from custom_components.battery_thermal.lorawan.the_things_stack.server import (
    Application,
    TheThingsStack as Client,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from simulator.the_things_stack import HttpFault, TheThingsStack
from tests.battery_thermal.common import KEY, until


def client(hass: HomeAssistant, stack: TheThingsStack, host: str) -> Client:
    """Return a client of the stand-in."""
    application = Application(
        host=host,
        mqtt_port=stack.mqtt_port,
        http_port=stack.http_port,
        tls=None,
        user_name=stack.uid,
        api_key=KEY,
    )
    assert KEY not in repr(application)
    return Client(application, async_get_clientsession(hass))


async def test_rights_are_known_in_one_place(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cluster of the public network lists the rights for all of them."""
    monkeypatch.setattr(the_things_stack, "TTN_CLUSTERS", {"nam1": "127.0.0.2"})
    monkeypatch.setattr(the_things_stack, "_TTN_IDENTITY_HOST", "127.0.0.1")

    await client(hass, stack, "127.0.0.2").check_rights()

    assert stack.http.requests == [("GET", "/api/v3/applications/batteries/rights")]


async def test_every_right(hass: HomeAssistant, stack: TheThingsStack) -> None:
    """A key with all rights has the needed ones."""
    body = b'{"rights": ["RIGHT_APPLICATION_ALL"]}'
    stack.faults.http.append(HttpFault(200, body=body))

    await client(hass, stack, "127.0.0.1").check_rights()


async def test_downlink_that_is_refused(
    hass: HomeAssistant, stack: TheThingsStack
) -> None:
    """A downlink that the server answers with 400 raises an error."""
    stack.faults.http.append(HttpFault(400))
    downlink = Downlink(
        f_port=1, payload=b"\xd0\x32", confirmed=False, correlation_id="ours"
    )

    with pytest.raises(NetworkServerError, match="400"):
        await client(hass, stack, "127.0.0.1").send("garage", downlink)


@pytest.mark.parametrize("code", [0, 5])
async def test_answer_that_comes_too_late(
    hass: HomeAssistant,
    stack: TheThingsStack,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
) -> None:
    """After the time limit the connection is closed, whatever the server sends then."""
    monkeypatch.setattr(mqtt_connection, "CONNECT_WITHIN", 0.2)
    heard: asyncio.Future[bytes] = hass.loop.create_future()

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.read(1000)
        await asyncio.sleep(0.4)
        writer.write(bytes((0x20, 2, 0, code)))
        heard.set_result(await reader.read())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setattr(stack.mqtt, "port", port)
        with pytest.raises(UnreachableError):
            async with client(hass, stack, "127.0.0.1").connect():
                pass
        async with asyncio.timeout(5):
            goodbye = await heard
    assert goodbye == b"\xe0\x00"


async def test_slow_answer(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored uplinks may arrive slowly, but not without an end."""
    uplink = b'{"uplink_message":{"received_at":"2026-03-01T12:00:00Z"%s}}'
    ids = b'"end_device_ids":{"device_id":"garage"},'
    line = b'{"result":' + uplink.replace(b"{", b"{" + ids, 1) % b"" + b"}\n\n"
    pieces = [line[:50], line[50:], line, b"nonsense\n", line.rstrip()]
    monkeypatch.setattr(http_client, "ANSWER_WITHIN", 0.2)

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for piece in pieces:
            await asyncio.sleep(0.1)
            writer.write(piece)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setattr(stack.http, "port", port)
        slow = client(hass, stack, "127.0.0.1")
        start = datetime(2026, 3, 1, tzinfo=UTC)
        uplinks = await slow.stored_uplinks("garage", start)
        assert [one.device_id for one in uplinks] == ["garage"] * 3

        monkeypatch.setattr(http_client, "LONGEST_DOCUMENT", 100)
        pieces[:] = [b"x" * 1000] * 2
        with pytest.raises(NetworkServerError):
            await slow.stored_uplinks("garage", start)


CONNACK = b"\x20\x02\x00\x00"
SUBACK = b"\x90\x05\x00\x01\x00\x00\x00"


@asynccontextmanager
async def answering(
    stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch, *answers: bytes
) -> AsyncGenerator[list[bytes]]:
    """Let a server send one answer after each read, and record what it reads."""
    read: list[bytes] = []

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        for one in answers:
            read.append(await reader.read(1000))
            writer.write(one)
        while data := await reader.read(1000):
            read.append(data)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setattr(stack.mqtt, "port", port)
        yield read


async def test_something_else_than_a_connack(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that sends another packet is refused."""
    async with answering(stack, monkeypatch, b"\xd0\x00"):
        with pytest.raises(UnreachableError):
            async with client(hass, stack, "127.0.0.1").connect():
                pass


async def test_message_before_the_subscription_is_acknowledged(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is received: the standard permits it (MQTT 3.1.1, 3.8.4)."""
    topic = f"v3/{stack.uid}/devices/garage/up".encode()
    early = b"\x30" + bytes((len(topic) + 3,)) + b"\x00" + bytes((len(topic),))
    async with (
        answering(stack, monkeypatch, CONNACK, early + topic + b"?" + SUBACK),
        client(hass, stack, "127.0.0.1").connect() as messages,
    ):
        message = await anext(messages)
    assert isinstance(message, Malformed)
    assert message.device_id == "garage"


async def test_pings(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are sent repeatedly, also if nobody reads the messages."""
    monkeypatch.setattr(mqtt_connection, "KEEPALIVE", 0.05)
    monkeypatch.setattr(
        packets, "connect", partial(_without_keepalive, packets.connect)
    )
    async with (
        answering(stack, monkeypatch, CONNACK, SUBACK) as read,
        client(hass, stack, "127.0.0.1").connect(),
    ):
        await until(lambda: b"".join(read).count(packets.ping()) >= 3)


def _without_keepalive(connect: Callable[..., bytes], *said: Any) -> bytes:
    """Return a CONNECT whose keepalive is zero, because a packet has whole seconds."""
    return connect(*said[:-1], 0)


async def test_list_of_devices_without_end(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most fifty pages are read."""
    monkeypatch.setattr(the_things_stack, "_MOST_PAGES", 2)
    for number in range(200):
        stack.add_device(f"device-{number}")
    with pytest.raises(NetworkServerError):
        await client(hass, stack, "127.0.0.1").device_names()
