"""Action `create_report`: a page about a node over a span of time."""

from typing import Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from .archive_files import ATTR_END, ATTR_START, async_path, utc
from .archive_progress import ATTR_FILENAME
from .report_files import USUAL_SPAN, async_write_report
from .report_view import report_url
from .target import target_schema
from .target_nodes import async_target_node

SERVICE_CREATE_REPORT: Final = "create_report"

_SCHEMA: Final = vol.Schema(
    target_schema(
        {
            vol.Optional(ATTR_START): cv.datetime,
            vol.Optional(ATTR_END): cv.datetime,
            vol.Optional(ATTR_FILENAME): cv.string,
        }
    )
)


@callback
def async_setup_report_services(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_CREATE_REPORT,
        _async_create_report,
        schema=_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_create_report(call: ServiceCall) -> ServiceResponse:
    """Write the report of one node, and return where it is.

    `url` opens it for a day, without a login; None where the caller chose the file.
    """
    _, node = await async_target_node(call, POLICY_CONTROL)
    end = utc(call.data[ATTR_END]) if ATTR_END in call.data else dt_util.utcnow()
    start = utc(call.data[ATTR_START]) if ATTR_START in call.data else end - USUAL_SPAN
    chosen = None
    if ATTR_FILENAME in call.data:
        chosen = await async_path(call, node, (".html",))
    path, images = await async_write_report(call.hass, node, start, end, chosen)
    url = None if chosen else report_url(call.hass, node.subentry_id, path.name)
    return {"filename": str(path), "images": images, "url": url}
