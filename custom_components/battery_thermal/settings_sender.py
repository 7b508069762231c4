"""Settings on their way to the node: when they are sent, and what came of it.

The rules are those of `node.delivery`. Here they get the network server and the time.
"""

import asyncio
from collections.abc import Callable, Coroutine
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

# Seconds. No network server that means it asks to wait for longer.
_LONGEST_WAIT: Final = 24 * 3600.0

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
        self._requests: set[asyncio.Task[Any]] = set()
        self._merging: CALLBACK_TYPE | None = None
        self._not_before: datetime | None = None
        self._stopped = False

    @callback
    def async_load(self, data: dict[str, Any]) -> None:
        """Go on with what `as_dict` returned before the restart."""
        self.delivery = Delivery.from_dict(data, self.delivery.budget)
        # A record of an earlier release does not have it.
        if not_before := data.get("not_before"):
            self._not_before = datetime.fromisoformat(not_before)

    def as_dict(self) -> dict[str, Any]:
        """Return what is to outlive a restart, for JSON."""
        not_before = self._not_before and self._not_before.isoformat()
        return {**self.delivery.as_dict(), "not_before": not_before}

    async def async_stop(self) -> None:
        """Send nothing any more. What is wanted stays wanted.

        A request under way is given up. It may have been taken, as one whose answer is
        lost: whoever goes on with the record sends the settings once more.
        """
        self._stopped = True
        self._async_unschedule()
        for request in self._requests:
            request.cancel()
        if self._requests:
            await asyncio.wait(self._requests)

    @callback
    def async_request(
        self,
        *,
        threshold: int | None = None,
        mode: Mode | None = None,
        fan: bool | None = None,
    ) -> None:
        """Want other settings; what is not given stays. They are sent in a moment."""
        event = self.delivery.request(threshold=threshold, mode=mode, fan=fan)
        self._async_schedule()
        self._on_change(event)

    @property
    def _wait(self) -> float:
        """For how many seconds the network server wants to hear nothing of us."""
        if self._not_before is None:
            return 0.0
        return max(0.0, (self._not_before - dt_util.utcnow()).total_seconds())

    @callback
    def _async_schedule(self) -> None:
        """Send in a moment, or as soon as the network server may be asked again."""
        self._async_unschedule()
        if not self._stopped:
            wait = max(MERGE, self._wait)
            self._merging = async_call_later(self._hass, wait, self._async_merged)

    @callback
    def _async_unschedule(self) -> None:
        if self._merging:
            self._merging()
            self._merging = None

    @callback
    def _async_merged(self, _now: datetime) -> None:
        self._merging = None
        self._async_begin(self._async_try_to_send())

    @callback
    def _async_begin[T](self, sending: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Make a request that ends with the entry, whoever waits for it."""
        request = self._entry.async_create_task(
            self._hass, sending, f"{self._device_id} downlink"
        )
        self._requests.add(request)
        request.add_done_callback(self._requests.discard)
        return request

    async def async_send(self) -> None:
        """Send what is due, if anything is. Raises NetworkServerError when refused.

        Nobody is asked before the network server wants to be: that is refused here, and
        sent by itself when the time has come. Stopped meanwhile, it returns: what is
        wanted is then sent by whoever goes on with the record.
        """
        request = self._async_begin(self._async_push())
        await asyncio.wait([request])
        if not request.cancelled() and (error := request.result()):
            raise error

    async def _async_push(self) -> NetworkServerError | None:
        """Send what is due, if anything is; return why it was refused."""
        self._async_unschedule()
        async with self._sending:
            settings = self.delivery.due(dt_util.utcnow())
            if settings is None:
                return None
            if wait := self._wait:
                self._async_schedule()
                return RateLimitedError(wait)
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
                    wait = min(error.retry_after, _LONGEST_WAIT)
                    self._not_before = dt_util.utcnow() + timedelta(seconds=wait)
                self._on_change(
                    self.delivery.refused(downlink.correlation_id, error.key)
                )
                return error
            self._on_change(self.delivery.accepted(downlink.correlation_id))
            return None

    async def _async_try_to_send(self) -> None:
        if error := await self._async_push():
            _LOGGER.warning("%s: a downlink was refused: %r", self._device_id, error)

    @callback
    def async_uplink(
        self, heard_at: datetime, mode: Mode | None, fan: bool, maximum: float | None
    ) -> None:
        """Learn from what the node sent, and send what has become due by it."""
        event = self.delivery.uplink(heard_at, mode=mode, fan=fan, maximum=maximum)
        if event:
            self._on_change(event)
        if self._merging or self._wait:
            return
        if self.delivery.due(dt_util.utcnow()):
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
