"""Reports in the media folder, served to those who may see the node."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from aiohttp import web

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..render.report_image import as_image
from .lookup import async_node_subentries
from .permissions import allowed
from .report_files import is_report_of, reports_folder

_URL: Final = f"/api/{DOMAIN}/reports/{{node_id}}/{{name}}"

IMAGE_URL: Final = f"{_URL}/image"
IMAGE_TYPE: Final = "image/svg+xml"

# Of a page in a folder that others may write to: nothing of it is run.
_HEADERS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src data:;"
    " style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}

# Bytes of a page that is made an image. A report of 64 areas has less than 1 MB.
_LARGEST: Final = 5_000_000

_SIGNED_FOR: Final = timedelta(days=1)


def report_url(hass: HomeAssistant, node_id: str, name: str) -> str:
    """Return a URL that opens a report for a day, with the rights of who asked for it."""
    path = _URL.format(node_id=node_id, name=name)
    return async_sign_path(hass, path, _SIGNED_FOR)


class ReportView(HomeAssistantView):
    """View of reports."""

    url = _URL
    name = f"api:{DOMAIN}:reports"

    async def get(
        self, request: web.Request, node_id: str, name: str
    ) -> web.StreamResponse:
        """Return a report."""
        path = await _async_path(request, node_id, name)
        return web.FileResponse(path, headers=_HEADERS)


class ReportImageView(HomeAssistantView):
    """View of reports as images, for the media browser."""

    url = IMAGE_URL
    name = f"api:{DOMAIN}:reports:image"

    async def get(self, request: web.Request, node_id: str, name: str) -> web.Response:
        """Return a report as an SVG."""
        path = await _async_path(request, node_id, name)

        def image() -> str:
            if path.stat().st_size > _LARGEST:
                raise web.HTTPRequestEntityTooLarge(_LARGEST, path.stat().st_size)
            return as_image(path.read_text("utf-8", errors="replace"))

        text = await request.app[KEY_HASS].async_add_executor_job(image)
        return web.Response(text=text, content_type=IMAGE_TYPE, headers=_HEADERS)


async def _async_path(request: web.Request, node_id: str, name: str) -> Path:
    """Return the path of a report that the user may read. Raises HTTPNotFound, Unauthorized."""
    hass = request.app[KEY_HASS]
    if node_id not in async_node_subentries(hass):
        raise web.HTTPNotFound
    if not allowed(hass, request[KEY_HASS_USER].permissions, node_id, POLICY_READ):
        raise Unauthorized
    path = reports_folder(hass) / name
    if not is_report_of(name, node_id) or not await hass.async_add_executor_job(
        path.is_file
    ):
        raise web.HTTPNotFound
    return path
