"""The hub of one application: passes messages of its network server on to its nodes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..device.battery_node import BatteryNode
from ..lorawan.clock import arrival_time
from ..lorawan.network_server import (
    Malformed,
    NetworkServer,
    NetworkServerError,
    ServerMessage,
    Uplink,
)
from .availability import Availability
from .connection import ConnectionLoop
from .discovery import NodeDiscovery
from .failures import FailureLog
from .missed_uplinks import MissedUplinkFetcher

_LOGGER = logging.getLogger(__name__)

type BatteryThermalConfigEntry = ConfigEntry[ApplicationHub]


class ApplicationHub:
    """Moves messages from the network server to the records of the nodes."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: BatteryThermalConfigEntry,
        server: NetworkServer,
        nodes: dict[str, BatteryNode],
    ) -> None:
        """Initialize without a connection. `nodes` are by device id."""
        self.nodes = nodes
        self.failures = FailureLog(entry.title)
        self.rejected: Counter[str] = Counter()
        """Messages that cannot be read and are of no node, by their reason."""
        self._hass = hass
        self._entry = entry
        self._server = server
        self._discovery = NodeDiscovery(hass, entry)
        self._availability = Availability(hass, entry.title, self._async_set_connected)
        self._fetcher = MissedUplinkFetcher(server, nodes.values(), self.failures)
        self._connection = ConnectionLoop(
            hass,
            server,
            self.failures,
            serve=self._async_serve,
            on_lost=self._async_lost,
            on_access_denied=self._async_reload,
        )

    async def async_start(self) -> None:
        """Connect, and receive messages in the background from then on.

        Missed uplinks are fetched in the background too: a network server may take long.
        Raises NetworkServerError when the first connection fails, and any other error
        until then.
        """
        connected: asyncio.Future[None] = self._hass.loop.create_future()
        self._async_create_task(self._connection.async_run(connected), "uplinks")
        self._entry.async_on_unload(self._availability.async_stop)
        await connected
        self._discovery.async_withdraw_offers(self.nodes)

    async def _async_serve(self, messages: AsyncIterator[ServerMessage]) -> None:
        """Receive the messages of one connection."""
        self._async_begin_catch_up()
        await self._fetcher.async_catch_up()
        self._availability.async_connected()
        self._async_create_task(self._async_check_devices(), "list of devices")
        late = self._async_create_task(self._fetcher.async_fetch_late(), "late uplinks")
        try:
            async for message in messages:
                await self._async_receive(message)
        finally:
            # The next connection begins with what is still missing.
            late.cancel()

    async def _async_receive(self, message: ServerMessage) -> None:
        """Pass a message on. An error costs this message and no other one."""
        if isinstance(message, Uplink):
            received_at = arrival_time(message.received_at, dt_util.utcnow())
            message = replace(message, received_at=received_at)
        try:
            if node := self.nodes.get(message.device_id):
                await node.async_receive(message)
            elif isinstance(message, Malformed):
                self._reject(message.reason)
            else:
                self._discovery.async_offer(message)
        except Exception as error:  # noqa: BLE001 - other messages must be received
            self.failures.record_failure(error)

    def _reject(self, reason: str) -> None:
        """Count a message that cannot be read, and log the first one of each reason."""
        if not self.rejected[reason]:
            _LOGGER.warning(
                "%s: a message was not understood: %s", self._entry.title, reason
            )
        self.rejected[reason] += 1

    async def _async_check_devices(self) -> None:
        """Find out which nodes were deleted at the server, if the key may list them."""
        if not self._server.lists_all_devices:
            return
        try:
            names = await self._server.device_names()
        except NetworkServerError as error:
            _LOGGER.debug("%s: no list of devices: %r", self._entry.title, error)
            return
        for device_id, node in self.nodes.items():
            node.record.set_known_to_server(device_id in names)

    @callback
    def _async_lost(self, error: Exception) -> None:
        """Note that messages are missed until there is a connection again."""
        self._async_begin_catch_up()
        self._availability.async_lost(error)

    @callback
    def _async_begin_catch_up(self) -> None:
        for node in self.nodes.values():
            node.async_begin_catch_up(connected=not self._availability.reported_lost)

    @callback
    def _async_create_task(
        self, coroutine: Coroutine[Any, Any, None], name: str
    ) -> asyncio.Task[None]:
        return self._entry.async_create_background_task(
            self._hass, coroutine, f"{self._entry.title} {name}"
        )

    @callback
    def _async_reload(self) -> None:
        """Set the entry up again, which asks the owner for another key."""
        self._hass.config_entries.async_schedule_reload(self._entry.entry_id)

    @callback
    def _async_set_connected(self, connected: bool) -> None:
        for node in self.nodes.values():
            node.async_set_connected(connected)
