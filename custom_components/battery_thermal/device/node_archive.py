"""The archived images of one node, accessed outside of the event loop."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import partial
from itertools import islice
import logging
from pathlib import Path
from typing import Final

from homeassistant.const import (
    EVENT_HOMEASSISTANT_FINAL_WRITE,
    EVENT_HOMEASSISTANT_STOP,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..archive import (
    Addition,
    Archive,
    ArchiveError,
    ArchiveSize,
    Bounds,
    CurveSource,
    ImageIndex,
    SettingsChange,
)
from ..archive.threads import ArchiveThreads
from ..archive.writer import ArchiveWriter
from ..const import DOMAIN
from ..lorawan.clock import latest_time
from ..model.archived_image import ArchivedImage
from ..model.mode import Mode
from .archive_issues import ArchiveIssues

_LOGGER = logging.getLogger(__name__)

# Images read at a time; other readers may read between two parts.
_PART: Final = 256


def get_archive_path(hass: HomeAssistant) -> Path:
    """Return the path of the archive's file."""
    return Path(hass.config.path(f"{DOMAIN}.db"))


def get_archive(hass: HomeAssistant) -> Archive:
    """Return the archive of all nodes. Its methods block, and raise ArchiveError."""
    return Archive(get_archive_path(hass))


class _Shared:
    """Threads and writer of the archive, and the nodes of which a file is written."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize, and stop with Home Assistant."""
        self._hass = hass
        self.threads = ArchiveThreads()
        self.writer = ArchiveWriter(
            hass, get_archive(hass), self.threads, ArchiveIssues(hass)
        )
        self.writing_files: set[str] = set()
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_stopping)
        # At its stop Home Assistant does not wait for jobs that were started earlier.
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_stop)

    @callback
    def _async_stopping(self, _event: Event) -> None:
        """Cancel exports and time-lapses."""
        self.threads.stopping.set()

    async def _async_stop(self, _event: Event) -> None:
        await self.writer.async_stop()
        await self._hass.async_add_executor_job(self.threads.close())


_SHARED: Final[HassKey[_Shared]] = HassKey(f"{DOMAIN}_archive")


@callback
def _shared(hass: HomeAssistant) -> _Shared:
    if _SHARED not in hass.data:
        hass.data[_SHARED] = _Shared(hass)
    return hass.data[_SHARED]


@callback
def async_archive_threads(hass: HomeAssistant) -> ArchiveThreads:
    """Return the threads in which the archive's file is accessed."""
    return _shared(hass).threads


async def async_archived_nodes(hass: HomeAssistant) -> set[str]:
    """Return the nodes with archived images; none if the archive cannot be read."""
    with suppress(ArchiveError):
        return await _shared(hass).threads.async_read(get_archive(hass).nodes)
    return set()


async def async_remove_archive(hass: HomeAssistant) -> None:
    """Delete the file of the archive."""
    try:
        await _shared(hass).threads.async_write(get_archive(hass).remove)
    except ArchiveError as error:
        _LOGGER.error("The archive of images cannot be removed: %s", error)


@callback
def async_release_threads(hass: HomeAssistant) -> None:
    """Let the threads of the archive end after their jobs."""
    _shared(hass).threads.release()


