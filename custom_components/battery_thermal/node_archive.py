"""The archive of one node, off the event loop."""

from datetime import datetime
from functools import partial
import logging
from pathlib import Path

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .archive import (
    Archive,
    ArchiveDamagedError,
    ArchiveError,
    Bounds,
    Figures,
    Index,
    Kept,
)
from .const import DOMAIN
from .issues import async_archive_damaged
from .node.layout import Mode

_LOGGER = logging.getLogger(__name__)


def get_archive(hass: HomeAssistant) -> Archive:
    """Return the archive of all nodes."""
    return Archive(Path(hass.config.path(f"{DOMAIN}.db")))


class NodeArchive:
    """Keeps and finds the images of one node."""

    def __init__(self, hass: HomeAssistant, node_id: str) -> None:
        """Use the archive of all nodes. `node_id` is that of the node's subentry."""
        self._hass = hass
        self._node_id = node_id
        self._archive = get_archive(hass)
        self._failing = False

    @callback
    def async_keep(self, kept: Kept, bounds: Bounds) -> None:
        """Keep an image, in the background."""
        self._hass.async_create_task(self._async_keep(kept, bounds), "keep an image")

    async def _async_keep(self, kept: Kept, bounds: Bounds) -> None:
        try:
            await self._async_add(kept, bounds)
        except ArchiveError as error:
            if not self._failing:
                _LOGGER.error("Images cannot be kept: %s", error)
            self._failing = True
            return
        if self._failing:
            _LOGGER.info("Images can be kept again")
        self._failing = False

    async def _async_add(self, kept: Kept, bounds: Bounds) -> None:
        """Keep an image; in a new file if the old one is damaged."""
        add = partial(self._archive.add, self._node_id, kept, bounds, dt_util.utcnow())
        try:
            await self._hass.async_add_executor_job(add)
        except ArchiveDamagedError:
            aside = await self._hass.async_add_executor_job(
                self._archive.recover, dt_util.utcnow()
            )
            async_archive_damaged(self._hass, aside)
            await self._hass.async_add_executor_job(add)

    async def async_between(
        self, start: datetime, end: datetime, mode: Mode | None = None
    ) -> list[Kept]:
        """Return the images started from `start` on and before `end`, oldest first.

        Raises ArchiveError, as do the others.
        """
        return await self._hass.async_add_executor_job(
            self._archive.between, self._node_id, start, end, mode
        )

    async def async_newest(self, until: datetime) -> Kept | None:
        """Return the newest image that was started until then."""
        return await self._hass.async_add_executor_job(
            self._archive.newest, self._node_id, until
        )

    async def async_times(self) -> dict[datetime, Mode]:
        """Return when the images were started, newest first, and in which mode."""
        return await self._hass.async_add_executor_job(
            self._archive.times, self._node_id
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
        """Drop all images of the node."""
        try:
            await self._hass.async_add_executor_job(self._archive.forget, self._node_id)
        except ArchiveError as error:
            _LOGGER.error("Images of a removed node cannot be dropped: %s", error)
