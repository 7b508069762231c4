"""Pictures of archived images, drawn on request with the current palette."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Final

from aiohttp import web

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util import dt as dt_util

from ..archive import ArchiveError, stamp
from ..const import DOMAIN
from ..device.archive_search import async_hottest
from ..device.node_archive import NodeArchive
from ..device.node_options import NodeOptions, node_options
from ..device.picture_cache import async_complete_style, picture_size
from ..model.archived_image import ArchivedImage
from ..render.picture import render
from .lookup import async_node_subentries
from .permissions import allowed

# By the node's subentry, and the start of the image in ms since 1970.
PICTURE_URL: Final = f"/api/{DOMAIN}/archive/{{node_id}}/{{stamp}}"


# By the node's subentry, and a day as year-month-day.
HOTTEST_URL: Final = f"/api/{DOMAIN}/archive/{{node_id}}/hottest/{{day}}"


def bounds_of_day(day: str) -> tuple[datetime, datetime]:
    """Return begin and end of a day in local time; not all days have 24 hours.

    Raises ValueError and OverflowError.
    """
    begin = date.fromisoformat(day)
    end = begin + timedelta(days=1)
    return dt_util.start_of_local_day(begin), dt_util.start_of_local_day(end)


def picture_path(node_id: str, started_at: datetime) -> str:
    """Return the URL of the picture of an archived image."""
    return PICTURE_URL.format(node_id=node_id, stamp=stamp(started_at))


class ArchiveView(HomeAssistantView):
    """View of pictures of archived images."""

    url = PICTURE_URL
    name = f"api:{DOMAIN}:archive"

    async def get(self, request: web.Request, node_id: str, stamp: str) -> web.Response:
        """Return the picture of an image at the requested size."""
        try:
            time = dt_util.utc_from_timestamp(int(stamp) / 1000)
        except ValueError, OverflowError, OSError:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        # Seconds as a float are not exact.
        millisecond = timedelta(milliseconds=1)

        async def find(
            archive: NodeArchive, options: NodeOptions
        ) -> ArchivedImage | None:
            archived = await archive.async_newest(time + millisecond / 2)
            if archived is None or time - archived.image.started_at > millisecond:
                return None
            image = options.corrected(archived.image, archived.ambient)
            return replace(archived, image=image)

        return await _async_picture(request, node_id, find)


class HottestView(HomeAssistantView):
    """View of the picture of the hottest image of a day."""

    url = HOTTEST_URL
    name = f"api:{DOMAIN}:archive:hottest"

    async def get(self, request: web.Request, node_id: str, day: str) -> web.Response:
        """Return the picture of the hottest image of a local day."""
        try:
            start, end = bounds_of_day(day)
        except ValueError, OverflowError:
            return web.Response(status=HTTPStatus.BAD_REQUEST)

        async def find(
            archive: NodeArchive, options: NodeOptions
        ) -> ArchivedImage | None:
            return await async_hottest(archive, options, start, end)

        return await _async_picture(request, node_id, find)


async def _async_picture(
    request: web.Request,
    node_id: str,
    find: Callable[[NodeArchive, NodeOptions], Awaitable[ArchivedImage | None]],
) -> web.Response:
    """Return the picture of an image at the requested size.

    `find` returns the image, corrected, None if there is none, and may raise ArchiveError.
    """
    hass = request.app[KEY_HASS]
    if (node := async_node_subentries(hass).get(node_id)) is None:
        return web.Response(status=HTTPStatus.NOT_FOUND)
    if not allowed(hass, request[KEY_HASS_USER].permissions, node_id, POLICY_READ):
        raise Unauthorized
    try:
        width, height = picture_size(
            *(
                int(request.query[side]) if side in request.query else None
                for side in ("width", "height")
            )
        )
    except ValueError:
        return web.Response(status=HTTPStatus.BAD_REQUEST)
    options = node_options(node.data)
    try:
        archived = await find(NodeArchive(hass, node_id), options)
    except ArchiveError:
        return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
    if archived is None:
        return web.Response(status=HTTPStatus.NOT_FOUND)
    style = async_complete_style(hass, options.style, archived.threshold)
    picture = await hass.async_add_executor_job(
        render, archived.image, style, width, height
    )
    return web.Response(body=picture, content_type=style.content_type)
