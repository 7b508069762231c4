"""WebSocket commands of the archive: the index of images, and one image."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import (
    ERR_HOME_ASSISTANT_ERROR,
    ERR_NOT_FOUND,
)
from homeassistant.components.websocket_api.decorators import (
    async_response,
    websocket_command,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import Unauthorized

from ..archive import ArchiveError
from ..const import DOMAIN
from ..device.battery_node import BatteryNode
from .lookup import async_get_node
from .permissions import allowed
from .serialisation import image_as_dict

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

# Times are whole ms since 1970, as the archive has them; the last one is in 9999.
STAMP: Final = vol.All(int, vol.Range(min=0, max=253_402_300_799_999))


@callback
def async_setup_archive_websocket(hass: HomeAssistant) -> None:
    """Register the commands."""
    async_register_command(hass, _archive_index)
    async_register_command(hass, _archive_image)


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/archive_index",
        vol.Required("node"): str,
        vol.Required("start"): STAMP,
        vol.Required("end"): STAMP,
    }
)
@async_response
async def _archive_index(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send the start times of the images started from `start` on and before `end`."""
    node = async_requested_node(hass, connection, msg)
    try:
        index = await node.archive.async_index(
            time_of_stamp(msg["start"]), time_of_stamp(msg["end"])
        )
    except ArchiveError as error:
        async_send_archive_error(connection, msg, error)
        return
    connection.send_result(
        msg["id"],
        {
            "times": [_stamp(time) for time in index.times],
            "before": index.before and _stamp(index.before),
            "after": index.after and _stamp(index.after),
        },
    )


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/archive_image",
        vol.Required("node"): str,
        vol.Required("time"): STAMP,
    }
)
@async_response
async def _archive_image(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send the image started at a time, with ambient and threshold at its end."""
    node = async_requested_node(hass, connection, msg)
    time = time_of_stamp(msg["time"])
    try:
        archived = await node.archive.async_newest(time)
    except ArchiveError as error:
        async_send_archive_error(connection, msg, error)
        return
    if archived is None or archived.image.started_at != time:
        connection.send_error(msg["id"], ERR_NOT_FOUND, "There is no such image")
        return
    image = node.config.options.corrected(archived.image, archived.ambient)
    connection.send_result(
        msg["id"],
        {
            "image": image_as_dict(image, node.config.options),
            "ambient": archived.ambient,
            "threshold": archived.threshold,
        },
    )


@callback
def async_send_archive_error(
    connection: ActiveConnection, msg: dict[str, Any], error: ArchiveError
) -> None:
    """Send that the archive cannot be read, with a translated text."""
    connection.send_error(
        msg["id"],
        ERR_HOME_ASSISTANT_ERROR,
        str(error),
        translation_domain=DOMAIN,
        translation_key=error.key,
        translation_placeholders={"error": str(error)},
    )


@callback
def async_requested_node(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> BatteryNode:
    """Return the requested node.

    Raises Unauthorized if the user may not see it, and also if there is no such node: a
    user without permission cannot find out which nodes exist.
    """
    node = async_get_node(hass, msg["node"])
    if node and allowed(
        hass, connection.user.permissions, node.subentry_id, POLICY_READ
    ):
        return node
    raise Unauthorized(permission=POLICY_READ)


def time_of_stamp(stamp: int) -> datetime:
    """Return the time of a stamp: whole ms since 1970."""
    return _EPOCH + stamp * _MILLISECOND


def _stamp(time: datetime) -> int:
    return (time - _EPOCH) // _MILLISECOND
