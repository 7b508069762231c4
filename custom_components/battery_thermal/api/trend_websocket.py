"""WebSocket command of trends: curves of areas and places over a span of time."""

from typing import Any, Final

import probatio as vol

from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import ERR_INVALID_FORMAT
from homeassistant.components.websocket_api.decorators import (
    async_response,
    websocket_command,
)
from homeassistant.core import HomeAssistant, callback

from ..archive import ArchiveError
from ..const import DOMAIN
from ..device.area_options import MOST_AREAS
from ..model.mode import HEIGHT, WIDTH
from ..thermal.curve import Curve, Point
from .archive_websocket import (
    STAMP,
    async_requested_node,
    async_send_archive_error,
    time_of_stamp,
)

_KEYS: Final = vol.All([str], vol.Length(max=MOST_AREAS))


@callback
def async_setup_trend_websocket(hass: HomeAssistant) -> None:
    """Register the command."""
    async_register_command(hass, _trend)


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/trend",
        vol.Required("node"): str,
        vol.Required("start"): STAMP,
        vol.Required("end"): STAMP,
        vol.Optional("areas", default=list): _KEYS,
        vol.Optional("median_of"): str,
        vol.Optional("spot"): vol.ExactSequence(
            [
                vol.All(int, vol.Range(min=0, max=HEIGHT - 1)),
                vol.All(int, vol.Range(min=0, max=WIDTH - 1)),
            ]
        ),
    }
)
@async_response
async def _trend(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send curves of the images started from `start` on and before `end`.

    A curve has at most 500 points: when the hottest of some images was started (ms since
    1970), and the lowest, the mean and the highest of their values in °C; null where there
    is a gap. `areas`: by key. `median`: of the areas of the kind of `median_of`. `spot`:
    of row and column of the sensor. `hidden` (areas by key, and spot): when images were
    started in which something there may be far hotter than all values, which are not in
    the curve. `complete`: false while the archive is read anew, because areas or
    corrections have changed.
    """
    node = async_requested_node(hass, connection, msg)
    known = {area.key for area in node.config.options.counted_areas}
    keys = set(msg["areas"]) | {msg[key] for key in ("median_of",) if key in msg}
    if msg["start"] >= msg["end"] or not keys <= known:
        connection.send_error(msg["id"], ERR_INVALID_FORMAT, "No such span or area")
        return
    spot = msg.get("spot")
    try:
        found = await node.curves.async_read(
            time_of_stamp(msg["start"]),
            time_of_stamp(msg["end"]),
            msg["areas"],
            median_of=msg.get("median_of"),
            spot=spot and (spot[0], spot[1]),
        )
    except ArchiveError as error:
        async_send_archive_error(connection, msg, error)
        return
    connection.send_result(
        msg["id"],
        {
            "areas": {key: curve.points for key, curve in found.areas.items()},
            "median": _points(found.median),
            "spot": _points(found.spot),
            "hidden": {
                "areas": {key: curve.hidden for key, curve in found.areas.items()},
                "spot": found.spot.hidden if found.spot else [],
            },
            "complete": found.complete,
        },
    )


def _points(curve: Curve | None) -> list[Point | None] | None:
    return None if curve is None else curve.points
