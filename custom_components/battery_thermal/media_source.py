"""The archive in Home Assistant's media browser: by node and day.

Pictures are drawn when they are looked at, in today's palette.
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, override

from aiohttp import web

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.media_player.const import MediaClass, MediaType
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util import dt as dt_util

from .archive import ArchiveError
from .const import DOMAIN
from .node_archive import PICTURE_URL, NodeArchive, picture_path
from .node_options import node_options
from .permissions import allowed
from .picture import async_complete_style, picture_size
from .thermal.picture import render

_NAME: Final = "Battery Thermal"

_THUMBNAIL: Final = "?width=180&height=240"


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return the archive as a source of media, and serve its pictures."""
    hass.http.register_view(ArchiveView())
    return ArchiveSource(hass)


@callback
def _async_nodes(hass: HomeAssistant) -> dict[str, ConfigSubentry]:
    """Return all nodes by the ids of their subentries."""
    return {
        subentry_id: subentry
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry_id, subentry in entry.subentries.items()
    }


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
        node = _async_nodes(self._hass).get(node_id)
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
        nodes = _async_nodes(self._hass)
        if not item.identifier:
            return _folder(
                None,
                _NAME,
                [_folder(node_id, node.title) for node_id, node in nodes.items()],
            )
        node_id, _, day = item.identifier.partition("/")
        if (node := nodes.get(node_id)) is None:
            raise BrowseError(
                translation_domain=DOMAIN, translation_key="no_such_image"
            )
        try:
            times = await NodeArchive(self._hass, node_id).async_times()
        except ArchiveError as error:
            raise BrowseError(
                translation_domain=DOMAIN,
                translation_key="archive_failed",
                translation_placeholders={"error": str(error)},
            ) from error
        times = [dt_util.as_local(time) for time in times]
        if not day:
            # Newest first, each day once.
            days = dict.fromkeys(time.date().isoformat() for time in times)
            return _folder(
                node_id,
                node.title,
                [_folder(f"{node_id}/{day}", day) for day in days],
            )
        content_type = node_options(node.data).style.content_type
        return _folder(
            item.identifier,
            f"{node.title}, {day}",
            [
                _picture(node_id, time, content_type)
                for time in times
                if time.date().isoformat() == day
            ],
        )


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


def _picture(node_id: str, time: datetime, content_type: str) -> BrowseMediaSource:
    stamp = round(time.timestamp() * 1000)
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{node_id}/{time.date().isoformat()}/{stamp}",
        media_class=MediaClass.IMAGE,
        media_content_type=content_type,
        title=f"{time:%H:%M:%S}",
        can_play=True,
        can_expand=False,
        thumbnail=picture_path(node_id, time) + _THUMBNAIL,
    )


class ArchiveView(HomeAssistantView):
    """Pictures of images in the archive."""

    url = PICTURE_URL
    name = f"api:{DOMAIN}:archive"

    async def get(self, request: web.Request, node_id: str, stamp: str) -> web.Response:
        """Draw an image, at the size that is asked for."""
        hass = request.app[KEY_HASS]
        if (node := _async_nodes(hass).get(node_id)) is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        if not allowed(hass, request[KEY_HASS_USER].permissions, node_id, POLICY_READ):
            raise Unauthorized
        try:
            time = dt_util.utc_from_timestamp(int(stamp) / 1000)
            width, height = picture_size(
                *(
                    int(request.query[side]) if side in request.query else None
                    for side in ("width", "height")
                )
            )
        except ValueError, OverflowError, OSError:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        # A number of seconds in ms is not quite what it was.
        millisecond = timedelta(milliseconds=1)
        try:
            kept = await NodeArchive(hass, node_id).async_newest(time + millisecond / 2)
        except ArchiveError:
            return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
        if kept is None or time - kept.image.started_at > millisecond:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        options = node_options(node.data)
        style = await async_complete_style(hass, options.style, kept.threshold)
        picture = await hass.async_add_executor_job(
            render, options.corrected(kept.image, kept.ambient), style, width, height
        )
        return web.Response(body=picture, content_type=style.content_type)
