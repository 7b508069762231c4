"""Settings on their way to the node: when they are sent, and what came of it.

The rules are those of `protocol.delivery`. Here they get the network server and the time.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
import logging
import math
from typing import Any, Final
from uuid import uuid4

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..lorawan.network_server import (
    CORRELATION_PREFIX,
    AccessError,
    Downlink,
    DownlinkReport,
    DownlinkStage,
    EncryptedError,
    NetworkServer,
    NetworkServerError,
    RateLimitedError,
    UnansweredError,
    UnknownDeviceError,
    UnreachableError,
)
from ..model.mode import Mode
from ..protocol.delivery import Delivery
from ..protocol.delivery_update import DeliveryUpdate
from ..protocol.downlink import DOWNLINK_PORT, encode_downlink
from .node_record import NodeRecord, SettingsEvidence

_LOGGER = logging.getLogger(__name__)

# Seconds. Changes of settings closer together than this become one downlink.
MERGE: Final = 5.0

# Seconds. A longer wait that a network server asks for is cut to this.
_LONGEST_WAIT: Final = 24 * 3600.0


class SettingsSender:
    """Sends the wanted settings of one node when they are due."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        server: NetworkServer,
        record: NodeRecord,
        on_change: Callable[[DeliveryUpdate | None], None],
    ) -> None:
        """Initialize. `on_change` is called with what happens to downlinks.

        It gets None when only the state of the delivery in the record has changed.
        """
        self._hass = hass
        self._entry = entry
        self._server = server
        self._record = record
        self._device_id = record.config.device_id
        self._on_change = on_change
        self._sending = asyncio.Lock()
        self._requests: set[asyncio.Task[Any]] = set()
        self._merging: CALLBACK_TYPE | None = None
        self._not_before = -math.inf
        """In seconds of the loop's clock, which is never set."""
        self._stopped = False

    @property
    def _delivery(self) -> Delivery:
        return self._record.delivery

    @property
    def is_sending(self) -> bool:
        """Whether a request to the network server is under way."""
        return self._sending.locked()

    @callback
    def async_restore(self, data: dict[str, Any]) -> None:
        """Continue with what `as_dict` returned before the restart."""
        # A record of an earlier release does not have it.
        if not_before := data.get("not_before"):
            rest = datetime.fromisoformat(not_before) - dt_util.utcnow()
            # A longer wait was written by a clock that was ahead.
            if (wait := rest.total_seconds()) <= _LONGEST_WAIT:
                self._not_before = self._hass.loop.time() + wait

    def as_dict(self) -> dict[str, Any]:
        """Return the delivery and its earliest time, for JSON."""
        until = dt_util.utcnow() + timedelta(seconds=self._wait)
        not_before = until.isoformat() if self._wait else None
        return {**self._delivery.as_dict(), "not_before": not_before}

    async def async_stop(self) -> None:
        """Cancel requests and timers. The wanted settings stay in the record.

        A request under way is cancelled. The server may have accepted it: the next
        sender of this record sends the settings once more.
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
        """Request other settings, to be sent soon. What is not given is not changed."""
        event = self._delivery.request(threshold=threshold, mode=mode, fan=fan)
        self._async_schedule()
        self._on_change(event)

    @property
    def _wait(self) -> float:
        """Seconds for which the network server asked not to be sent anything."""
        # To the millisecond: timers of the loop may be early by a tick of the clock.
        return max(0.0, round(self._not_before - self._hass.loop.time(), 3))

    @callback
    def _async_schedule(self) -> None:
        """Schedule the sending, soon or when the network server accepts requests."""
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
        """Start a request that is cancelled with the entry, not with its caller."""
        request = self._entry.async_create_task(
            self._hass, sending, f"{self._device_id} downlink"
        )
        self._requests.add(request)
        request.add_done_callback(self._requests.discard)
        return request

    async def async_send(self) -> None:
        """Send what is due, if anything is. Raises NetworkServerError when refused.

        Before the time that the network server asked for, RateLimitedError is raised,
        and the settings are sent at that time. Returns if it is stopped meanwhile: the
        next sender of this record sends the settings.
        """
        request = self._async_begin(self._async_push())
        await asyncio.wait([request])
        if not request.cancelled() and (error := request.result()):
            raise error

    async def _async_push(self) -> NetworkServerError | None:
        """Send what is due, if anything is; return why it was refused."""
        self._async_unschedule()
        async with self._sending:
            settings = self._delivery.due(dt_util.utcnow())
            if settings is None:
                return None
            if self._record.encrypted:
                return EncryptedError("payloads are not encrypted by the server")
            if wait := self._wait:
                self._async_schedule()
                return RateLimitedError(wait)
            downlink = Downlink(
                f_port=DOWNLINK_PORT,
                payload=encode_downlink(settings),
                confirmed=self._record.config.confirmed,
                correlation_id=f"{CORRELATION_PREFIX}{uuid4()}",
                expires_at=self._expires_at,
            )
            # The server may accept it although its answer is lost.
            self._delivery.offered(
                downlink.correlation_id, settings, downlink.expires_at
            )
            self._record.images.expect_mode(settings.mode)
            try:
                await self._server.send(self._device_id, downlink)
            except NetworkServerError as error:
                if isinstance(error, AccessError):
                    self._entry.async_start_reauth(self._hass)
                if isinstance(error, UnknownDeviceError):
                    self._record.set_known_to_server(False)
                if isinstance(error, RateLimitedError) and error.retry_after:
                    wait = min(error.retry_after, _LONGEST_WAIT)
                    self._not_before = self._hass.loop.time() + wait
                refusal = self._delivery.refused(
                    downlink.correlation_id,
                    error.key,
                    answered=not isinstance(error, UnansweredError),
                )
                self._on_change(refusal)
                # The server has reported the downlink, and only its answer is missing.
                return error if refusal else None
            self._on_change(self._delivery.accepted(downlink.correlation_id))
            return None

    @property
    def _expires_at(self) -> datetime | None:
        """When a downlink expires in a queue that cannot be replaced; None: never.

        A node that is there has sent before it is taken to be silent.
        """
        if self._server.replaces_queue:
            return None
        return dt_util.utcnow() + self._record.images.silent_after

    async def _async_try_to_send(self) -> None:
        if error := await self._async_push():
            _LOGGER.warning("%s: a downlink was refused: %r", self._device_id, error)

    @callback
    def async_connected(self) -> None:
        """Send what could not be sent while the network server was not reached."""
        self._delivery.note_resolved(UnreachableError.key)
        self._async_send_due()

    @callback
    def async_receive_evidence(self, evidence: SettingsEvidence) -> None:
        """Judge by an uplink whether settings have arrived, and send what is due."""
        event = self._delivery.uplink(
            evidence.received_at,
            mode=evidence.mode,
            fan=evidence.fan,
            maximum=evidence.maximum,
        )
        if event:
            self._on_change(event)
        self._async_send_due()

    @callback
    def _async_send_due(self) -> None:
        """Send what is due in the background, unless it is to be sent later anyway."""
        if self._merging or self._wait or self._record.encrypted or self._stopped:
            return
        if self._delivery.due(dt_util.utcnow()):
            self._entry.async_create_background_task(
                self._hass, self._async_try_to_send(), f"{self._device_id} downlink"
            )

    @callback
    def async_report(self, report: DownlinkReport) -> None:
        """Note how far a downlink has come, sent by this integration or by others."""
        ours = (
            one for one in report.correlation_ids if one.startswith(CORRELATION_PREFIX)
        )
        correlation_id = next(ours, "")
        event = None
        match report.stage:
            case DownlinkStage.SENT:
                event = self._delivery.sent(correlation_id, dt_util.utcnow())
            case DownlinkStage.ACKNOWLEDGED:
                event = self._delivery.acknowledged(correlation_id)
            case DownlinkStage.FAILED:
                error = report.error or "unknown"
                event = self._delivery.failed(correlation_id, error)
        self._on_change(event)
        # The next one may have waited for this one to leave the queue.
        if not self._server.replaces_queue:
            self._async_send_due()
