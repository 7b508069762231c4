"""The record of one node: what is known of it, and what is wanted of it.

The rules are those of `node` and `thermal`. Here they get their messages, their time,
and a file to survive restarts in.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime
import logging
from typing import Any, Final
from uuid import uuid4

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_DEVICE_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_point_in_utc_time
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import CONF_LAYOUT, DOMAIN
from .lorawan.network_server import (
    AccessError,
    Downlink,
    DownlinkReport,
    DownlinkStage,
    Malformed,
    Message,
    NetworkServer,
    NetworkServerError,
    Uplink,
)
from .node.assembly import Assembler
from .node.delivery import Delivery
from .node.downlink import DOWNLINK_PORT, Settings, encode_downlink
from .node.layout import Layout, Mode
from .node.locator import Message as NodeMessage
from .node.uplink import Line, UplinkError, decode_uplink
from .picture import Pictures
from .thermal.image import ThermalImage

_LOGGER = logging.getLogger(__name__)

# Seconds. Changes of settings closer together than this become one downlink.
MERGE = 5.0
# Seconds within which what an uplink brought is written to the disk.
SAVE_WITHIN = 30.0

_STORAGE_VERSION: Final = 1


def node_store(hass: HomeAssistant, subentry_id: str) -> Store[dict[str, Any]]:
    """Return where the record of a node is kept."""
    return Store(hass, _STORAGE_VERSION, f"{DOMAIN}.{subentry_id}")


class BatteryNode:
    """One node, and whoever wants to be told when something about it has changed."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        subentry: ConfigSubentry,
        server: NetworkServer,
    ) -> None:
        """Know nothing yet of the node that a subentry describes."""
        self.hass = hass
        self.subentry_id = subentry.subentry_id
        self.name = subentry.title
        self.device_id: str = subentry.data[CONF_DEVICE_ID]
        self.rejected: Counter[str] = Counter()
        self.ambient: int | None = None
        self.fan: bool | None = None
        self.heard_at: datetime | None = None
        self._layout = Layout(subentry.data[CONF_LAYOUT])
        self._assembler = Assembler(self._layout)
        self._delivery = Delivery()
        self._entry = entry
        self._server = server
        self._store = node_store(hass, self.subentry_id)
        self._pictures = Pictures(hass)
        self._connected = True
        self._listeners: set[Callable[[], None]] = set()
        self._sending = asyncio.Lock()
        self._merging: CALLBACK_TYPE | None = None
        self._silence: CALLBACK_TYPE | None = None

    @property
    def available(self) -> bool:
        """Whether what is known is up to date."""
        return self._connected

    @property
    def image(self) -> ThermalImage | None:
        """The newest image, growing or not."""
        return self._assembler.image

    @property
    def measured(self) -> ThermalImage | None:
        """The newest image that has ended: its figures no longer move."""
        return self._assembler.closed

    @property
    def mode(self) -> Mode | None:
        """The mode the node was last seen in."""
        return self._assembler.mode

    @property
    def threshold(self) -> int | None:
        """The threshold that is proven to have reached the node, in °C."""
        proven = self._delivery.proven
        return None if proven is None else proven.threshold

    @property
    def wanted(self) -> Settings | None:
        """What the owner wants; None if nobody has ever asked for anything."""
        return self._delivery.wanted

    async def async_load(self) -> None:
        """Remember what was known before the restart."""
        if (data := await self._store.async_load()) is None:
            return
        self._assembler = Assembler.from_dict(self._layout, data["assembler"])
        self._delivery = Delivery.from_dict(data["delivery"])
        self.ambient = data["ambient"]
        self.fan = data["fan"]
        self.heard_at = dt_util.parse_datetime(data["heard_at"] or "")

    async def async_stop(self) -> None:
        """Keep what is known, and let nothing happen any more."""
        for cancel in (self._merging, self._silence):
            if cancel:
                cancel()
        await self._store.async_save(self._data())

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Tell a listener of every change, until the returned function is called."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def async_set_connected(self, connected: bool) -> None:
        """Take note whether the network server can be heard."""
        self._connected = connected
        self._async_tell()

    @callback
    def async_receive(self, message: Message) -> None:
        """Take a message of the network server about this node."""
        match message:
            case Uplink():
                self._async_uplink(message)
            case DownlinkReport():
                self._async_downlink_report(message)
            case Malformed():
                self._async_reject(message.reason)
        self._async_changed()

    async def async_picture(
        self, width: int | None = None, height: int | None = None
    ) -> bytes:
        """Return the picture of the newest image, of a size in pixels."""
        return await self._pictures.async_get(self.image, self.threshold, width, height)

    @callback
    def async_request(
        self,
        *,
        threshold: int | None = None,
        mode: Mode | None = None,
        fan: bool | None = None,
    ) -> None:
        """Want other settings; what is not given stays. They are sent in a moment."""
        self._delivery.request(threshold=threshold, mode=mode, fan=fan)
        if self._merging:
            self._merging()
        self._merging = async_call_later(self.hass, MERGE, self._async_merged)
        self._async_changed(save_within=0)

    async def _async_merged(self, _now: datetime) -> None:
        self._merging = None
        await self._async_send()

    async def _async_send(self) -> None:
        """Send what is due, if anything is."""
        async with self._sending:
            settings = self._delivery.due(dt_util.utcnow())
            if settings is None:
                return
            downlink = Downlink(
                f_port=DOWNLINK_PORT,
                payload=encode_downlink(settings),
                confirmed=False,
                correlation_id=f"{DOMAIN}:{uuid4()}",
            )
            try:
                await self._server.send(self.device_id, downlink)
            except NetworkServerError as error:
                _LOGGER.warning("%s: a downlink was refused: %s", self.name, error)
                self._delivery.refused(error.key)
                if isinstance(error, AccessError):
                    self._entry.async_start_reauth(self.hass)
            else:
                self._delivery.accepted(downlink.correlation_id, settings)
                self._assembler.told(settings.mode)
        self._async_changed(save_within=0)

    @callback
    def _async_uplink(self, uplink: Uplink) -> None:
        self.heard_at = uplink.received_at
        if not uplink.f_port:
            return  # MAC commands: the node's own data is never on port 0.
        try:
            content = decode_uplink(uplink.payload)
            change = self._assembler.receive(
                NodeMessage(
                    session=uplink.session,
                    f_cnt=uplink.f_cnt,
                    f_port=uplink.f_port,
                    received_at=uplink.received_at,
                    content=content,
                )
            )
        except UplinkError as error:
            self._async_reject(error.reason)
            return
        if change.duplicate or not isinstance(content, Line):
            return
        self.ambient = content.ambient
        self.fan = content.fan
        images = (self._assembler.growing, self._assembler.closed)
        self._delivery.uplink(
            uplink.received_at,
            mode=change.placed[-1].position.mode if change.placed else None,
            fan=content.fan,
            maximum=max((image.maximum for image in images if image), default=None),
        )
        if not self._merging and self._delivery.due(dt_util.utcnow()):
            self._entry.async_create_background_task(
                self.hass, self._async_send(), f"{self.name} downlink"
            )

    @callback
    def _async_downlink_report(self, report: DownlinkReport) -> None:
        ours = next(
            (one for one in report.correlation_ids if one.startswith(f"{DOMAIN}:")), ""
        )
        match report.stage:
            case DownlinkStage.SENT:
                self._delivery.sent(ours, dt_util.utcnow())
            case DownlinkStage.ACKNOWLEDGED:
                self._delivery.acknowledged(ours)
            case DownlinkStage.FAILED:
                self._delivery.failed(ours, report.error or "unknown")

    @callback
    def _async_reject(self, reason: str) -> None:
        """Count what cannot be read, and say so the first time."""
        if not self.rejected[reason]:
            _LOGGER.warning("%s: a message was not understood: %s", self.name, reason)
        self.rejected[reason] += 1

    @callback
    def _async_changed(self, save_within: float = SAVE_WITHIN) -> None:
        self._store.async_delay_save(self._data, save_within)
        if self._silence:
            self._silence()
            self._silence = None
        if silent_at := self._assembler.silent_at:
            self._silence = async_track_point_in_utc_time(
                self.hass, self._async_silent, silent_at
            )
        self._async_tell()

    @callback
    def _async_silent(self, now: datetime) -> None:
        self._silence = None
        self._assembler.close_silent(now)
        self._async_changed()

    @callback
    def _async_tell(self) -> None:
        for listener in list(self._listeners):
            listener()

    def _data(self) -> dict[str, Any]:
        return {
            "assembler": self._assembler.as_dict(),
            "delivery": self._delivery.as_dict(),
            "ambient": self.ambient,
            "fan": self.fan,
            "heard_at": self.heard_at and self.heard_at.isoformat(),
        }
