"""View of the files that an open dialog offers for download."""

from http import HTTPStatus

from aiohttp import web

from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..hub.offered_files import URL, offered_file


class OfferedFilesView(HomeAssistantView):
    """Serves files with secrets to administrators, as long as they are offered."""

    url = URL
    name = f"api:{DOMAIN}:board_files"

    async def get(
        self, request: web.Request, offer_id: str, name: str
    ) -> web.StreamResponse:
        """Return a file, to be saved."""
        if not request[KEY_HASS_USER].is_admin:
            raise Unauthorized
        text = offered_file(request.app[KEY_HASS], offer_id, name)
        if text is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(text=text, content_type="text/plain", headers=headers)
