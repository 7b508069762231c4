"""The one who writes into the archive: image after image, many at once if they wait."""

from asyncio import Task, wait
from datetime import datetime
from functools import partial
import logging
from typing import Final

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .archive import Addition, Archive, ArchiveDamagedError, ArchiveError
from .const import DOMAIN
from .issues import async_archive_damaged

_LOGGER = logging.getLogger(__name__)

# Images that wait at most while the disk takes none, 20 MB of them: what a node that
# sends one a minute has to say in three days.
_MOST_WAITING: Final = 5000

# Seconds before another attempt, unless a new image comes before.
_RETRY_AFTER: Final = 60.0


class ArchiveWriter:
    """Keeps images in the order in which they come, never two writes at a time.

    What the disk does not take waits for it: nobody can send an image again.
    """

    def __init__(self, hass: HomeAssistant, archive: Archive) -> None:
        """Write nothing yet."""
        self._hass = hass
        self._archive = archive
        self._waiting: list[Addition] = []
        self._writing: Task[None] | None = None
        self._retry: CALLBACK_TYPE | None = None
        self._failing = False
        self._lost = 0

    @callback
    def async_add(self, addition: Addition) -> None:
        """Keep an image, in the background."""
        self._waiting.append(addition)
        self._async_begin()

    async def async_drop(self, node: str) -> None:
        """Keep no image any more of a node that waits; when this ends none is written."""
        await self._async_written()
        self._waiting = [one for one in self._waiting if one.node != node]

    async def async_stop(self, _stopping: Event) -> None:
        """Write what waits, also what the disk has refused; but that only once more."""
        self._async_begin()
        await self._async_written()
        self._async_cancel_retry()
        if lost := self._lost + len(self._waiting):
            _LOGGER.error("Images that were not kept: %d", lost)

    async def _async_written(self) -> None:
        """Wait until nothing is being written."""
        while self._writing and not self._writing.done():
            await wait({self._writing})

    @callback
    def _async_begin(self, _now: datetime | None = None) -> None:
        """Write what waits, unless that is under way."""
        self._async_cancel_retry()
        if self._writing is None or self._writing.done():
            # Not eager: Home Assistant does not know such a task when it gives its first
            # job to the executor, and cancels the job, and so the task, when it stops.
            self._writing = self._hass.async_create_task(
                self._async_write(), "keep images", eager_start=False
            )

    @callback
    def _async_cancel_retry(self) -> None:
        if self._retry:
            self._retry()
            self._retry = None

    async def _async_write(self) -> None:
        while self._waiting:
            # However many: on a slow disk each transaction takes its time, and Home
            # Assistant does not wait for ever at its end.
            batch, self._waiting = self._waiting, []
            try:
                await self._async_add(batch)
            except ArchiveError as error:
                self._waiting = batch + self._waiting
                self._async_refused(error)
                return
            if self._failing:
                _LOGGER.info(
                    "Images can be kept again; lost until then: %d", self._lost
                )
            self._failing, self._lost = False, 0

    @callback
    def _async_refused(self, error: ArchiveError) -> None:
        """Let what waits wait longer, the oldest only if that is not too much."""
        if not self._failing:
            _LOGGER.error("Images cannot be kept: %s", error)
        self._failing = True
        if (excess := len(self._waiting) - _MOST_WAITING) > 0:
            if not self._lost:
                _LOGGER.error("Too many images wait to be kept: the oldest are lost")
            del self._waiting[:excess]
            self._lost += excess
        self._retry = async_call_later(self._hass, _RETRY_AFTER, self._async_begin)

    async def _async_add(self, batch: list[Addition]) -> None:
        """Keep images; in a new file if the old one is damaged."""
        add = partial(self._archive.add, *batch)
        try:
            await self._hass.async_add_executor_job(add)
        except ArchiveDamagedError:
            aside = await self._hass.async_add_executor_job(
                self._archive.recover, dt_util.utcnow()
            )
            async_archive_damaged(self._hass, aside)
            await self._hass.async_add_executor_job(add)


_WRITER: Final[HassKey[ArchiveWriter]] = HassKey(f"{DOMAIN}_archive_writer")


@callback
def async_get_writer(hass: HomeAssistant, archive: Archive) -> ArchiveWriter:
    """Return the only writer of the archive."""
    if _WRITER not in hass.data:
        writer = hass.data[_WRITER] = ArchiveWriter(hass, archive)
        # Home Assistant waits at its end for nothing that was begun before.
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, writer.async_stop)
    return hass.data[_WRITER]
