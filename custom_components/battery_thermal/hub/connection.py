"""The connection to the network server: made again, slower and slower, until it holds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from random import random

from homeassistant.core import HomeAssistant

from ..lorawan.network_server import (
    AccessError,
    NetworkServer,
    NetworkServerError,
    RateLimitedError,
    ServerMessage,
)
from .failures import FailureLog

# Seconds. Networks ask clients to come back slowly and not all at once.
FIRST_WAIT = 2.0
LONGEST_WAIT = 300.0
RATE_LIMIT_WAIT = 60.0
# A connection that held so long is not counted as a failed attempt.
STEADY = 60.0


class ConnectionLoop:
    """Keeps one connection up until the network server needs another key."""

    def __init__(
        self,
        hass: HomeAssistant,
        server: NetworkServer,
        failures: FailureLog,
        *,
        serve: Callable[[AsyncIterator[ServerMessage]], Awaitable[None]],
        on_lost: Callable[[Exception], None],
        on_access_denied: Callable[[], None],
    ) -> None:
        """Initialize.

        `serve` receives the messages of one connection until it breaks. `on_lost` is
        called at the end of each connection, and `on_access_denied` instead when another
        key is needed: no further connection is made then.
        """
        self._loop = hass.loop
        self._server = server
        self._failures = failures
        self._serve = serve
        self._on_lost = on_lost
        self._on_access_denied = on_access_denied

    async def async_run(self, connected: asyncio.Future[None]) -> None:
        """Connect again and again.

        `connected` gets the result of the first attempt, and if that fails it is the
        last one.
        """
        wait = FIRST_WAIT
        while True:
            started = self._loop.time()
            try:
                async with self._server.connect() as messages:
                    if not connected.done():
                        connected.set_result(None)
                    await self._serve(messages)
            except Exception as error:  # noqa: BLE001 - nothing else receives messages
                if not connected.done():
                    connected.set_exception(error)
                    return
                if isinstance(error, AccessError):
                    self._on_access_denied()
                    return
                if not isinstance(error, NetworkServerError):
                    self._failures.record_failure(error)
                self._on_lost(error)
                if isinstance(error, RateLimitedError):
                    wait = max(wait, RATE_LIMIT_WAIT)
            if self._loop.time() - started > STEADY:
                wait = FIRST_WAIT
            await asyncio.sleep(wait * (0.5 + random() / 2))
            wait = min(2 * wait, LONGEST_WAIT)
