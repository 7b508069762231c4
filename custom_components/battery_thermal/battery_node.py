"""The record of one node: what is known of it, and what is wanted of it.

The rules are those of `node`, `thermal` and `lorawan`. Here they get their messages,
their time, and a file to survive restarts in.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import batched
import logging
import math
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_DEVICE_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.util import dt as dt_util

from .archive import Kept
from .const import (
    CONF_CONFIRMED,
    CONF_LAYOUT,
    CONF_NUMBERING,
    CONF_SILENT_AFTER,
    DOMAIN,
)
from .issues import async_check_airtime, async_node_gone, async_node_there
from .lorawan.network_server import (
    STORED_FOR,
    DownlinkReport,
    Join,
    Message,
    NetworkServer,
    Uplink,
)
from .lorawan.traffic import Traffic
from .node.assembly import Assembler, Change, LinePosition
from .node.delivery import Delivery, Happened
from .node.downlink import Settings
from .node.layout import Layout, Mode, Numbering
from .node.locator import OVERTAKEN, Message as NodeMessage
from .node.uplink import Line, Reset, UplinkError, decode_uplink
from .node_archive import NodeArchive
from .node_options import node_options
from .options import downlink_budget, keeps_to_fair_use
from .picture import Pictures
from .settings_sender import SettingsSender
from .thermal.image import ThermalImage
from .thermal.watch import Watch

_LOGGER = logging.getLogger(__name__)

# Seconds within which what an uplink brought is written to the disk, and so the most that
# a crash can lose: as many as the recorder keeps states back by default.
SAVE_WITHIN = 5.0

# Unless the owner says otherwise, a node is silent when it has not been heard for three
# times its usual interval, or twice the pause that it usually makes between images, but
# not before so long: messages get lost, and now and then a whole fast image.
_SILENT_INTERVALS: Final = 3
_SILENT_PAUSES: Final = 2
_SILENT_AT_LEAST: Final = timedelta(minutes=15)

# A node of class A has windows of two seconds after each uplink (LoRaWAN 1.0.4, 3.3).
_PAUSE: Final = timedelta(seconds=1)

# How old sums over a day may get while nothing happens.
_SUMS_AGE: Final = timedelta(hours=1)

# Listeners that are told of an uplink before others have a turn: in half a millisecond.
_TOLD_AT_ONCE: Final = 10

# With as many images missing between two, nothing is said of the rise.
_LATE_IMAGES: Final = 3

_NEVER: Final = datetime.min.replace(tzinfo=UTC)

# How long the network server may take to store an uplink: The Things Stack writes them
# in batches, and says no more of that than that it takes a while.
_STORED_WITHIN: Final = timedelta(seconds=40)

_STORAGE_VERSION: Final = 1


def node_store(hass: HomeAssistant, subentry_id: str) -> Store[dict[str, Any]]:
    """Return where the record of a node is kept."""
    return Store(hass, _STORAGE_VERSION, f"{DOMAIN}.{subentry_id}")


def recorded_nodes(hass: HomeAssistant) -> set[str]:
    """Return the ids of the subentries of which there is a record.

    Blocking: to be called in the executor.
    """
    records = Path(hass.config.path(STORAGE_DIR)).glob(f"{DOMAIN}.*")
    # What Home Assistant has set aside, damaged, has something more in its name.
    names = (record.name.removeprefix(f"{DOMAIN}.") for record in records)
    return {name for name in names if "." not in name}


type _Key = tuple[str, int, datetime]


def _key(uplink: Uplink) -> _Key:
    """Return what tells an uplink from all others, however it was had."""
    return uplink.session, uplink.f_cnt, uplink.received_at


def _finds_its_place(uplink: Uplink, newest: datetime) -> bool:
    """Whether an uplink may be taken though newer ones, until `newest`, have been.

    A line that was overtaken is put into the image under way, or nowhere. A reset would
    end that image, and what is older would be taken for new.
    """
    if newest - uplink.received_at > OVERTAKEN:
        return False
    try:
        return isinstance(decode_uplink(uplink.payload), Line)
    except UplinkError:
        return False


class CatchUp(StrEnum):
    """What became of the uplinks that were missed."""

    FETCHED = "fetched"
    """They were had from the network server."""
    OFF = "off"
    """The network server keeps none: the owner has not switched that on."""
    FAILED = "failed"
    """It did not say."""


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
        self.subentry_id = subentry.subentry_id
        self.name = subentry.title
        self.device_id: str = subentry.data[CONF_DEVICE_ID]
        self.options = node_options(subentry.data)
        self.watch = Watch(self.options.cells, self.options.style.orientation)
        self.fair_use = keeps_to_fair_use(entry)
        self.traffic = Traffic()
        self.rejected: Counter[str] = Counter()
        self.suspect_images = 0
        self.catch_up: CatchUp | None = None
        self.ambient: int | None = None
        self.fan: bool | None = None
        self.connected = False
        self.silent = False
        self.sender = SettingsSender(
            hass,
            entry,
            server,
            self.device_id,
            budget=downlink_budget(entry) if self.fair_use else None,
            confirmed=subentry.data.get(CONF_CONFIRMED, False),
            on_sent=self._async_sent,
            on_change=self._async_sender_changed,
            on_gone=self._async_gone,
        )
        self._hass = hass
        self._silent_after: float | None = subentry.data.get(CONF_SILENT_AFTER)
        self._layout = Layout(subentry.data[CONF_LAYOUT])
        self._numbering = Numbering(subentry.data.get(CONF_NUMBERING, Numbering.AUTO))
        self._assembler = Assembler(self._layout, self._numbering)
        self._store = node_store(hass, self.subentry_id)
        self._save_at = math.inf
        self._session: str | None = None
        self.archive = NodeArchive(hass, self.subentry_id)
        self._catching_up = False
        self.caught_up_to: datetime | None = None
        """What came after this may not have been stored when it was asked for; None: it
        was, or is not stored at all."""
        self._heard: set[_Key] = set()
        """What has come since."""
        self._stopped = False
        self._pictures = Pictures(hass, self.options.style)
        # An image is corrected once, however many look: the one under way and the last.
        self._corrected = lru_cache(maxsize=4)(self._correct)
        self._awake_since = dt_util.utcnow()
        self._ahead = timedelta()
        """How far the clock here was ahead of the network's when a message last came:
        with the time for its way, and with what is wrong with either clock."""
        self._listeners: set[Callable[[], None]] = set()
        self._event_listeners: set[Callable[[Happened], None]] = set()
        self._timers: list[CALLBACK_TYPE] = []

    @property
    def delivery(self) -> Delivery:
        """How far what is wanted has come."""
        return self.sender.delivery

    @property
    def image(self) -> ThermalImage | None:
        """The newest image, growing or not, corrected."""
        image = self._assembler.image
        return image and self._corrected(image)

    @property
    def measured(self) -> ThermalImage | None:
        """The newest image that has ended, corrected: its figures no longer move."""
        image = self._assembler.closed
        return image and self._corrected(image)

    @property
    def mode(self) -> Mode | None:
        """The mode the node was last seen in."""
        return self._assembler.mode

    @property
    def line_position(self) -> LinePosition:
        """How the places of lines are known."""
        return self._assembler.line_position

    @property
    def layout(self) -> Layout | None:
        """How the node cuts slow images, as said or found; None while that is open."""
        layout = self._assembler.layout
        return None if layout is Layout.AUTO else layout

    @property
    def threshold(self) -> int | None:
        """The threshold that is proven to have reached the node, in °C."""
        proven = self.delivery.proven
        return None if proven is None else proven.threshold

    @property
    def wanted(self) -> Settings | None:
        """What the owner wants; None if nobody has ever asked for anything."""
        return self.delivery.wanted

    @property
    def silent_after(self) -> timedelta:
        """How long the node may say nothing before it is taken to be silent."""
        if self._silent_after:
            return timedelta(minutes=self._silent_after)
        return max(
            _SILENT_INTERVALS * self._assembler.interval,
            _SILENT_PAUSES * self._assembler.pause,
            _SILENT_AT_LEAST,
        )

    @property
    def image_too_old(self) -> bool | None:
        """Whether there should have been another image; None before the first."""
        if (old_at := self._old_at) is None:
            return None
        return dt_util.utcnow() >= old_at + self._ahead

    @property
    def _old_at(self) -> datetime | None:
        """When the newest image that has ended is too old."""
        if (image := self._assembler.closed) is None:
            return None
        return image.updated_at + timedelta(minutes=self.watch.limits.age)

    @property
    def missing_since(self) -> datetime:
        """From when on uplinks may be missing."""
        return self.caught_up_to or self.traffic.heard_at or _NEVER

    async def async_load(self) -> None:
        """Remember what was known before the restart."""
        if (data := await self._store.async_load()) is None:
            return
        self._assembler = Assembler.from_dict(
            self._layout, data["assembler"], self._numbering
        )
        self.sender.async_load(data["delivery"])
        self.traffic = Traffic.from_dict(data["traffic"])
        self.ambient = data["ambient"]
        self.fan = data["fan"]
        self.suspect_images = data["suspect_images"]
        # A record of an earlier release has nothing about these.
        self._session = data.get("session")
        self.watch.restore(data.get("watch", self.watch.as_dict()))
        if self.measured:
            self.watch.look(self.measured)

    async def async_stop(self) -> None:
        """Keep what is known, and let nothing happen any more."""
        self._stopped = True
        self._async_stop_timers()
        await self.sender.async_stop()
        await self._store.async_save(self._data())

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Tell a listener of every change, until the returned function is called."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def async_add_event_listener(
        self, listener: Callable[[Happened], None]
    ) -> CALLBACK_TYPE:
        """Tell a listener what happens to downlinks, until that function is called."""
        self._event_listeners.add(listener)
        return lambda: self._event_listeners.discard(listener)

    @callback
    def async_limit(self, **changes: float) -> None:
        """Let alarms use other limits, those of `thermal.watch.Limits`."""
        self.watch.limit(**changes)
        self._async_changed(save_within=0)

    @callback
    def async_set_connected(self, connected: bool) -> None:
        """Take note whether the network server can be heard from now on."""
        if connected and self._catching_up:
            # The last that was sent before this may not have been stored yet.
            self._assembler.interrupted()
        if connected and not self.connected:
            self._awake_since = dt_util.utcnow()
        self.connected = connected
        self._catching_up = self._catching_up and not connected
        self._async_changed()

    @callback
    def async_catch_up(self, uplinks: Sequence[Uplink] | None) -> list[Uplink]:
        """Return which of the uplinks that the network server has kept are to be taken.

        None: they cannot be had. The one heard last is among them, unless the server
        keeps none or that is too long ago. Until it is connected time stands still:
        the image under way may go on with what was missed.
        """
        self._catching_up = True
        self._async_stop_timers()
        since = self.missing_since
        times = [uplink.received_at for uplink in uplinks or ()]
        missed = self._missed(uplinks or (), since)
        became = self._what_became(uplinks, since)
        self.catch_up = became or self.catch_up
        # A server that keeps none, or did not answer for long, is left alone.
        asked_again = became in (None, CatchUp.FETCHED)
        self.caught_up_to = until = max((since, *times)) if asked_again else None
        self._heard = {key for key in self._heard if until and key[-1] > until}
        # Nodes pause for longer, and the server's clock may be that much ahead of ours.
        if not times or times[0] - since > _PAUSE:
            self._assembler.interrupted()
        return missed

    @callback
    def async_late(
        self, uplinks: Sequence[Uplink] | None, since: datetime
    ) -> list[Uplink]:
        """Return which uplinks that were not stored at first are still to be taken.

        `uplinks`: what the network server has from `caught_up_to` on, that is `since`;
        None: that cannot be had.
        """
        missed = self._missed(uplinks or (), since)
        self.caught_up_to = None
        self._heard = set()
        if uplinks is not None:
            self.catch_up = self._what_became(uplinks, since) or self.catch_up
            self._async_show()
        return missed

    def _missed(self, uplinks: Iterable[Uplink], since: datetime) -> list[Uplink]:
        """Return which of the uplinks that were stored have not been heard since."""
        newest = max((since, *(received_at for *_, received_at in self._heard)))
        return [
            uplink
            for uplink in uplinks
            if uplink.received_at > since
            and _key(uplink) not in self._heard
            and (uplink.received_at >= newest or _finds_its_place(uplink, newest))
        ]

    @staticmethod
    def _what_became(
        uplinks: Sequence[Uplink] | None, since: datetime
    ) -> CatchUp | None:
        """Return what the uplinks that were had tell of the server; None: nothing.

        The one heard last is among them, unless it is too old or too new.
        """
        if uplinks is None:
            return CatchUp.FAILED
        if uplinks:
            return CatchUp.FETCHED
        age = dt_util.utcnow() - since
        return CatchUp.OFF if _STORED_WITHIN < age < STORED_FOR else None

    async def async_receive(self, message: Message) -> None:
        """Take a message of the network server about this node."""
        match message:
            case Uplink():
                self._ahead = dt_util.utcnow() - message.received_at
                self._async_uplink(message)
                self._async_save(SAVE_WITHIN)
                await self._async_show_by_turns()
            case Join():
                if self._is_new(message.session):
                    self._async_restarted()
                    self._async_changed()
            case DownlinkReport():
                self.sender.async_report(message)
            case _:
                self._async_reject(message.reason)

    async def async_picture(
        self, width: int | None = None, height: int | None = None
    ) -> bytes:
        """Return the picture of the newest image, of a size in pixels."""
        return await self._pictures.async_get(self.image, self.threshold, width, height)

    @callback
    def _async_uplink(self, uplink: Uplink) -> None:
        """Take an uplink that has just come, and let the sender learn from it."""
        if (taken := self.async_take(uplink)) is None:
            return
        line, change = taken
        # The node decides on its fan by the whole image, and its last line alone tells
        # the maximum of that: what has arrived before may lack the hottest line.
        maximum = None if line.maximum is None else line.maximum / 10
        self.sender.async_uplink(
            uplink.received_at, mode=change.mode, fan=line.fan, maximum=maximum
        )

    @callback
    def async_take(self, uplink: Uplink) -> tuple[Line, Change] | None:
        """Put an uplink on record; return its line and what that changed, if it is news."""
        if self.caught_up_to and uplink.received_at > self.caught_up_to:
            self._heard.add(_key(uplink))
        # Without a port, or on port 0, there are MAC commands only.
        content, change = None, Change()
        if uplink.f_port:
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
                content = None
        if change.duplicate:
            return None
        self._async_count(change)
        newest = self.traffic.receive(uplink, dt_util.utcnow())
        self.silent = False
        async_node_there(self._hass, self)
        async_check_airtime(self._hass, self)
        if not newest:
            return None
        if self._is_new(uplink.session) or isinstance(content, Reset):
            self._async_restarted()
        if content is None or isinstance(content, Reset):
            return None
        self.ambient = content.ambient
        self.fan = content.fan
        return content, change

    def _is_new(self, session: str) -> bool:
        """Whether the node has joined anew: its join and its reset may be lost.

        The first session ever heard of may be as old as the node. A network server
        that does not say the session has none.
        """
        before, self._session = self._session, session or self._session
        return before not in (None, self._session)

    @callback
    def _async_restarted(self) -> None:
        """Take note that the node may have forgotten its settings."""
        self.delivery.restarted()
        self.watch.threshold_forgotten()

    @callback
    def _async_count(self, change: Change) -> None:
        """Take note of the images that have ended, and of how it was at their end.

        That is what an image's own last line says, which need not be in the newest
        message. Of one without it, it is what was heard before the next one began.
        """
        heard = self.ambient, self.fan
        last_lines = (one.line for one in change.placed if one.line.is_last)
        for image in change.closed:
            self.ambient, self.fan = heard
            # Only a last line brings the node's own maximum, and it ends its image.
            if image.node_maximum is not None:
                last_line = next(last_lines)
                self.ambient, self.fan = last_line.ambient, last_line.fan
            lost = len(image.missing_lines)
            self.traffic.lost_lines.add(image.updated_at, lost)
            self.suspect_images += image.suspect
            self.watch.see(
                self._corrected(image),
                self.threshold,
                self._longest_gap(image),
            )
            self.archive.async_keep(
                Kept(image, self.ambient, self.fan, self.threshold), self.options.bounds
            )
        self.ambient, self.fan = heard

    def _longest_gap(self, image: ThermalImage) -> timedelta:
        """Return how far apart two images may be for a rate of rise."""
        lines = image.lines_expected * self._assembler.interval
        return max(_LATE_IMAGES * (lines + self._assembler.pause), _SILENT_AT_LEAST)

    def _correct(self, image: ThermalImage) -> ThermalImage:
        return self.options.corrected(image, self.ambient)

    @callback
    def _async_reject(self, reason: str) -> None:
        """Count what cannot be read, and say so the first time."""
        if not self.rejected[reason]:
            _LOGGER.warning("%s: a message was not understood: %s", self.name, reason)
        self.rejected[reason] += 1

    @callback
    def _async_sent(self, mode: Mode) -> None:
        self._assembler.told(mode)

    @callback
    def _async_gone(self) -> None:
        async_node_gone(self._hass, self)

    @callback
    def _async_sender_changed(self, happened: Happened | None) -> None:
        if happened:
            for listener in list(self._event_listeners):
                listener(happened)
        self._async_changed(save_within=0)

    @callback
    def _async_changed(self, save_within: float = SAVE_WITHIN) -> None:
        self._async_save(save_within)
        self._async_show()

    @callback
    def _async_save(self, within: float) -> None:
        """Write to the disk in so many seconds, or when that was to be done already.

        The store would put off what waits for each change that follows. A record that
        was stopped is no longer that of the node: another one is, or none.
        """
        if self._stopped:
            return
        at = self._hass.loop.time() + within
        if at < self._save_at:
            self._save_at = at
            self._store.async_delay_save(self._data_to_save, within)

    @callback
    def _data_to_save(self) -> dict[str, Any]:
        self._save_at = math.inf
        return self._data()

    @callback
    def _async_show(self) -> None:
        """Tell whoever looks, and wake up when time alone changes something."""
        self._async_set_timers()
        for listener in list(self._listeners):
            listener()

    async def _async_show_by_turns(self) -> None:
        """Do the same, and let the rest of the house have a turn now and then.

        An uplink that ends an image changes most of a node's entities.
        """
        self._async_set_timers()
        for some in batched(list(self._listeners), _TOLD_AT_ONCE, strict=False):
            await asyncio.sleep(0)
            # But those that have gone meanwhile.
            for listener in self._listeners.intersection(some):
                listener()

    @callback
    def _async_set_timers(self) -> None:
        """Wake up when the image under way is over, or the node is silent."""
        self._async_stop_timers()
        if self._catching_up or self._stopped:
            return
        if silent_at := self._assembler.silent_at:
            self._async_wake_up(self._async_image_is_over, silent_at + self._ahead)
        if self.connected and not self.silent:
            awake_at = self._awake_since
            if heard_at := self.traffic.heard_at:
                # Which is never later than it was here.
                awake_at = max(awake_at, heard_at + max(self._ahead, timedelta()))
            self._async_wake_up(self._async_is_silent, awake_at + self.silent_after)

        now = dt_util.utcnow()
        if (old_at := self._old_at) and old_at + self._ahead > now:
            self._async_wake_up(self._async_image_is_old, old_at + self._ahead)
        self._async_wake_up(self._async_day_goes_on, now + _SUMS_AGE)

    @callback
    def _async_wake_up(self, action: Callable[[datetime], None], at: datetime) -> None:
        self._timers.append(async_track_point_in_utc_time(self._hass, action, at))

    @callback
    def _async_stop_timers(self) -> None:
        for stop in self._timers:
            stop()
        self._timers = []

    @callback
    def _async_image_is_over(self, now: datetime) -> None:
        self._async_count(self._assembler.close_silent(now - self._ahead))
        self._async_changed()

    @callback
    def _async_image_is_old(self, _now: datetime) -> None:
        self._async_changed()

    @callback
    def _async_day_goes_on(self, _now: datetime) -> None:
        """Let what was long ago leave the sums of 24 hours, though nothing is heard."""
        async_check_airtime(self._hass, self)
        self._async_show()

    @callback
    def _async_is_silent(self, _now: datetime) -> None:
        self.silent = True
        self._async_changed()

    @callback
    def _data(self) -> dict[str, Any]:
        return {
            "assembler": self._assembler.as_dict(),
            "delivery": self.sender.as_dict(),
            "traffic": self.traffic.as_dict(),
            "ambient": self.ambient,
            "fan": self.fan,
            "suspect_images": self.suspect_images,
            "session": self._session,
            "watch": self.watch.as_dict(),
        }
