"""The archive for dashboards: which images there are, and one of them."""

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

from .archive import ArchiveError
from .battery_node import BatteryNode
from .const import DOMAIN
from .coordinator import BatteryThermalConfigEntry
from .permissions import allowed
from .wire import image_as_dict

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

# Times are whole ms since 1970, as the archive has them; the last one is in 9999.
_STAMP: Final = vol.All(int, vol.Range(min=0, max=253_402_300_799_999))


@callback
def async_setup_archive_websocket(hass: HomeAssistant) -> None:
    """Register the commands."""
    async_register_command(hass, _archive_index)
    async_register_command(hass, _archive_image)


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/archive_index",
        vol.Required("node"): str,
        vol.Required("start"): _STAMP,
        vol.Required("end"): _STAMP,
    }
)
@async_response
async def _archive_index(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer which images were started from `start` on and before `end`."""
    node = _node(hass, connection, msg)
    try:
        index = await node.archive.async_index(_time(msg["start"]), _time(msg["end"]))
    except ArchiveError as error:
        _refuse(connection, msg, error)
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
        vol.Required("time"): _STAMP,
    }
)
@async_response
async def _archive_image(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer the image that was started at a time, and how it was around it."""
    node = _node(hass, connection, msg)
    time = _time(msg["time"])
    try:
        kept = await node.archive.async_newest(time)
    except ArchiveError as error:
        _refuse(connection, msg, error)
        return
    if kept is None or kept.image.started_at != time:
        connection.send_error(msg["id"], ERR_NOT_FOUND, "There is no such image")
        return
    image = node.options.corrected(kept.image, kept.ambient)
    connection.send_result(
        msg["id"],
        {
            "image": image_as_dict(image, node.options),
            "ambient": kept.ambient,
            "threshold": kept.threshold,
        },
    )


def _refuse(
    connection: ActiveConnection, msg: dict[str, Any], error: ArchiveError
) -> None:
    """Answer that the archive cannot be read, to be said in the viewer's language."""
    connection.send_error(
        msg["id"],
        ERR_HOME_ASSISTANT_ERROR,
        str(error),
        translation_domain=DOMAIN,
        translation_key="archive_failed",
        translation_placeholders={"error": str(error)},
    )


def _node(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> BatteryNode:
    """Return the node that is asked about.

    Raises Unauthorized, for who may not see it, and as well where there is no such node:
    that is for nobody to find out.
    """
    entry: BatteryThermalConfigEntry
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        for node in entry.runtime_data.nodes.values():
            if node.subentry_id == msg["node"] and allowed(
                hass, connection.user.permissions, node.subentry_id, POLICY_READ
            ):
                return node
    raise Unauthorized(permission=POLICY_READ)


def _time(stamp: int) -> datetime:
    return _EPOCH + stamp * _MILLISECOND


def _stamp(time: datetime) -> int:
    return (time - _EPOCH) // _MILLISECOND
