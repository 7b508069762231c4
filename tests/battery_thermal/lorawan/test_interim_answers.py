"""Tests of the limit for interim answers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import repeat

import pytest
from yarl import URL

from custom_components.battery_thermal.lorawan.http_client import HttpClient
from custom_components.battery_thermal.lorawan.http_session import async_get_session
from custom_components.battery_thermal.lorawan.interim_answers import MOST_ANSWERS
from custom_components.battery_thermal.lorawan.network_server import UnreachableError
from homeassistant.core import HomeAssistant

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"a": 1}'

type Server = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(server: Server) -> AsyncGenerator[URL]:
    """Serve on loopback."""
    async with await asyncio.start_server(server, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield URL(f"http://127.0.0.1:{port}/")


def client(hass: HomeAssistant) -> HttpClient:
    """Return a client with this integration's session."""
    return HttpClient(async_get_session(hass), "key", None)


@pytest.mark.parametrize(
    "before", [b"", CONTINUE, HINTS, CONTINUE + HINTS, CONTINUE * (MOST_ANSWERS - 1)]
)
async def test_few(hass: HomeAssistant, before: bytes) -> None:
    """An answer after a few interim ones is read, and the connection is used again."""
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        with suppress(asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(before + ANSWER)
        writer.close()

    async with serving(serve) as url:
        for _ in range(3):
            assert await client(hass).json("GET", url) == {"a": 1}
        connector = async_get_session(hass).connector
        assert connector
        await connector.close()
    assert connections == 1


@pytest.mark.parametrize("endless", [CONTINUE, HINTS])
async def test_without_end(hass: HomeAssistant, endless: bytes) -> None:
    """A server that sends nothing but interim answers is left at once."""
    sent = 0
    left = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        with suppress(ConnectionError):
            for piece in repeat(endless * 100):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.001)
                sent += 1
        left.set()
        writer.close()

    async with serving(serve) as url:
        with pytest.raises(UnreachableError, match="interim answers without end"):
            await client(hass).json("GET", url)
        async with asyncio.timeout(2):
            await left.wait()
    assert sent < 100


async def test_cut(hass: HomeAssistant) -> None:
    """A server that leaves after an interim answer is not reachable."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(CONTINUE)
        writer.close()

    async with serving(serve) as url:
        with pytest.raises(UnreachableError):
            await client(hass).json("GET", url)


async def test_connection_that_is_given_back(hass: HomeAssistant) -> None:
    """The connection of a response is read as long as it has it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(CONTINUE + b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{")
        await reader.read()
        writer.close()

    async with (
        serving(serve) as url,
        async_get_session(hass).get(url) as response,
    ):
        connection = response.connection
        assert connection
        assert connection.protocol
        assert connection.protocol.should_close
        connection.close()
        assert connection.protocol is None
