"""The one who writes into the archive: image after image, many at once if they wait."""

from asyncio import Task, wait
from functools import partial
import logging
from typing import Final

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .archive import Addition, Archive, ArchiveDamagedError, ArchiveError
from .const import DOMAIN
from .issues import async_archive_damaged

_LOGGER = logging.getLogger(__name__)


class ArchiveWriter:
    """Keeps images in the order in which they come, never two writes at a time."""

    def __init__(self, hass: HomeAssistant, archive: Archive) -> None:
        """Write nothing yet."""
        self._hass = hass
        self._archive = archive
        self._waiting: list[Addition] = []
        self._writing: Task[None] | None = None
        self._failing = False

    @callback
    def async_add(self, addition: Addition) -> None:
        """Keep an image, in the background."""
        self._waiting.append(addition)
        if self._writing is None or self._writing.done():
            # Not eager: Home Assistant does not know such a task when it gives its first
            # job to the executor, and cancels the job, and so the task, when it stops.
            self._writing = self._hass.async_create_task(
                self._async_write(), "keep images", eager_start=False
            )

    async def async_flush(self, _stopping: Event | None = None) -> None:
        """Wait until nothing waits any more."""
        if self._writing:
            await wait({self._writing})

    async def _async_write(self) -> None:
        while self._waiting:
            # However many: on a slow disk each transaction takes its time, and Home
            # Assistant does not wait for ever at its end.
            batch, self._waiting = self._waiting, []
            try:
                await self._async_add(batch)
            except ArchiveError as error:
                if not self._failing:
                    _LOGGER.error("Images cannot be kept: %s", error)
                self._failing = True
                continue
            if self._failing:
                _LOGGER.info("Images can be kept again")
            self._failing = False

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
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, writer.async_flush)
    return hass.data[_WRITER]
