"""The client of The Things Stack, where the flows do not reach."""

import asyncio
from datetime import UTC, datetime

import pytest

from custom_components.battery_thermal.lorawan import the_things_stack
from custom_components.battery_thermal.lorawan.network_server import (
    NetworkServerError,
    UnreachableError,
)
from custom_components.battery_thermal.lorawan.the_things_stack import (
    Application,
    TheThingsStack as Client,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from simulator.the_things_stack import HttpFault, TheThingsStack
from tests.battery_thermal.common import KEY


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
    """One cluster of the public network knows the rights for all."""
    monkeypatch.setattr(the_things_stack, "TTN_CLUSTERS", {"nam1": "127.0.0.2"})
    monkeypatch.setattr(the_things_stack, "_TTN_IDENTITY_HOST", "127.0.0.1")

    await client(hass, stack, "127.0.0.2").check_rights()

    assert stack.http.requests == [("GET", "/api/v3/applications/batteries/rights")]


async def test_every_right(hass: HomeAssistant, stack: TheThingsStack) -> None:
    """A key with every right has those that are needed."""
    body = b'{"rights": ["RIGHT_APPLICATION_ALL"]}'
    stack.faults.http.append(HttpFault(200, body=body))

    await client(hass, stack, "127.0.0.1").check_rights()


@pytest.mark.parametrize("code", [0, 5])
async def test_answer_that_comes_too_late(
    hass: HomeAssistant,
    stack: TheThingsStack,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
) -> None:
    """Who has given up has hung up, whatever the server says then."""
    monkeypatch.setattr(the_things_stack, "_TIMEOUT", 0.2)
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


async def test_slow_line(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stored may take its time, as long as something comes; and must end."""
    uplink = b'{"uplink_message":{"received_at":"2026-03-01T12:00:00Z"%s}}'
    ids = b'"end_device_ids":{"device_id":"garage"},'
    line = b'{"result":' + uplink.replace(b"{", b"{" + ids, 1) % b"" + b"}\n\n"
    pieces = [line[:50], line[50:], line, b"nonsense\n", line.rstrip()]
    monkeypatch.setattr(the_things_stack, "_TIMEOUT", 0.2)

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

        monkeypatch.setattr(the_things_stack, "_LONGEST_LINE", 100)
        pieces[:] = [b"x" * 1000] * 2
        with pytest.raises(NetworkServerError):
            await slow.stored_uplinks("garage", start)
