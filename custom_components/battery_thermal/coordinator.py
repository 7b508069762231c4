"""One application: its network server is listened to, its nodes are told."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
import logging
from random import random

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    ConfigFlowContext,
)
from homeassistant.const import CONF_DEVICE_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .battery_node import BatteryNode
from .const import CONF_ENTRY_ID, DOMAIN
from .issues import async_node_gone, async_node_there
from .lorawan.network_server import (
    STORED_FOR,
    AccessError,
    Message,
    NetworkServer,
    NetworkServerError,
    RateLimitedError,
    UnknownDeviceError,
    Uplink,
)
from .node.uplink import Line, UplinkError, decode_uplink

_LOGGER = logging.getLogger(__name__)

type BatteryThermalConfigEntry = ConfigEntry[Coordinator]

# Seconds. Networks ask clients to come back slowly and not all at once.
FIRST_WAIT = 2.0
LONGEST_WAIT = 300.0
RATE_LIMIT_WAIT = 60.0
# Before another attempt to fetch what was missed; new messages wait as long.
FETCH_WAITS = (2.0, 5.0, 15.0)
# Before what the network server had not stored yet is fetched: it writes in batches. A
# line finds its place if it is a minute late, and no more.
LATE_AFTER = 45.0
# A connection that held so long had nothing wrong with it.
STEADY = 60.0
# Nobody needs to hear of an interruption shorter than this.
GRACE = 60.0

_OVERLAP = timedelta(seconds=1)
# Uplinks taken before others have a turn: some 10 ms.
_AT_ONCE = 32


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
        self.failures: Counter[str] = Counter()
        """Errors of this integration's own making, by their kind."""
        self._entry = entry
        self._server = server
        self._strangers: set[str] = set()
        self._reported_lost = False
        self._grace: CALLBACK_TYPE | None = None

    async def async_start(self) -> None:
        """Connect, and listen in the background from then on.

        Raises NetworkServerError when the first connection fails, and whatever else
        goes wrong until then.
        """
        connected: asyncio.Future[None] = self.hass.loop.create_future()
        self._entry.async_create_background_task(
            self.hass, self._async_run(connected), f"{self._entry.title} uplinks"
        )
        self._entry.async_on_unload(self._async_end_grace)
        await connected
        self._async_take_back_offers()

    async def _async_run(self, connected: asyncio.Future[None]) -> None:
        """Keep a connection up until another key is needed."""
        wait = FIRST_WAIT
        while True:
            started = self.hass.loop.time()
            try:
                async with self._server.connect() as messages:
                    await self._async_catch_up()
                    self._async_connected()
                    self._entry.async_create_background_task(
                        self.hass, self._async_look_for_nodes(), "look for nodes"
                    )
                    late = self._entry.async_create_background_task(
                        self.hass, self._async_fetch_late(), "late uplinks"
                    )
                    if not connected.done():
                        connected.set_result(None)
                    try:
                        async for message in messages:
                            await self._async_receive(message)
                    finally:
                        # The next connection begins with what is still missing.
                        late.cancel()
            except Exception as error:  # noqa: BLE001 - the only one who listens
                if not connected.done():
                    connected.set_exception(error)
                    return
                if isinstance(error, AccessError):
                    # Setting up again finds the same, and asks for another key.
                    self.hass.config_entries.async_schedule_reload(self._entry.entry_id)
                    return
                if not isinstance(error, NetworkServerError):
                    self._async_failed(error)
                self._async_lost(error)
                if isinstance(error, RateLimitedError):
                    wait = max(wait, RATE_LIMIT_WAIT)
            if self.hass.loop.time() - started > STEADY:
                wait = FIRST_WAIT
            await asyncio.sleep(wait * (0.5 + random() / 2))
            wait = min(2 * wait, LONGEST_WAIT)

    @callback
    def _async_take_back_offers(self) -> None:
        """Offer no longer what has been set up by hand."""
        flows = self.hass.config_entries.flow
        for device_id in self.nodes:
            unique_id = f"{self._entry.entry_id}_{device_id}"
            for flow in flows.async_progress_by_handler(
                DOMAIN, match_context={"unique_id": unique_id}
            ):
                flows.async_abort(flow["flow_id"])

    async def _async_look_for_nodes(self) -> None:
        """Find out which nodes were deleted at the server, if the key may ask."""
        try:
            names = await self._server.device_names()
        except NetworkServerError as error:
            _LOGGER.debug("%s: no list of devices: %r", self._entry.title, error)
            return
        for node in self.nodes.values():
            if node.device_id in names:
                async_node_there(self.hass, node)
            else:
                async_node_gone(self.hass, node)

    async def _async_catch_up(self) -> None:
        """Fetch what was missed, where the network server has kept it.

        New messages wait meanwhile, so that all come in order.
        """
        waits = iter(FETCH_WAITS)
        for node in self.nodes.values():
            uplinks = await self._async_fetch(node, node.missing_since, waits)
            missed = node.async_catch_up(uplinks)
            for number, uplink in enumerate(missed, 1):
                self._async_take(node, uplink)
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)

    async def _async_fetch_late(self) -> None:
        """Fetch what was sent right before the connection, and was not stored then.

        New messages have come in the meantime.
        """
        await asyncio.sleep(LATE_AFTER)
        for node in self.nodes.values():
            if since := node.caught_up_to:
                uplinks = await self._async_fetch(node, since, iter(()))
                for uplink in node.async_late(uplinks, since):
                    await self._async_receive(uplink)

    async def _async_fetch(
        self, node: BatteryNode, since: datetime, waits: Iterator[float]
    ) -> list[Uplink] | None:
        """Return a node's uplinks from the last one known on; None if not to be had.

        That one shows whether the server keeps any. `waits`: the seconds before each
        further attempt that is left, for all nodes together.
        """
        now = dt_util.utcnow()
        after = max(since, now - STORED_FOR) - _OVERLAP
        while True:
            try:
                return await self._server.stored_uplinks(node.device_id, after)
            except NetworkServerError as error:
                _LOGGER.debug("%s: nothing to catch up: %r", node.name, error)
                if isinstance(error, AccessError | UnknownDeviceError):
                    return None
                if (wait := next(waits, None)) is None:
                    return None
            await asyncio.sleep(wait)

    async def _async_receive(self, message: Message) -> None:
        """Take a message. One that is too much for us is not the end of all others."""
        try:
            if node := self.nodes.get(message.device_id):
                await node.async_receive(message)
            elif message.device_id not in self._strangers:
                self._async_meet(message)
        except Exception as error:  # noqa: BLE001 - whatever it may be
            self._async_failed(error)

    @callback
    def _async_take(self, node: BatteryNode, uplink: Uplink) -> None:
        """Take one of the messages that were missed, likewise."""
        try:
            node.async_take(uplink)
        except Exception as error:  # noqa: BLE001 - whatever it may be
            self._async_failed(error)

    @callback
    def _async_failed(self, error: Exception) -> None:
        """Count an error that should not have been, and say so the first time."""
        kind = type(error).__name__
        if not self.failures[kind]:
            _LOGGER.error(
                "%s: an error in this integration", self._entry.title, exc_info=error
            )
        self.failures[kind] += 1

    @callback
    def _async_meet(self, message: Message) -> None:
        """Offer to set up a device that talks like a node."""
        if not isinstance(message, Uplink) or not message.f_port:
            return
        try:
            content = decode_uplink(message.payload)
        except UplinkError:
            return
        if isinstance(content, Line):
            self._strangers.add(message.device_id)
            discovery_flow.async_create_flow(
                self.hass,
                DOMAIN,
                ConfigFlowContext(source=SOURCE_INTEGRATION_DISCOVERY),
                {
                    CONF_ENTRY_ID: self._entry.entry_id,
                    CONF_DEVICE_ID: message.device_id,
                },
            )

    @callback
    def _async_connected(self) -> None:
        self._async_end_grace()
        if self._reported_lost:
            self._reported_lost = False
            _LOGGER.info("%s: connected again", self._entry.title)
        self._async_tell(connected=True)

    @callback
    def _async_lost(self, error: Exception) -> None:
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
