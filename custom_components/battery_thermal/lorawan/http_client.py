"""HTTP requests to a server that is not trusted.

Every answer has a limit in time, from the first byte sent to the last byte read, and one
in bytes. Nothing is decompressed, no redirect is followed, no cookie is kept, and long
answers are read line by line, and other tasks run in between.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
import ssl
from typing import Any, Final

import aiohttp
from yarl import URL

from .bounded_json import json_loads_object
from .network_server import (
    InvalidKeyError,
    NetworkServerError,
    NoRightsError,
    RateLimitedError,
    TlsError,
    UnknownDeviceError,
    UnreachableError,
)
from .turns import Turns

# Seconds for an answer, and for the next byte of one that may be long.
ANSWER_WITHIN = 8.0
# Seconds for a long answer. A day of a node's uplinks is some 5 MB of JSON.
LONG_ANSWER_WITHIN = 60.0

# Bytes of a JSON document, also of each line of a long answer. An uplink that dozens of
# gateways have heard is some 30 kB; a list of a hundred devices is 60 kB.
LONGEST_DOCUMENT = 256 * 1024
# Bytes and lines of a long answer, and how many of them may be empty. The fastest node
# that the network's rules allow sends some 8,000 uplinks a day.
LONGEST_ANSWER = 64 * 1024 * 1024
MOST_LINES = 10_000
_MOST_EMPTY: Final = 3 * MOST_LINES

# Bytes of a header, and how many headers there may be.
_LONGEST_HEADER: Final = 8 * 1024
_MOST_HEADERS: Final = 64
# Digits of the seconds to wait: more is no time to wait for.
_WAIT_DIGITS: Final = 6


class HttpClient:
    """Makes HTTP requests with an API key."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_key: str,
        tls: ssl.SSLContext | None,
    ) -> None:
        """Initialize. `tls` is None for plain connections."""
        self._session = session
        self._authorization = f"Bearer {api_key}"
        self._ssl = tls or True

    async def json(
        self, method: str, url: URL, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the JSON object that answers a request. Raises NetworkServerError."""
        data = bytearray()
        async with self._answered(
            method, url, body, "application/json", ANSWER_WITHIN
        ) as response:
            async for piece in response.content.iter_any():
                data += piece
                if len(data) > LONGEST_DOCUMENT:
                    raise NetworkServerError("an answer without end")
        try:
            return json_loads_object(bytes(data))
        except ValueError as error:
            raise NetworkServerError("a JSON object was expected") from error

    async def lines(self, url: URL) -> AsyncGenerator[bytes]:
        """Yield the lines of a long answer that are not empty, as they come.

        The last one is what follows the last line end: nothing, or a line that may
        have been cut. Raises NetworkServerError.
        """
        async with (
            self._answered(
                "GET", url, None, "text/event-stream", LONG_ANSWER_WITHIN
            ) as response,
            aclosing(_lines(response.content)) as lines,
        ):
            async for line in lines:
                yield line

    @asynccontextmanager
    async def _answered(
        self,
        method: str,
        url: URL,
        body: Mapping[str, Any] | None,
        accept: str,
        within: float,
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        """Make a request, and yield its response."""
        headers = {
            "Authorization": self._authorization,
            "Accept": accept,
            # Four kB can be made to decompress to gigabytes.
            "Accept-Encoding": "identity",
        }
        try:
            async with (
                asyncio.timeout(within),
                self._session.request(
                    method,
                    url,
                    json=body,
                    headers=headers,
                    ssl=self._ssl,
                    timeout=aiohttp.ClientTimeout(sock_read=ANSWER_WITHIN),
                    allow_redirects=False,
                    auto_decompress=False,
                    max_line_size=_LONGEST_HEADER,
                    max_field_size=_LONGEST_HEADER,
                    max_headers=_MOST_HEADERS,
                ) as response,
            ):
                if error := _error(response):
                    raise error
                yield response
        except (aiohttp.ClientSSLError, ssl.SSLError) as error:
            raise TlsError(str(error)) from error
        # What aiohttp raises for malformed answers is not always one of its own errors.
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise UnreachableError(str(error) or type(error).__name__) from error


async def _lines(content: aiohttp.StreamReader) -> AsyncGenerator[bytes]:
    turns = Turns()
    rest = b""
    size = lines = empty = 0
    async for data in content.iter_any():
        *whole, rest = (rest + data).split(b"\n")
        given = [line for line in whole if line.strip()]
        size += len(data)
        lines += len(given)
        empty += len(whole) - len(given)
        if size > LONGEST_ANSWER or lines > MOST_LINES or empty > _MOST_EMPTY:
            raise NetworkServerError("an answer without end")
        if max(map(len, (rest, *given))) > LONGEST_DOCUMENT:
            raise NetworkServerError("a line without end")
        for line in given:
            await turns.take(len(line))
            yield line
    yield rest


def _error(response: aiohttp.ClientResponse) -> NetworkServerError | None:
    """Return what is wrong with an answer by its status and headers."""
    match response.status:
        case 401:
            return InvalidKeyError("HTTP 401")
        case 403:
            return NoRightsError("HTTP 403")
        case 404:
            return UnknownDeviceError("HTTP 404")
        case 429:
            wait = response.headers.get("X-Rate-Limit-Retry", "")
            known = wait.isdecimal() and len(wait) <= _WAIT_DIGITS
            return RateLimitedError(float(wait) if known else None)
        case status if not 200 <= status < 300:
            # A redirect too: it could take the key and a downlink anywhere.
            return NetworkServerError(f"HTTP {status}")
    if (encoding := response.headers.get("Content-Encoding", "identity")) != "identity":
        return NetworkServerError(f"an answer encoded as {encoding[:20]!r}")
    return None
