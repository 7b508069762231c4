"""Background writer of the archive: stores images in order, and repeats what fails."""

from asyncio import Task, wait
from collections.abc import Callable
from datetime import datetime
from functools import partial
import logging
from pathlib import Path
from typing import Final, Protocol

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .database import Archive
from .errors import ArchiveDamagedError, ArchiveError, ArchiveNewerError
from .images import Addition
from .threads import ArchiveThreads

_LOGGER = logging.getLogger(__name__)

# Images that wait at most while they cannot be written: 20 MB, or three days of a node
# that sends one a minute.
_MOST_WAITING: Final = 5000

# Seconds before another attempt, unless a new image comes before.
_RETRY_AFTER: Final = 60.0


class WriterReports(Protocol):
    """What the writer reports to the owner."""

    def async_set_aside(self, aside: Path, *, newer: bool) -> None:
        """Report that a file was set aside: damaged, or of a later release."""
        ...

    def async_failing(self, error: ArchiveError, waiting: int, lost: int) -> None:
        """Report that images cannot be stored, and how many wait and were lost."""
        ...

    def async_written(self) -> None:
        """Report that images can be stored."""
        ...


class ArchiveWriter:
    """Stores images in the order in which they come, never two writes at a time.

    Images that cannot be written wait, up to a number: the node cannot send an image
    again.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        archive: Archive,
        threads: ArchiveThreads,
        reports: WriterReports,
    ) -> None:
        """Initialize without an image."""
        self._hass = hass
        self._archive = archive
        self._threads = threads
        self._reports = reports
        self._waiting: list[Addition] = []
        # How many of those that wait, from the first on, are being written.
        self._in_flight = 0
        self._writing: Task[None] | None = None
        self._retry: CALLBACK_TYPE | None = None
        self._failing = False
        self._renewed = False
        self._lost = 0

    @callback
    def async_store(self, addition: Addition) -> None:
        """Store an image in the background."""
        self._waiting.append(addition)
        self._async_limit()
        self._async_begin()

    async def async_discard_images(self, node: str) -> None:
        """Discard the waiting images of a node, and wait until none is being written."""
        await self._async_written()
        self._waiting = [one for one in self._waiting if one.node != node]

    async def async_stop(self) -> None:
        """Write what waits. What could not be written is tried once more."""
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
            # job to a thread, and cancels it when it stops.
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
            batch = list(self._waiting)
            self._in_flight = len(batch)
            try:
                unwritable = await self._async_store_batch(batch)
            except ArchiveError as error:
                self._in_flight = 0
                self._async_refused(error)
                return
            self._in_flight = 0
            del self._waiting[: len(batch)]
            for addition in unwritable:
                _LOGGER.error(
                    "An image of %s cannot be kept: it is not a valid one",
                    addition.archived.image.started_at,
                )
            if self._failing:
                _LOGGER.info(
                    "Images can be kept again; lost until then: %d", self._lost
                )
                self._reports.async_written()
            self._failing, self._renewed, self._lost = False, False, 0

    @callback
    def _async_refused(self, error: ArchiveError) -> None:
        """Schedule another attempt, and report the failure."""
        self._async_limit()
        if self._failing:
            self._reports.async_failing(error, len(self._waiting), self._lost)
        else:
            # Reported from the second time on: most failures pass within a minute.
            _LOGGER.error("Images cannot be kept: %s", error)
        self._failing = True
        self._retry = async_call_later(self._hass, _RETRY_AFTER, self._async_begin)

    @callback
    def _async_limit(self) -> None:
        """Discard the oldest images if too many wait, except those being written."""
        if (excess := len(self._waiting) - _MOST_WAITING) <= 0:
            return
        if not self._lost:
            _LOGGER.error("Too many images wait to be kept: the oldest are lost")
        before = len(self._waiting)
        del self._waiting[self._in_flight : self._in_flight + excess]
        self._lost += before - len(self._waiting)

    async def _async_store_batch(self, batch: list[Addition]) -> list[Addition]:
        """Store images, in a new file if the old one cannot be used.

        Returns those that cannot be stored in any file. Raises ArchiveError.
        """
        add = partial(self._archive.store_images, *batch)
        try:
            return await self._threads.async_write(add)
        except (ArchiveDamagedError, ArchiveNewerError) as error:
            await self._async_renew(self._archive.recover, error)
        try:
            return await self._threads.async_write(add)
        except ArchiveDamagedError as error:
            # A check finds nothing, and it cannot be used all the same. Once only: if a
            # new file does not help, the file is not what is wrong.
            if self._renewed:
                raise
            self._renewed = True
            await self._async_renew(self._archive.set_aside, error)
        return await self._threads.async_write(add)

    async def _async_renew(
        self, renew: Callable[[datetime], Path], error: ArchiveError
    ) -> None:
        aside = await self._threads.async_write(partial(renew, dt_util.utcnow()))
        self._reports.async_set_aside(aside, newer=isinstance(error, ArchiveNewerError))
