"""Tests of bytes that are sent unchanged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice
from typing import override

import pytest

from simulator.raw import Raw, endless, raw, send


@asynccontextmanager
async def served(what: Raw) -> AsyncIterator[asyncio.StreamReader]:
    """Yield the stream of a client to which the bytes are sent."""
    tasks = set()

    class Server(asyncio.Protocol):
        @override
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            tasks.add(asyncio.create_task(send(transport, what)))

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Server, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader
    finally:
        writer.close()
        server.close()
        async with asyncio.timeout(5):
            await asyncio.gather(*tasks)


async def test_closes() -> None:
    """All pieces are sent, then the connection ends."""
    async with served(raw(b"a", b"b")) as reader:
        assert await reader.read() == b"ab"


async def test_stays_open() -> None:
    """The connection stays open and silent if it should."""
    async with served(raw(b"a", closes=False)) as reader:
        assert await reader.readexactly(1) == b"a"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await reader.read()


async def test_endless() -> None:
    """Bytes are sent as long as they are read, and the task ends with the reader."""
    what = endless(b"x" * 10_000, before=b"head")
    async with served(what) as reader:
        assert await reader.readexactly(4) == b"head"
        assert await reader.readexactly(1_000_000) == b"x" * 1_000_000
    assert list(islice(what.pieces(), 2)) == [b"head" + b"x" * 10_000, b"x" * 10_000]


def test_each_use_begins_anew() -> None:
    """The pieces of an attempt can be sent more than once."""
    what = raw(b"a", b"b")
    assert list(what.pieces()) == list(what.pieces()) == [b"a", b"b"]
