"""A network server without sockets, for tests of the rules above it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import override

from custom_components.battery_thermal.lorawan.network_server import (
    Downlink,
    NetworkServer,
    ServerMessage,
    Uplink,
    UplinkStorage,
)
from custom_components.battery_thermal.lorawan.the_things_stack.storage import STORAGE


class FakeNetworkServer(NetworkServer):
    """Returns what a test has set, or raises it if it is an exception."""

    def __init__(self) -> None:
        """Initialize a server that accepts connections and has stored nothing."""
        self.storage: UplinkStorage | None = STORAGE
        self.connections = 0
        self.connect_errors: list[Exception] = []
        """Raised by the next attempts to connect."""
        self.messages: asyncio.Queue[ServerMessage | Exception] = asyncio.Queue()
        """Sent to the client; an exception ends the connection."""
        self.names: dict[str, str] | Exception = {}
        self.stored: list[Uplink] = []
        self.fetch_errors: list[Exception] = []
        """Raised by the next requests for stored uplinks."""
        self.fetches: list[datetime] = []
        """The times from which on stored uplinks were requested."""
        self.downlinks: list[Downlink] = []

    @override
    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncIterator[ServerMessage]]:
        """Accept a connection."""
        if self.connect_errors:
            raise self.connect_errors.pop(0)
        self.connections += 1
        yield self._messages()

    async def _messages(self) -> AsyncIterator[ServerMessage]:
        while True:
            message = await self.messages.get()
            if isinstance(message, Exception):
                raise message
            yield message

    @override
    async def check_rights(self) -> None:
        """Accept the key."""

    @override
    async def device_names(self) -> dict[str, str]:
        """Return the names of the devices."""
        if isinstance(self.names, Exception):
            raise self.names
        return self.names

    @override
    async def stored_uplinks(self, device_id: str, after: datetime) -> list[Uplink]:
        """Return the stored uplinks of a device."""
        self.fetches.append(after)
        if self.fetch_errors:
            raise self.fetch_errors.pop(0)
        return [
            uplink
            for uplink in self.stored
            if uplink.device_id == device_id and uplink.received_at > after
        ]

    @override
    async def send(self, device_id: str, downlink: Downlink) -> None:
        """Accept a downlink."""
        self.downlinks.append(downlink)
