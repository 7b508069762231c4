"""Fetching of uplinks that a network server has stored, with further attempts."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.util import dt as dt_util

from .clock import can_be_stored
from .network_server import (
    AccessError,
    NetworkServer,
    NetworkServerError,
    UnknownDeviceError,
    Uplink,
)

_LOGGER = logging.getLogger(__name__)

# The uplink known last is fetched again: it shows whether the server stores any.
_OVERLAP: Final = timedelta(seconds=1)


def retry_waits(server: NetworkServer) -> Iterator[float]:
    """Return the seconds to wait before each further attempt to fetch."""
    return iter(server.storage.retry_waits if server.storage else ())


async def async_fetch_stored(
    server: NetworkServer, device_id: str, since: datetime, waits: Iterator[float]
) -> list[Uplink] | None:
    """Return a device's stored uplinks from the last one known on; None on failure.

    Empty if the server stores none. `since`: when the last one known was received.
    `waits`: the seconds before each further attempt that is left.
    """
    if (storage := server.storage) is None:
        return []
    after = max(since, dt_util.utcnow() - storage.kept_for) - _OVERLAP
    while True:
        try:
            stored = await server.stored_uplinks(device_id, after)
            return [
                uplink
                for uplink in stored
                if can_be_stored(uplink.received_at, dt_util.utcnow(), storage.kept_for)
            ]
        except NetworkServerError as error:
            _LOGGER.debug("%s: stored uplinks not fetched: %r", device_id, error)
            if isinstance(error, AccessError | UnknownDeviceError):
                return None
            if (wait := next(waits, None)) is None:
                return None
        await asyncio.sleep(wait)
