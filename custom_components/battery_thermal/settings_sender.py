"""Settings on their way to the node: when they are sent, and what came of it.

The rules are those of `node.delivery`. Here they get the network server and the time.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
import logging
from typing import Any, Final
from uuid import uuid4

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .lorawan.network_server import (
    AccessError,
    Downlink,
    DownlinkReport,
    DownlinkStage,
    NetworkServer,
    NetworkServerError,
    RateLimitedError,
    UnknownDeviceError,
)
from .node.delivery import Delivery, Happened
from .node.downlink import DOWNLINK_PORT, encode_downlink
from .node.layout import Mode

_LOGGER = logging.getLogger(__name__)

# Seconds. Changes of settings closer together than this become one downlink.
MERGE: Final = 5.0

# What our correlation ids begin with: they come back in what becomes of a downlink.
_OURS: Final = f"{DOMAIN}:"


class SettingsSender:
    """Sends what is wanted of one node when it is due."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        server: NetworkServer,
        device_id: str,
        *,
        budget: int | None,
        confirmed: bool,
        on_sent: Callable[[Mode], None],
        on_change: Callable[[Happened | None], None],
        on_gone: Callable[[], None],
    ) -> None:
        """Want nothing yet.

        `budget`: downlinks a day, None without limit. `confirmed`: the node
        acknowledges downlinks. `on_sent` hears of the mode that the node may take up
        from now on, `on_change` of all that happens, `on_gone` that the network server
        does not know the node.
        """
        self.delivery = Delivery(budget)
        self._hass = hass
        self._entry = entry
        self._server = server
        self._device_id = device_id
        self._confirmed = confirmed
        self._on_sent = on_sent
        self._on_change = on_change
        self._on_gone = on_gone
        self._sending = asyncio.Lock()
        self._merging: CALLBACK_TYPE | None = None
        self._not_before: datetime | None = None

    @callback
    def async_load(self, data: dict[str, Any]) -> None:
        """Go on with what `delivery.as_dict` returned before the restart."""
        self.delivery = Delivery.from_dict(data, self.delivery.budget)

    @callback
    def async_stop(self) -> None:
        """Send nothing any more. What is wanted stays wanted."""
        if self._merging:
            self._merging()
            self._merging = None

    @callback
    def async_request(
        self,
        *,
        threshold: int | None = None,
        mode: Mode | None = None,
        fan: bool | None = None,
    ) -> None:
        """Want other settings; what is not given stays. They are sent in a moment."""
        self.async_stop()
        event = self.delivery.request(threshold=threshold, mode=mode, fan=fan)
        self._merging = async_call_later(self._hass, MERGE, self._async_merged)
        self._on_change(event)

    async def _async_merged(self, _now: datetime) -> None:
        self._merging = None
        await self._async_try_to_send()

    async def async_send(self) -> None:
        """Send what is due, if anything is. Raises NetworkServerError when refused."""
        self.async_stop()
        async with self._sending:
            settings = self.delivery.due(dt_util.utcnow())
            if settings is None:
                return
            downlink = Downlink(
                f_port=DOWNLINK_PORT,
                payload=encode_downlink(settings),
                confirmed=self._confirmed,
                correlation_id=f"{_OURS}{uuid4()}",
            )
            # The server may take it and its answer never come.
            self.delivery.offered(downlink.correlation_id, settings)
            self._on_sent(settings.mode)
            try:
                await self._server.send(self._device_id, downlink)
            except NetworkServerError as error:
                if isinstance(error, AccessError):
                    self._entry.async_start_reauth(self._hass)
                if isinstance(error, UnknownDeviceError):
                    self._on_gone()
                if isinstance(error, RateLimitedError) and error.retry_after:
                    wait = timedelta(seconds=error.retry_after)
                    self._not_before = dt_util.utcnow() + wait
                self._on_change(
                    self.delivery.refused(downlink.correlation_id, error.key)
                )
                raise
            self._on_change(self.delivery.accepted(downlink.correlation_id))

    async def _async_try_to_send(self) -> None:
        try:
            await self.async_send()
        except NetworkServerError as error:
            _LOGGER.warning("%s: a downlink was refused: %r", self._device_id, error)

    @callback
    def async_uplink(
        self, heard_at: datetime, mode: Mode | None, fan: bool, maximum: float | None
    ) -> None:
        """Learn from what the node sent, and send what has become due by it."""
        event = self.delivery.uplink(heard_at, mode=mode, fan=fan, maximum=maximum)
        if event:
            self._on_change(event)
        now = dt_util.utcnow()
        if self._merging or (self._not_before and now < self._not_before):
            return
        if self.delivery.due(now):
            self._entry.async_create_background_task(
                self._hass, self._async_try_to_send(), f"{self._device_id} downlink"
            )

    @callback
    def async_report(self, report: DownlinkReport) -> None:
        """Learn what became of a downlink, ours or another's."""
        ours = (one for one in report.correlation_ids if one.startswith(_OURS))
        correlation_id = next(ours, "")
        event = None
        match report.stage:
            case DownlinkStage.SENT:
                event = self.delivery.sent(correlation_id, dt_util.utcnow())
            case DownlinkStage.ACKNOWLEDGED:
                event = self.delivery.acknowledged(correlation_id)
            case DownlinkStage.FAILED:
                error = report.error or "unknown"
                event = self.delivery.failed(correlation_id, error)
        self._on_change(event)
