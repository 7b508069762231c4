"""One application: its network server is listened to, its nodes are told."""

import asyncio
from datetime import UTC, datetime, timedelta
import logging
from random import random

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .battery_node import BatteryNode
from .lorawan.network_server import (
    STORED_FOR,
    AccessError,
    Message,
    NetworkServer,
    NetworkServerError,
    RateLimitedError,
    Uplink,
)

_LOGGER = logging.getLogger(__name__)

type BatteryThermalConfigEntry = ConfigEntry[Coordinator]

# Seconds. Networks ask clients to come back slowly and not all at once.
FIRST_WAIT = 2.0
LONGEST_WAIT = 300.0
RATE_LIMIT_WAIT = 60.0
# A connection that held so long had nothing wrong with it.
STEADY = 60.0
# Nobody needs to hear of an interruption shorter than this.
GRACE = 60.0


_OVERLAP = timedelta(seconds=1)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Coordinator:
    """Moves messages from the network server to the records of the nodes."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: BatteryThermalConfigEntry,
        server: NetworkServer,
        nodes: dict[str, BatteryNode],
    ) -> None:
        """Listen to nothing yet. `nodes` are the records by device id."""
        self.hass = hass
        self.nodes = nodes
        self._entry = entry
        self._server = server
        self._reported_lost = False
        self._grace: CALLBACK_TYPE | None = None

    async def async_start(self) -> None:
        """Connect, and listen in the background from then on.

        Raises NetworkServerError when the first connection fails.
        """
        connected: asyncio.Future[None] = self.hass.loop.create_future()
        self._entry.async_create_background_task(
            self.hass, self._async_run(connected), f"{self._entry.title} uplinks"
        )
        self._entry.async_on_unload(self._async_end_grace)
        await connected

    async def _async_run(self, connected: asyncio.Future[None]) -> None:
        """Keep a connection up until another key is needed."""
        wait = FIRST_WAIT
        while True:
            started = self.hass.loop.time()
            try:
                async with self._server.connect() as messages:
                    await self._async_catch_up()
                    self._async_connected()
                    if not connected.done():
                        connected.set_result(None)
                    async for message in messages:
                        self._async_receive(message)
            except NetworkServerError as error:
                if not connected.done():
                    connected.set_exception(error)
                    return
                if isinstance(error, AccessError):
                    # Setting up again finds the same, and asks for another key.
                    self.hass.config_entries.async_schedule_reload(self._entry.entry_id)
                    return
                self._async_lost(error)
                if isinstance(error, RateLimitedError):
                    wait = max(wait, RATE_LIMIT_WAIT)
            if self.hass.loop.time() - started > STEADY:
                wait = FIRST_WAIT
            await asyncio.sleep(wait * (0.5 + random() / 2))
            wait = min(2 * wait, LONGEST_WAIT)

    async def _async_catch_up(self) -> None:
        """Fetch what was missed, where the network server has kept it.

        New messages wait meanwhile, so that all come in order.
        """
        now = dt_util.utcnow()
        since = {
            node.device_id: max(node.traffic.heard_at or _NEVER, now - STORED_FOR)
            for node in self.nodes.values()
        }
        uplinks: list[Uplink] | None = None
        if since:
            # From the last one known, which shows that the server keeps any.
            try:
                uplinks = await self._server.stored_uplinks(
                    min(since.values()) - _OVERLAP
                )
            except NetworkServerError as error:
                _LOGGER.debug("%s: nothing to catch up: %s", self._entry.title, error)
        for node in self.nodes.values():
            node.async_catch_up(
                None
                if uplinks is None
                else [one for one in uplinks if one.device_id == node.device_id]
            )

    @callback
    def _async_receive(self, message: Message) -> None:
        if node := self.nodes.get(message.device_id):
            node.async_receive(message)

    @callback
    def _async_connected(self) -> None:
        self._async_end_grace()
        if self._reported_lost:
            self._reported_lost = False
            _LOGGER.info("%s: connected again", self._entry.title)
        self._async_tell(connected=True)

    @callback
    def _async_lost(self, error: NetworkServerError) -> None:
        _LOGGER.debug("%s: not connected: %s", self._entry.title, error)
        if self._reported_lost or self._grace:
            return

        @callback
        def _grace_is_over(_now: datetime) -> None:
            self._grace = None
            self._reported_lost = True
            _LOGGER.warning("%s: connection lost: %s", self._entry.title, error)
            self._async_tell(connected=False)

        self._grace = async_call_later(self.hass, GRACE, _grace_is_over)

    @callback
    def _async_end_grace(self) -> None:
        if self._grace:
            self._grace()
            self._grace = None

    @callback
    def _async_tell(self, *, connected: bool) -> None:
        for node in self.nodes.values():
            node.async_set_connected(connected)
