"""Pictures of the archive, drawn when they are looked at, in today's palette."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from aiohttp import web

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util import dt as dt_util

from .archive import ArchiveError, stamp
from .const import DOMAIN
from .node_archive import NodeArchive
from .node_options import node_options
from .permissions import allowed
from .picture import async_complete_style, picture_size
from .thermal.picture import render

# Of a node's subentry, by when the image was started.
PICTURE_URL: Final = f"/api/{DOMAIN}/archive/{{node_id}}/{{stamp}}"


def picture_path(node_id: str, started_at: datetime) -> str:
    """Return where the picture of an image in the archive is served."""
    return PICTURE_URL.format(node_id=node_id, stamp=stamp(started_at))


@callback
def async_nodes(hass: HomeAssistant) -> dict[str, ConfigSubentry]:
    """Return all nodes by the ids of their subentries."""
    return {
        subentry_id: subentry
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry_id, subentry in entry.subentries.items()
    }


class ArchiveView(HomeAssistantView):
    """Pictures of images in the archive."""

    url = PICTURE_URL
    name = f"api:{DOMAIN}:archive"

    async def get(self, request: web.Request, node_id: str, stamp: str) -> web.Response:
        """Draw an image, at the size that is asked for."""
        hass = request.app[KEY_HASS]
        if (node := async_nodes(hass).get(node_id)) is None:
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
