"""Tests of the connection loop: when it connects again, and when it ends."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from custom_components.battery_thermal.hub import connection
from custom_components.battery_thermal.hub.connection import ConnectionLoop
from custom_components.battery_thermal.hub.failures import FailureLog
from custom_components.battery_thermal.lorawan.network_server import (
    InvalidKeyError,
    Notice,
    RateLimitedError,
    ServerMessage,
    UnreachableError,
)
from homeassistant.core import HomeAssistant
from tests.battery_thermal.fake_server import FakeNetworkServer


class Client:
    """A connection loop and its recorded calls."""

    def __init__(self, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
        """Replace waiting by a record of the seconds."""
        self.server = FakeNetworkServer()
        self.failures = FailureLog("batteries")
        self.messages: list[ServerMessage] = []
        self.losses: list[Exception] = []
        self.denied = 0
        self.waits: list[float] = []
        self.ahead = 0.0
        self.connected: asyncio.Future[None] = hass.loop.create_future()
        self._loop = ConnectionLoop(
            hass,
            self.server,
            self.failures,
            serve=self._serve,
            on_lost=self.losses.append,
            on_access_denied=self._deny,
        )
        sleep, time = asyncio.sleep, hass.loop.time

        async def wait(seconds: float) -> None:
            self.waits.append(seconds)
            await sleep(0)

        monkeypatch.setattr(asyncio, "sleep", wait)
        monkeypatch.setattr(connection, "random", lambda: 1.0)
        monkeypatch.setattr(hass.loop, "time", lambda: time() + self.ahead)

    async def _serve(self, messages: AsyncIterator[ServerMessage]) -> None:
        async for message in messages:
            self.messages.append(message)

    def _deny(self) -> None:
        self.denied += 1

    async def run(self) -> None:
        """Run until another key is needed, or the first connection has failed."""
        await self._loop.async_run(self.connected)

    def break_connection(self, error: Exception, times: int = 1) -> None:
        """Let the next connections end with errors."""
        for _ in range(times):
            self.server.messages.put_nowait(error)


@pytest.fixture
def client(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return a connection loop to a server without sockets."""
    return Client(hass, monkeypatch)


async def test_first_connection_fails(client: Client) -> None:
    """The set-up gets the error, and no other attempt is made."""
    client.server.connect_errors.append(UnreachableError())
    await client.run()
    assert isinstance(client.connected.exception(), UnreachableError)
    assert client.server.connections == 0
    assert not client.waits


async def test_messages_are_served(client: Client) -> None:
    """The messages of each connection are passed on."""
    notice = Notice(device_id="garage", kind="location")
    client.server.messages.put_nowait(notice)
    client.break_connection(UnreachableError())
    client.server.messages.put_nowait(notice)
    client.break_connection(InvalidKeyError())
    await client.run()
    assert client.connected.done()
    assert client.messages == [notice, notice]
    assert client.server.connections == 2
    assert len(client.losses) == 1


async def test_key_that_was_revoked(client: Client) -> None:
    """No further connection is made, because the owner has to enter another key."""
    client.break_connection(InvalidKeyError())
    await client.run()
    assert client.denied == 1
    assert not client.losses


async def test_waits_become_longer(client: Client) -> None:
    """Each wait is twice as long as the one before, up to five minutes."""
    client.break_connection(UnreachableError(), times=10)
    client.break_connection(InvalidKeyError())
    await client.run()
    assert client.waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert len(client.losses) == 10


async def test_server_that_asks_to_wait(client: Client) -> None:
    """The wait is at least a minute, and then increases."""
    client.break_connection(RateLimitedError(), times=2)
    client.break_connection(InvalidKeyError())
    await client.run()
    assert client.waits == [60, 120]


async def test_connection_that_held(client: Client) -> None:
    """After a connection of more than a minute the waits begin again."""
    client.break_connection(UnreachableError(), times=3)
    client.break_connection(InvalidKeyError())
    messages = client.server.messages.get

    async def get() -> ServerMessage | Exception:
        if client.server.connections == 3:
            client.ahead += connection.STEADY + 1
        return await messages()

    client.server.messages.get = get  # type: ignore[method-assign]
    await client.run()
    assert client.waits == [2, 4, 2]


async def test_unexpected_error(client: Client) -> None:
    """It is recorded as a failure, and the connection is established again."""
    client.break_connection(LookupError("unexpected"))
    client.break_connection(InvalidKeyError())
    await client.run()
    assert client.failures.counts == {"LookupError": 1}
    assert client.server.connections == 2
