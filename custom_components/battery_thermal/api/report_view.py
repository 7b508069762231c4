"""Reports in the media folder, served to those who may see the node."""

from datetime import timedelta
from http import HTTPStatus
from typing import Final

from aiohttp import web

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from .lookup import async_node_subentries
from .permissions import allowed
from .report_files import is_report_of, reports_folder

_URL: Final = f"/api/{DOMAIN}/reports/{{node_id}}/{{name}}"

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
        hass = request.app[KEY_HASS]
        if node_id not in async_node_subentries(hass):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        if not allowed(hass, request[KEY_HASS_USER].permissions, node_id, POLICY_READ):
            raise Unauthorized
        path = reports_folder(hass) / name
        if not is_report_of(name, node_id) or not await hass.async_add_executor_job(
            path.is_file
        ):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        # Of a page in a folder that others may write to: nothing of it is run.
        headers = {
            "Content-Security-Policy": "sandbox; default-src 'none'; img-src data:;"
            " style-src 'unsafe-inline'",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(path, headers=headers)
