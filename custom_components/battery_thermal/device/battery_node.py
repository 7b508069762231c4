"""One node: its record, and everything that acts on the record, joined."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..lorawan.network_server import (
    DownlinkReport,
    Join,
    NetworkServer,
    Notice,
    ServerMessage,
    Uplink,
)
from ..model.archived_image import ArchivedImage
from ..protocol.delivery_update import DeliveryUpdate
from ..thermal.alarm_kinds import LogKind
from ..thermal.findings import restore_alarms
from .alarm_log import NodeAlarmLog
from .issues import NodeIssues
from .listeners import Listeners
from .load_sensor import LoadSensor
from .node_archive import NodeArchive
from .node_config import node_config
from .node_curves import NodeCurves
from .node_record import NodeRecord
from .node_storage import SAVE_WITHIN, NodeStorage
from .node_timers import NodeTimers
from .picture_cache import PictureCache
from .settings_in_force import SettingsHistory, settings_of
from .settings_sender import SettingsSender


class BatteryNode:
    """Passes messages on to the record, and its changes on to timers and listeners."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        subentry: ConfigSubentry,
        server: NetworkServer,
    ) -> None:
        """Initialize the node that a subentry describes, with nothing known of it."""
        self.entry_id = entry.entry_id
        self.subentry_id = subentry.subentry_id
        self.config = node_config(entry, subentry, server.storage)
        self.record = NodeRecord(self.config, dt_util.utcnow(), hass.loop.time())
        self.archive = NodeArchive(hass, self.subentry_id)
        self.curves = NodeCurves(hass, entry, self.subentry_id, self.config.options)
        self.archive.curves = self.curves.source
        self.alarm_log = NodeAlarmLog(
            hass, self.subentry_id, self.record.images.journal, self._async_acknowledged
        )
        self.settings = SettingsHistory(
            lambda: settings_of(self.config, self.record.watch.limits)
        )
        self.pictures = PictureCache(hass, self.record)
        self.sender = SettingsSender(
            hass, entry, server, self.record, self._async_downlink_changed
        )
        self.change_listeners: Listeners[()] = Listeners()
        """Called when the record has changed."""
        self.downlink_listeners: Listeners[DeliveryUpdate] = Listeners()
        """Called with each update of a downlink."""
        self.hass = hass
        self._stopped = False
        self._storage = NodeStorage(hass, self.subentry_id, self.as_dict)
        self._timers = NodeTimers(
            hass,
            self.record,
            on_change=self._async_changed,
            on_sums=self._async_notify,
        )
        NodeIssues(hass, self.subentry_id, self.record)
        self._load = LoadSensor(hass, entry, self.record)
        self.record.image_listeners.add_listener(self._async_archive)

    @property
    def image_too_old(self) -> bool | None:
        """Whether there should have been another image; None before the first."""
        too_old_at = self.record.images.too_old_at
        if too_old_at is None:
            return None
        return self.record.network_now(self._monotonic) >= too_old_at

    @property
    def _monotonic(self) -> float:
        """Seconds of the loop's clock, which is never set."""
        return self.hass.loop.time()

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        return {**self.record.as_dict(), "delivery": self.sender.as_dict()}

    async def async_load(self) -> None:
        """Continue with what was known before the restart."""
        archived = await self.alarm_log.async_latest()
        if data := await self._storage.async_load():
            self.record.restore(data)
            self.sender.async_restore(data["delivery"])
        restore_alarms(
            self.record.images.journal,
            self.record.watch,
            (data or {}).get("journal"),
            archived,
            dt_util.utcnow(),
        )
        self.record.presence.restore(
            dt_util.utcnow(),
            silent=self.record.images.journal.find(LogKind.SILENT) is not None,
            heard_at=self.record.traffic.heard_at,
            limit=self.record.images.silent_after,
        )
        self.settings.note(dt_util.utcnow())
        self._load.async_start()

    async def async_stop(self) -> None:
        """Save the record, and stop timers and requests."""
        self._stopped = True
        self._load.async_stop()
        self._timers.async_stop()
        await self.sender.async_stop()
        await self.alarm_log.async_stop()
        await self._storage.async_stop()

    @callback
    def async_set_alarm_limits(self, **limits: float) -> None:
        """Set limits of alarms, by their names in `thermal.watch.Limits`."""
        self.record.watch.set_limits(**limits)
        self.settings.note(dt_util.utcnow())
        self._async_changed(save_within=0)

    @callback
    def async_learn_baseline(self, cells: Sequence[int] | None) -> None:
        """Forget what is usual for some cells, counted from 0, or for all, and learn."""
        for cell in [None] if cells is None else cells:
            self.record.images.drift.learn_anew(cell)
        self.record.images.log_drift(self.record.network_now(self._monotonic))
        self._async_changed(save_within=0)

    @callback
    def async_set_connected(self, connected: bool) -> None:
        """Note whether messages of the network server are received from now on."""
        self.record.set_connected(connected, self._monotonic)
        if connected:
            self.sender.async_connected()
        self._async_changed()

    @callback
    def async_begin_catch_up(self, *, connected: bool) -> None:
        """Stop the timers until `async_set_connected`: missed uplinks are fetched.

        `connected`: whether the node is shown as connected meanwhile.
        """
        self.record.begin_catch_up(connected=connected, monotonic=self._monotonic)
        self._timers.async_stop()

    @callback
    def async_select_late(
        self, stored: Sequence[Uplink] | None, since: datetime
    ) -> list[Uplink]:
        """Return which uplinks that were not stored at first are to be received.

        `stored`: those since `since`; None: they could not be fetched.
        """
        now = self.record.network_now(self._monotonic)
        selected = self.record.missed.select_late(stored, since, now)
        if stored is not None:
            self._async_notify()
        return selected

    @callback
    def async_select_missed(self, stored: Sequence[Uplink] | None) -> list[Uplink]:
        """Return which uplinks that the network server has stored are to be received.

        `stored`: those since `record.missing_since`; None: they could not be fetched.
        """
        # A change in between, as of a limit, has set the timers anew.
        self.async_begin_catch_up(connected=False)
        return self.record.select_missed(stored, self._monotonic)

    @callback
    def async_receive_missed(self, uplink: Uplink) -> None:
        """Receive one of the selected uplinks; listeners are notified after the last."""
        self.record.receive(uplink, dt_util.utcnow(), self._monotonic)
        self.alarm_log.async_update()

    async def async_receive(self, message: ServerMessage) -> None:
        """Receive a message of the network server about this node."""
        match message:
            case Uplink(simulated=True):
                if self.record.receive_simulated(message):
                    self._async_notify()
            case Uplink():
                await self._async_receive_uplink(message)
            case Join():
                if self.record.receive_join(message):
                    self._async_changed()
            case DownlinkReport():
                self.sender.async_report(message)
            case Notice():
                self._async_receive_notice(message.kind)
            case _:
                self.record.reject(message.reason)

    @callback
    def _async_receive_notice(self, kind: str) -> None:
        """Count a report of the server, and note what it says of its settings."""
        self.record.notices[kind] += 1
        self.record.missed.receive_notice(kind)
        if self.record.counter_check.receive_notice(kind):
            self.record.status_listeners.notify_listeners()

    async def _async_receive_uplink(self, uplink: Uplink) -> None:
        evidence = self.record.receive(
            uplink, dt_util.utcnow(), self._monotonic, live=True
        )
        if evidence:
            self.sender.async_receive_evidence(evidence)
        self._storage.async_save_within(SAVE_WITHIN)
        self._async_restart_timers()
        self.alarm_log.async_update()
        await self.change_listeners.notify_listeners_in_batches()

    @callback
    def _async_archive(self, image: ArchivedImage) -> None:
        bounds = self.config.options.bounds
        self.archive.async_store_image(image, bounds, self.settings.take())

    @callback
    def _async_downlink_changed(self, update: DeliveryUpdate | None) -> None:
        if update:
            self.downlink_listeners.notify_listeners(update)
        self._async_changed(save_within=0)

    @callback
    def _async_changed(self, save_within: float = SAVE_WITHIN) -> None:
        self._storage.async_save_within(save_within)
        self._async_notify()

    @callback
    def _async_acknowledged(self) -> None:
        self._async_changed(save_within=0)

    @callback
    def _async_notify(self) -> None:
        self._async_restart_timers()
        self.alarm_log.async_update()
        self.change_listeners.notify_listeners()

    @callback
    def _async_restart_timers(self) -> None:
        """Set the timers anew, unless missed uplinks are fetched meanwhile."""
        self._timers.async_stop()
        if not (self.record.missed.in_progress or self._stopped):
            self._timers.async_restart()
