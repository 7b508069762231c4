"""The archive of one node, off the event loop."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
import logging
from pathlib import Path

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .archive import Addition, Archive, ArchiveError, Bounds, Figures, Index, Kept
from .archive_writer import async_get_writer
from .const import DOMAIN
from .node.layout import Mode

_LOGGER = logging.getLogger(__name__)


def get_archive(hass: HomeAssistant) -> Archive:
    """Return the archive of all nodes."""
    return Archive(Path(hass.config.path(f"{DOMAIN}.db")))


async def async_kept_nodes(hass: HomeAssistant) -> set[str]:
    """Return the nodes that there may be images of; none if that cannot be read."""
    with suppress(ArchiveError):
        return await hass.async_add_executor_job(get_archive(hass).nodes)
    return set()


class NodeArchive:
    """Keeps and finds the images of one node."""

    def __init__(self, hass: HomeAssistant, node_id: str) -> None:
        """Use the archive of all nodes. `node_id` is that of the node's subentry."""
        self._hass = hass
        self._node_id = node_id
        self._archive = get_archive(hass)

    @callback
    def async_keep(self, kept: Kept, bounds: Bounds) -> None:
        """Keep an image, in the background."""
        async_get_writer(self._hass, self._archive).async_add(
            Addition(self._node_id, kept, bounds, dt_util.utcnow())
        )

    async def async_between(
        self, start: datetime, end: datetime, mode: Mode | None = None
    ) -> list[Kept]:
        """Return the images started from `start` on and before `end`, oldest first.

        Raises ArchiveError, as do the others.
        """
        return await self._hass.async_add_executor_job(
            self._archive.between, self._node_id, start, end, mode
        )

    async def async_count(
        self, start: datetime, end: datetime, mode: Mode | None = None
    ) -> dict[Mode, int]:
        """Return how many images of which mode there are in such a span."""
        return await self._hass.async_add_executor_job(
            self._archive.count, self._node_id, start, end, mode
        )

    async def async_reduce[T](
        self,
        start: datetime,
        end: datetime,
        of: Callable[[Iterator[Kept]], T],
        mode: Mode | None = None,
    ) -> T:
        """Return what a function makes of such a span, of one image after the other.

        It is called in the executor.
        """
        return await self._hass.async_add_executor_job(
            lambda: of(self._archive.each(self._node_id, start, end, mode))
        )

    async def async_newest(self, until: datetime) -> Kept | None:
        """Return the newest image that was started until then."""
        return await self._hass.async_add_executor_job(
            self._archive.newest, self._node_id, until
        )

    async def async_days(self) -> list[date]:
        """Return on which days, as people here count them, there are images.

        The newest comes first.
        """
        return await self._hass.async_add_executor_job(
            self._archive.days, self._node_id, dt_util.get_default_time_zone()
        )

    async def async_times(self, start: datetime, end: datetime) -> dict[datetime, Mode]:
        """Return when the images of such a span were started, newest first, and how."""
        return await self._hass.async_add_executor_job(
            self._archive.times, self._node_id, start, end
        )

    async def async_index(self, start: datetime, end: datetime) -> Index:
        """Return which images were started from `start` on and before `end`."""
        return await self._hass.async_add_executor_job(
            self._archive.index, self._node_id, start, end
        )

    async def async_figures(self) -> Figures:
        """Return how much there is."""
        return await self._hass.async_add_executor_job(
            self._archive.figures, self._node_id
        )

    async def async_forget(self) -> None:
        """Drop all images of the node, those too that are still to be written."""
        await async_get_writer(self._hass, self._archive).async_drop(self._node_id)
        try:
            await self._hass.async_add_executor_job(self._archive.forget, self._node_id)
        except ArchiveError as error:
            _LOGGER.error("Images of a removed node cannot be dropped: %s", error)
