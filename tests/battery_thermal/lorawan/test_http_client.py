"""Tests of HTTP requests to a server that is not trusted, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
import json
import ssl

from aiohttp import ClientSession
import pytest
from yarl import URL

from custom_components.battery_thermal.lorawan import http_client
from custom_components.battery_thermal.lorawan.http_client import HttpClient
from custom_components.battery_thermal.lorawan.network_server import (
    InvalidKeyError,
    NetworkServerError,
    NoRightsError,
    RateLimitedError,
    TlsError,
    UnknownDeviceError,
    UnreachableError,
)


class Server:
    """Answers each request with the same pieces, and records it."""

    def __init__(self) -> None:
        """Initialize without an answer."""
        self.pieces: list[bytes] = []
        self.pause = 0.0
        self.requests: list[bytes] = []
        self.port = 0
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> URL:
        """Return an address of the server."""
        return URL(f"http://127.0.0.1:{self.port}/api")

    def answer(self, status: str, body: bytes = b"", *headers: str) -> None:
        """Answer with this from now on, and close the connection."""
        lines = [f"HTTP/1.1 {status}", *headers, "Connection: close", "", ""]
        self.pieces = ["\r\n".join(lines).encode(), body]

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Serve a connection."""
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        self.requests.append(await reader.read(10_000))
        for piece in self.pieces:
            writer.write(piece)
            await asyncio.sleep(self.pause)
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Return a server."""
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    async with listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server
        for task in server.tasks:
            task.cancel()
        await asyncio.gather(*server.tasks, return_exceptions=True)


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    """Return a client."""
    async with ClientSession() as session:
        yield HttpClient(session, "the-key", tls=None)


async def test_json(server: Server, client: HttpClient) -> None:
    """The key is sent, the body too, and nothing may come compressed."""
    server.answer("200 OK", b'{"a": [1]}')
    assert await client.json("POST", server.url, {"b": 2}) == {"a": [1]}
    (request,) = server.requests
    head = request.decode().lower()
    assert head.startswith("post /api http/1.1")
    assert "authorization: bearer the-key" in head
    assert "accept-encoding: identity" in head
    assert f"content-length: {len(json.dumps({'b': 2}))}" in head


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("401 Unauthorized", InvalidKeyError),
        ("403 Forbidden", NoRightsError),
        ("404 Not Found", UnknownDeviceError),
        ("429 Too Many Requests", RateLimitedError),
        ("500 Internal Server Error", NetworkServerError),
        ("302 Found", NetworkServerError),
        ("no HTTP", UnreachableError),
    ],
)
async def test_status(
    server: Server, client: HttpClient, status: str, error: type[NetworkServerError]
) -> None:
    """Each status has its error; a redirect could take the key anywhere."""
    server.answer(status, b"{}", f"Location: {server.url}")
    with pytest.raises(error) as raised:
        await client.json("GET", server.url)
    assert raised.type is error
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("999999", 999_999.0),
        ("9999999", None),
        ("-1", None),
        ("soon", None),
        ("", None),
    ],
)
async def test_wait(
    server: Server, client: HttpClient, header: str, seconds: float | None
) -> None:
    """A wait is a number of seconds; anything else is ignored."""
    server.answer("429 Too Many Requests", b"", f"X-Rate-Limit-Retry: {header}")
    with pytest.raises(RateLimitedError) as raised:
        await client.json("GET", server.url)
    assert raised.value.retry_after == seconds


@pytest.mark.parametrize("body", [b"", b"[]", b"5", b"{", b"\xff"])
async def test_no_object(server: Server, client: HttpClient, body: bytes) -> None:
    """Everything but a JSON object is refused."""
    server.answer("200 OK", body)
    with pytest.raises(NetworkServerError, match="JSON object"):
        await client.json("GET", server.url)


async def test_limits(
    server: Server, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document has a largest length, and is not decompressed."""
    monkeypatch.setattr(http_client, "LONGEST_DOCUMENT", 10)
    server.answer("200 OK", b'{"a": 1234}')
    with pytest.raises(NetworkServerError, match="without end"):
        await client.json("GET", server.url)
    server.answer("200 OK", b"{}", "Content-Encoding: gzip")
    with pytest.raises(NetworkServerError, match="gzip"):
        await client.json("GET", server.url)


async def test_slow_document(
    server: Server, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a time limit as a whole, however steadily it comes."""
    monkeypatch.setattr(http_client, "ANSWER_WITHIN", 0.2)
    server.answer("200 OK")
    server.pieces += [b" "] * 10
    server.pause = 0.05
    with pytest.raises(UnreachableError):
        await client.json("GET", server.url)


async def test_nobody_there(server: Server, client: HttpClient) -> None:
    """A server without TLS where TLS is expected, and a closed port."""
    async with ClientSession() as session:
        secure = HttpClient(session, "the-key", ssl.create_default_context())
        server.pieces = [b"no TLS"]
        with pytest.raises(TlsError):
            await secure.json("GET", server.url.with_scheme("https"))
    with pytest.raises(UnreachableError):
        await client.json("GET", URL("http://127.0.0.1:1/"))


async def lines(client: HttpClient, server: Server) -> list[bytes]:
    """Return the lines of a long answer."""
    return [line async for line in client.lines(server.url)]


async def test_lines(server: Server, client: HttpClient) -> None:
    """Lines may arrive in pieces; the last one is what follows the last line end."""
    server.answer("200 OK", b"on")
    server.pieces += [b"e\n\n  \ntw", b"o\nrest"]
    server.pause = 0.01
    assert await lines(client, server) == [b"one", b"two", b"rest"]
    server.answer("200 OK", b"one\n")
    assert await lines(client, server) == [b"one", b""]


@pytest.mark.parametrize(
    ("limit", "most", "body"),
    [
        ("LONGEST_ANSWER", 20, b"0123456789\n" * 3),
        ("MOST_LINES", 2, b"x\n" * 3),
        ("_MOST_EMPTY", 2, b"\n" * 3),
        ("LONGEST_DOCUMENT", 10, b"x" * 11 + b"\n"),
        ("LONGEST_DOCUMENT", 10, b"x" * 11),
    ],
)
async def test_long_answers_have_limits(
    server: Server,
    client: HttpClient,
    monkeypatch: pytest.MonkeyPatch,
    *,
    limit: str,
    most: int,
    body: bytes,
) -> None:
    """In bytes, in lines, in empty ones, and for each line."""
    server.answer("200 OK", body)
    await lines(client, server)
    monkeypatch.setattr(http_client, limit, most)
    with pytest.raises(NetworkServerError, match="without end"):
        await lines(client, server)


async def test_slow_lines(
    server: Server, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long answer may take longer than a document, but not as long as it likes."""
    monkeypatch.setattr(http_client, "ANSWER_WITHIN", 0.2)
    server.answer("200 OK")
    server.pieces += [b"x\n"] * 8
    server.pause = 0.05
    assert await lines(client, server) == [b"x"] * 8 + [b""]
    monkeypatch.setattr(http_client, "LONG_ANSWER_WITHIN", 0.2)
    with pytest.raises(UnreachableError):
        await lines(client, server)
