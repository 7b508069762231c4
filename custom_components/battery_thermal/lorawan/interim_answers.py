"""A limit for interim answers of a server.

HTTP allows any number of interim answers (status 1xx) before the answer itself, and
aiohttp reads on until that comes. A server that sends nothing else costs 40 MB, and sets
off a garbage collection of all of Home Assistant several times in a second.
"""

from typing import Any, Final, cast, override

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http_parser import RawResponseMessage
from aiohttp.streams import StreamReader

# The answer itself, and the interim ones before it. Servers send one or two, if any
# (RFC 9110, 15.2).
MOST_ANSWERS: Final = 8


class LimitedRequest(aiohttp.ClientRequest):
    """A request whose answer must come after a few interim ones."""

    @override
    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """Send the request, and return its response, which has not begun."""
        self.response_class = _LimitedResponse
        return await super().send(conn)


class _LimitedResponse(aiohttp.ClientResponse):
    """A response that begins after a few interim ones."""

    @override
    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Wait for the answer. Raises aiohttp.ClientConnectionError after too many others."""
        limited = cast("Connection", _LimitedConnection(connection))
        return await super().start(limited)


class _LimitedConnection:
    """A connection that is read through a limit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def protocol(self) -> ResponseHandler | None:
        """What answers are read from; None when the connection is given back."""
        if (protocol := self._connection.protocol) is None:
            return None
        # Not `protocol and`: one without a message in its queue is false.
        return cast("ResponseHandler", _LimitedProtocol(protocol))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _LimitedProtocol:
    """What answers are read from, with a limit."""

    def __init__(self, protocol: ResponseHandler) -> None:
        self._protocol = protocol
        self._answers = 0

    async def read(self) -> tuple[RawResponseMessage, StreamReader]:
        """Return the next answer."""
        self._answers += 1
        if self._answers > MOST_ANSWERS:
            raise aiohttp.ClientConnectionError("interim answers without end")
        return await self._protocol.read()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._protocol, name)
