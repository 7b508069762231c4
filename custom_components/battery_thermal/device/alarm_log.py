"""The alarm log of one node: writes the changes of its journal, and notifies listeners.

A change is written before the listeners are notified, so that none gets an alarm that
a crash would remove from the log; but an archive that does not answer holds it up for a
moment only. What could not be written is tried again with the next change of the record.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
import logging
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..archive import AlarmLog, ArchiveError, NodeAlarm
from ..thermal.alarm_journal import AlarmChange, AlarmJournal
from ..thermal.alarm_kinds import LogKind
from ..thermal.logged_alarm import LoggedAlarm
from .listeners import Listeners
from .node_archive import async_archive_threads, get_archive_path

_LOGGER = logging.getLogger(__name__)

# Seconds that listeners wait at most for the archive.
_PATIENCE: Final = 2.0


def get_alarm_log(hass: HomeAssistant) -> AlarmLog:
    """Return the alarm log of all nodes. Its methods block, and raise ArchiveError."""
    return AlarmLog(get_archive_path(hass))


class NodeAlarmLog:
    """Writes and reads the alarms of one node. Reading raises ArchiveError."""

    def __init__(
        self,
        hass: HomeAssistant,
        node_id: str,
        journal: AlarmJournal,
        on_acknowledged: Callable[[], None],
    ) -> None:
        """Initialize. `node_id` is that of the node's subentry."""
        self.listeners: Listeners[AlarmChange] = Listeners()
        """Called with each change of an alarm, but not of its peak."""
        self._hass = hass
        self._node_id = node_id
        self._journal = journal
        self._on_acknowledged = on_acknowledged
        self._log = get_alarm_log(hass)
        self._threads = async_archive_threads(hass)
        self._writing: asyncio.Task[None] | None = None
        self._failing = False
        self._stopped = False

    async def async_latest(self) -> Sequence[LoggedAlarm]:
        """Return the alarms to continue with; none if the archive cannot be read."""
        with suppress(ArchiveError):
            return await self._threads.async_read(
                partial(self._log.latest, self._node_id)
            )
        return ()

    async def async_between(self, start: datetime, end: datetime) -> list[LoggedAlarm]:
        """Return the alarms that were open in a span of time, oldest first.

        From `start` on and before `end`; those that have not ended are among them.
        """
        await self.async_written()
        found: list[NodeAlarm] = await self._threads.async_read(
            partial(self._log.between, (self._node_id,), start, end)
        )
        return [one.alarm for one in found]

    async def async_acknowledge(
        self,
        by: str | None,
        note: str | None,
        *,
        kinds: Collection[LogKind] | None = None,
        alarm_id: str | None = None,
    ) -> list[LoggedAlarm]:
        """Acknowledge alarms; return these as they are written.

        One alarm by its id, open or ended, or all open ones of some kinds that are not
        acknowledged; None: of all kinds. `by`: who does it, None where nobody is known.
        """
        if alarm_id is None:
            alarms = [
                alarm
                for alarm in self._journal.open
                if not alarm.acknowledged and (kinds is None or alarm.kind in kinds)
            ]
        else:
            alarms = await self._async_find(alarm_id)
        now = dt_util.utcnow()
        changed = [self._journal.acknowledge(alarm, now, by, note) for alarm in alarms]
        self._on_acknowledged()
        await self.async_written()
        return changed

    async def _async_find(self, alarm_id: str) -> list[LoggedAlarm]:
        """Return the alarm with an id, or nothing."""
        known = (*self._journal.open, *self._journal.unsaved.values())
        if found := [alarm for alarm in known if alarm.alarm_id == alarm_id]:
            return found[:1]
        archived = await self._threads.async_read(
            partial(self._log.find, self._node_id, alarm_id)
        )
        return [] if archived is None else [archived]

    @callback
    def async_update(self) -> None:
        """Write what has changed in the journal, and notify the listeners."""
        if self._stopped or not (self._journal.unsaved or self._journal.changes):
            return
        if self._writing is None or self._writing.done():
            self._writing = self._hass.async_create_task(
                self._async_write(), "alarm log", eager_start=False
            )

    async def async_stop(self) -> None:
        """Write what has changed, and nothing after that."""
        self.async_update()
        self._stopped = True
        await self.async_written()

    async def async_written(self) -> None:
        """Wait until nothing is being written, so that what is read is up to date."""
        if self._writing is not None and not self._writing.done():
            await asyncio.wait({self._writing})

    async def _async_write(self) -> None:
        failed = False
        while self._journal.changes or (self._journal.unsaved and not failed):
            changes = self._journal.take_changes()
            failed = not await self._async_store()
            for change in changes:
                self.listeners.notify_listeners(change)

    async def _async_store(self) -> bool:
        """Store the alarms that the archive does not have; return whether it has them."""
        alarms = list(self._journal.unsaved.values())
        store = partial(self._log.store, self._node_id, alarms)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._threads.async_write(store)
        except (ArchiveError, TimeoutError) as error:
            if not self._failing:
                _LOGGER.error("Alarms cannot be written to the log: %r", error)
            self._failing = True
            return False
        self._journal.saved(alarms)
        self._failing = False
        return True
