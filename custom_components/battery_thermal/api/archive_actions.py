"""Actions of the archive: get an image, export images, create a time-lapse."""

from typing import Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..archive import ArchiveError
from ..const import DOMAIN
from ..device.archive_issues import archive_failed
from ..device.archive_search import async_hottest
from ..device.battery_node import BatteryNode
from ..device.over_range import OVER_RANGE_CELSIUS
from .actions import response_of
from .archive_files import (
    EXPORT_FIELDS,
    TIMELAPSE_FIELDS,
    async_create_timelapse,
    async_export,
    refused,
    utc,
)
from .archive_view import picture_path
from .target import target_schema
from .target_nodes import async_target_nodes

SERVICE_CREATE_TIMELAPSE: Final = "create_timelapse"
SERVICE_EXPORT: Final = "export"
SERVICE_GET_IMAGE: Final = "get_image"

ATTR_HOTTEST_SINCE: Final = "hottest_since"
ATTR_TIME: Final = "time"

_GET_IMAGE_SCHEMA = target_schema(
    {
        vol.Optional(ATTR_TIME): cv.datetime,
        vol.Optional(ATTR_HOTTEST_SINCE): cv.datetime,
    }
)


@callback
def async_setup_archive_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, action, schema, response in (
        (SERVICE_GET_IMAGE, _async_get_image, _GET_IMAGE_SCHEMA, SupportsResponse.ONLY),
        (
            SERVICE_EXPORT,
            async_export,
            target_schema(EXPORT_FIELDS),
            SupportsResponse.OPTIONAL,
        ),
        (
            SERVICE_CREATE_TIMELAPSE,
            async_create_timelapse,
            target_schema(TIMELAPSE_FIELDS),
            SupportsResponse.OPTIONAL,
        ),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            action,
            schema=vol.Schema(schema),
            supports_response=response,
        )


async def _async_get_image(call: ServiceCall) -> ServiceResponse:
    """Return an image of each node.

    The response is the image of one device targeted by its id, with the keys of the first
    web server; otherwise `nodes` has the images by device id.
    """
    targets = await async_target_nodes(call, POLICY_READ)
    return response_of(
        call,
        {target.device.id: await _async_image(call, target.node) for target in targets},
    )


async def _async_image(
    call: ServiceCall, node: BatteryNode
) -> dict[str, JsonValueType]:
    """Return the requested image of one node."""
    image = node.record.images.measured
    try:
        if ATTR_HOTTEST_SINCE in call.data:
            end = (
                utc(call.data[ATTR_TIME])
                if ATTR_TIME in call.data
                else dt_util.utcnow()
            )
            start = utc(call.data[ATTR_HOTTEST_SINCE])
            options = node.config.options
            hottest = await async_hottest(node.archive, options, start, end)
            image = hottest.image if hottest else None
        elif ATTR_TIME in call.data:
            archived = await node.archive.async_newest(utc(call.data[ATTR_TIME]))
            image = (
                node.config.options.corrected(archived.image, archived.ambient)
                if archived
                else None
            )
    except ArchiveError as error:
        raise archive_failed(error) from error
    if image is None:
        raise refused("no_image", node=node.config.name)
    response: dict[str, JsonValueType] = {
        "timestamp": image.updated_at.isoformat(),
        "temp_min": image.minimum,
        "temp_max": image.maximum,
        "image": [
            [value / 10 if there else None for value, there in zip(*row, strict=True)]
            for row in zip(image.values.tolist(), image.present.tolist(), strict=True)
        ],
        "mode": image.mode,
        "missing_lines": list(image.missing_lines),
        "suspect": image.suspect,
        "over_range": OVER_RANGE_CELSIUS if image.is_over_range else None,
        "picture": picture_path(node.subentry_id, image.started_at),
    }
    if image.bound is not None:
        response["bound"] = image.bound / 10
    return response
