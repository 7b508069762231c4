"""The archive in Home Assistant's media browser: by node and day.

Pictures are drawn when they are looked at, in today's palette.
"""

from datetime import date, datetime, timedelta
from typing import Final, override

from homeassistant.components.media_player.const import MediaClass, MediaType
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from .archive import ArchiveError
from .archive_view import PICTURE_URL, async_nodes, picture_path
from .const import DOMAIN
from .node_archive import NodeArchive
from .node_options import node_options

_NAME: Final = "Battery Thermal"
_MODES: Final = f"component.{DOMAIN}.selector.mode.options"

_THUMBNAIL: Final = "?width=180&height=240"


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return the archive as a source of media."""
    return ArchiveSource(hass)


class ArchiveSource(MediaSource):
    """Identifiers are `node`, `node/day` and `node/day/stamp`, a time in ms."""

    name = _NAME

    def __init__(self, hass: HomeAssistant) -> None:
        """Look into the archive."""
        super().__init__(DOMAIN)
        self._hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where the picture of an image is."""
        node_id, _, rest = item.identifier.partition("/")
        _, _, stamp = rest.partition("/")
        node = async_nodes(self._hass).get(node_id)
        if node is None or not stamp.isdecimal():
            raise Unresolvable(
                translation_domain=DOMAIN, translation_key="no_such_image"
            )
        style = node_options(node.data).style
        return PlayMedia(
            PICTURE_URL.format(node_id=node_id, stamp=stamp), style.content_type
        )

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return the nodes, the days of a node, or the images of a day."""
        nodes = async_nodes(self._hass)
        if not item.identifier:
            return _folder(
                None,
                _NAME,
                [_folder(node_id, node.title) for node_id, node in nodes.items()],
            )
        node_id, _, day = item.identifier.partition("/")
        if (node := nodes.get(node_id)) is None:
            raise _not_there()
        archive = NodeArchive(self._hass, node_id)
        try:
            if not day:
                days = [one.isoformat() for one in await archive.async_days()]
                return _folder(
                    node_id,
                    node.title,
                    [_folder(f"{node_id}/{day}", day) for day in days],
                )
            times = await archive.async_times(*_bounds(day))
        except ArchiveError as error:
            raise BrowseError(
                translation_domain=DOMAIN,
                translation_key="archive_failed",
                translation_placeholders={"error": str(error)},
            ) from error
        content_type = node_options(node.data).style.content_type
        texts = await async_get_translations(
            self._hass, self._hass.config.language, "selector", {DOMAIN}
        )
        return _folder(
            item.identifier,
            f"{node.title}, {day}",
            [
                _picture(
                    node_id,
                    dt_util.as_local(time),
                    texts[f"{_MODES}.{mode}"],
                    content_type,
                )
                for time, mode in times.items()
            ],
        )


def _bounds(day: str) -> tuple[datetime, datetime]:
    """Return when a day begins and ends here; not all of them have 24 hours."""
    try:
        begin = date.fromisoformat(day)
        end = begin + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise _not_there() from error
    return dt_util.start_of_local_day(begin), dt_util.start_of_local_day(end)


def _not_there() -> BrowseError:
    return BrowseError(translation_domain=DOMAIN, translation_key="no_such_image")


def _folder(
    identifier: str | None, title: str, children: list[BrowseMediaSource] | None = None
) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.IMAGE,
        title=title,
        can_play=False,
        can_expand=True,
        children=children,
    )


def _picture(
    node_id: str, time: datetime, mode: str, content_type: str
) -> BrowseMediaSource:
    stamp = round(time.timestamp() * 1000)
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{node_id}/{time.date().isoformat()}/{stamp}",
        media_class=MediaClass.IMAGE,
        media_content_type=content_type,
        title=f"{time:%H:%M:%S}, {mode.lower()}",
        can_play=True,
        can_expand=False,
        thumbnail=picture_path(node_id, time) + _THUMBNAIL,
    )
