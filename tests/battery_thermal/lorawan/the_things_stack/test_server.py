"""Tests of the client of The Things Stack that the flows do not cover."""

import asyncio
from datetime import UTC, datetime

import pytest

from custom_components.battery_thermal.lorawan import http_client
from custom_components.battery_thermal.lorawan.network_server import (
    Downlink,
    NetworkServerError,
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


async def test_slow_answer(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored uplinks may arrive slowly, but not without an end."""
    uplink = b'{"uplink_message":{"received_at":"2026-03-01T12:00:00Z"%s}}'
    ids = b'"end_device_ids":{"device_id":"garage"},'
    line = b'{"result":' + uplink.replace(b"{", b"{" + ids, 1) % b"" + b"}\n\n"
    pieces = [line[:50], line[50:], line, b"nonsense\n", line.rstrip()]
    # All pieces take longer than that, and none nearly as long, also on a busy machine.
    monkeypatch.setattr(http_client, "ANSWER_WITHIN", 0.5)

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for piece in pieces:
            await asyncio.sleep(0.12)
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


async def test_list_of_devices_without_end(
    hass: HomeAssistant, stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most fifty pages are read."""
    monkeypatch.setattr(the_things_stack, "_MOST_PAGES", 2)
    for number in range(200):
        stack.add_device(f"device-{number}")
    with pytest.raises(NetworkServerError):
        await client(hass, stack, "127.0.0.1").device_names()
