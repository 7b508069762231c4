"""Tests of fetching stored uplinks, without a network."""

from datetime import UTC, datetime, timedelta

from freezegun import freeze_time
import pytest

from custom_components.battery_thermal.lorawan.network_server import (
    InvalidKeyError,
    NetworkServer,
    NetworkServerError,
    UnreachableError,
)
from custom_components.battery_thermal.lorawan.stored_uplinks import (
    async_fetch_stored,
    retry_waits,
)
from custom_components.battery_thermal.lorawan.the_things_stack.storage import STORAGE
from tests.battery_thermal.fake_server import FakeNetworkServer
from tests.battery_thermal.uplinks import make_uplink

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def server(*errors: NetworkServerError) -> FakeNetworkServer:
    """Return a server that has stored two uplinks, one of them of the future."""
    fake = FakeNetworkServer()
    fake.stored = [
        make_uplink(1, received_at=NOW - HOUR),
        make_uplink(2, received_at=NOW + 3 * HOUR),
    ]
    fake.fetch_errors = list(errors)
    return fake


async def fetch(
    fake: FakeNetworkServer, since: datetime, *waits: float
) -> list[int] | None:
    """Return the frame counters of the fetched uplinks."""
    with freeze_time(NOW):
        fetched = await async_fetch_stored(fake, "garage", since, iter(waits))
    return None if fetched is None else [uplink.f_cnt for uplink in fetched]


def test_a_fake_server_is_a_network_server() -> None:
    """The fake server implements the interface."""
    _server: NetworkServer = FakeNetworkServer()


@pytest.mark.parametrize(
    ("since", "after"),
    [
        # One second before the newest known uplink, which shows whether uplinks are stored.
        (NOW - HOUR, NOW - HOUR - timedelta(seconds=1)),
        # Not before the oldest that the server can return.
        (NOW - 100 * HOUR, NOW - 24 * HOUR - timedelta(seconds=1)),
    ],
)
async def test_from_the_uplink_known_last(since: datetime, after: datetime) -> None:
    """Uplinks with impossible times are left out."""
    fake = server()

    assert await fetch(fake, since) == [1]
    assert fake.fetches == [after]


async def test_further_attempts() -> None:
    """After a failure, another attempt is made for each wait."""
    fake = server(UnreachableError(), UnreachableError())
    assert await fetch(fake, NOW - HOUR, 0, 0) == [1]

    fake = server(UnreachableError(), UnreachableError())
    assert await fetch(fake, NOW - HOUR, 0) is None


async def test_refused_key() -> None:
    """After a refused key no other attempt is made."""
    fake = server(InvalidKeyError())

    assert await fetch(fake, NOW - HOUR, 0, 0) is None
    assert len(fake.fetches) == 1


async def test_server_without_storage() -> None:
    """A server without a storage gets no request."""
    fake = server()
    fake.storage = None

    assert await fetch(fake, NOW - HOUR, 0) == []
    assert fake.fetches == []
    assert list(retry_waits(fake)) == []


def test_waits_are_those_of_the_server() -> None:
    """Each server has its own waits."""
    assert tuple(retry_waits(FakeNetworkServer())) == STORAGE.retry_waits