class NodeArchive:
    """Stores and reads the images of one node. Reading raises ArchiveError."""

    def __init__(self, hass: HomeAssistant, node_id: str) -> None:
        """Use the archive of all nodes. `node_id` is that of the node's subentry."""
        self._node_id = node_id
        self._archive = get_archive(hass)
        self._shared = _shared(hass)
        self._threads = self._shared.threads
        self.curves: CurveSource | None = None
        """How the values of areas are measured in images that are stored."""

    @callback
    def async_store_image(
        self,
        archived: ArchivedImage,
        bounds: Bounds,
        settings: tuple[SettingsChange, ...] = (),
    ) -> None:
        """Store an image and the changes of settings before it, in the background."""
        now = dt_util.utcnow()
        self._shared.writer.async_store(
            Addition(self._node_id, archived, bounds, now, self.curves, settings)
        )

    async def async_settings(
        self, start: datetime, end: datetime
    ) -> list[SettingsChange]:
        """Return the settings in force at `start`, and their changes until `end`."""
        return await self._threads.async_read(
            partial(self._archive.settings, self._node_id, start, end)
        )

    async def async_images_between(
        self, start: datetime, end: datetime, mode: Mode | None = None
    ) -> list[ArchivedImage]:
        """Return the images started from `start` on and before `end`, oldest first."""
        return [
            archived
            async for page in self.async_pages(start, end, list, mode)
            for archived in page
        ]

    async def async_count(
        self, start: datetime, end: datetime, mode: Mode | None = None
    ) -> dict[Mode, int]:
        """Return the number of images in such a span, by mode."""
        return await self._threads.async_read(
            partial(self._archive.count, self._node_id, start, end, mode)
        )

    async def async_pages[T](
        self,
        start: datetime,
        end: datetime,
        of: Callable[[list[ArchivedImage]], T],
        mode: Mode | None = None,
    ) -> AsyncIterator[T]:
        """Yield the results of a function for parts of the images of such a span.

        It is called in the reading thread, which other readers may use between two parts.
        """
        images = self._archive.iterate_images(self._node_id, start, end, mode)

        def next_part() -> list[T]:
            part = list(islice(images, _PART))
            return [of(part)] if part else []

        while found := await self._threads.async_read(next_part):
            yield found[0]

    def images(
        self, start: datetime, end: datetime, mode: Mode | None = None
    ) -> Iterator[ArchivedImage]:
        """Yield the images of such a span. Blocking; not for the reading thread."""
        return self._archive.iterate_images(self._node_id, start, end, mode)

    async def async_newest(self, until: datetime) -> ArchivedImage | None:
        """Return the newest image started at a time or before."""
        return await self._threads.async_read(
            partial(self._archive.newest, self._node_id, until)
        )

    async def async_days(self) -> list[date]:
        """Return the days in local time with images, newest first."""
        return await self._threads.async_read(
            partial(self._archive.days, self._node_id, dt_util.get_default_time_zone())
        )

    async def async_index(self, start: datetime, end: datetime) -> ImageIndex:
        """Return the start times of the images of such a span, and of their neighbours."""
        return await self._threads.async_read(
            partial(self._archive.index, self._node_id, start, end)
        )

    async def async_size(self) -> ArchiveSize:
        """Return the number of images, their size, and the oldest."""
        return await self._threads.async_read(
            partial(self._archive.size, self._node_id)
        )

    async def async_delete_future_images(self) -> None:
        """Delete images with times in the future, which would be shown as the newest."""
        latest = latest_time(dt_util.utcnow())
        try:
            dropped = await self._threads.async_write(
                partial(self._archive.delete_images_after, self._node_id, latest)
            )
        except ArchiveError as error:
            _LOGGER.debug("The archive cannot be searched for wrong times: %s", error)
            return
        if dropped:
            _LOGGER.warning("Images that were dated in the future have been dropped")

    async def async_delete_images(self) -> None:
        """Delete all images and alarms of the node, also those not written yet."""
        await self._shared.writer.async_discard_images(self._node_id)
        try:
            await self._threads.async_write(
                partial(self._archive.delete_images, self._node_id)
            )
        except ArchiveError as error:
            _LOGGER.error("Images of a removed node cannot be dropped: %s", error)

    @contextmanager
    def one_file(self) -> Iterator[bool]:
        """Yield whether no other file is written from the node's images."""
        writing = self._shared.writing_files
        if self._node_id in writing:
            yield False
        else:
            writing.add(self._node_id)
            try:
                yield True
            finally:
                writing.discard(self._node_id)

    async def async_file[T](self, job: Callable[[Callable[[], None]], T]) -> T:
        """Run a job that writes a file of images; it ends early if this is cancelled.

        The job gets a function to call regularly, which raises ArchiveStoppingError then.
        """
        return await self._threads.async_file(job)
