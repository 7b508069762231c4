"""Fetching the uplinks that the network server received while not connected."""

import asyncio
from collections.abc import Collection
import logging

from ..device.battery_node import BatteryNode
from ..lorawan.network_server import NetworkServer
from ..lorawan.stored_uplinks import async_fetch_stored, retry_waits
from .failures import FailureLog

_LOGGER = logging.getLogger(__name__)

# Seconds for all attempts for all nodes together. New messages, which have waited, are
# received then.
CATCH_UP_WITHIN = 60.0

# Uplinks received before other tasks of the event loop run: some 10 ms.
_BATCH = 32


class MissedUplinkFetcher:
    """Fetches missed uplinks of all nodes of an application."""

    def __init__(
        self,
        server: NetworkServer,
        nodes: Collection[BatteryNode],
        failures: FailureLog,
    ) -> None:
        """Initialize."""
        self._server = server
        self._nodes = nodes
        self._failures = failures

    async def async_catch_up(self) -> None:
        """Fetch missed uplinks of each node, where the network server stores them.

        New messages wait meanwhile, so that all are received in order.
        """
        loop = asyncio.get_running_loop()
        waits = retry_waits(self._server)
        end = loop.time() + CATCH_UP_WITHIN
        for node in self._nodes:
            stored = None
            try:
                async with asyncio.timeout_at(end):
                    since = node.record.missing_since
                    stored = await async_fetch_stored(
                        self._server, node.config.device_id, since, waits
                    )
            except TimeoutError:
                _LOGGER.debug("%s: catching up took too long", node.config.name)
            except Exception as error:  # noqa: BLE001 - new messages must be received
                self._failures.record_failure(error)
            missed = node.async_select_missed(stored)
            for number, uplink in enumerate(missed, 1):
                try:
                    node.async_receive_missed(uplink)
                except Exception as error:  # noqa: BLE001 - others must be received
                    self._failures.record_failure(error)
                if number % _BATCH == 0:
                    await asyncio.sleep(0)

    async def async_fetch_late(self) -> None:
        """Fetch uplinks sent right before the connection, which were not stored then.

        New messages have been received in the meantime.
        """
        if (storage := self._server.storage) is None:
            return
        await asyncio.sleep(storage.fetch_again_after)
        for node in self._nodes:
            if since := node.record.missed.caught_up_to:
                stored = await async_fetch_stored(
                    self._server,
                    node.config.device_id,
                    since,
                    retry_waits(self._server),
                )
                for uplink in node.async_select_late(stored, since):
                    try:
                        await node.async_receive(uplink)
                    except Exception as error:  # noqa: BLE001 - others must be received
                        self._failures.record_failure(error)
