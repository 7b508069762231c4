"""WebSocket commands of the alarm log: alarms by page, and those of a span of time."""

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import ERR_INVALID_FORMAT
from homeassistant.components.websocket_api.decorators import (
    async_response,
    websocket_command,
)
from homeassistant.core import HomeAssistant, callback

from ..archive import ArchiveError, NodeAlarm, Place, stamp, time_of
from ..const import DOMAIN
from ..device.alarm_log import get_alarm_log
from ..device.node_archive import async_archive_threads
from ..thermal.alarm_kinds import LOG_KINDS
from ..thermal.logged_alarm import LoggedAlarm
from .archive_websocket import STAMP, async_requested_node, async_send_archive_error
from .lookup import async_loaded_nodes
from .permissions import allowed

# Alarms of a page at most, and those of one span.
_MOST: Final = 100
_MOST_OF_SPAN: Final = 1000

_TIMES: Final = (
    "since",
    "peak_at",
    "ended_at",
    "begin_image",
    "peak_image",
    "end_image",
    "acknowledged_at",
)


@callback
def async_setup_alarm_websocket(hass: HomeAssistant) -> None:
    """Register the commands."""
    async_register_command(hass, _alarms)
    async_register_command(hass, _alarms_between)


def alarm_as_dict(alarm: LoggedAlarm) -> dict[str, Any]:
    """Return an alarm as JSON: °C, K or K/min, times in ms since 1970."""
    return {
        "id": alarm.alarm_id,
        "kind": alarm.kind,
        "quantity": LOG_KINDS[alarm.kind].quantity,
        "level": alarm.level,
        "area": alarm.area,
        "area_key": alarm.area_key,
        "certain": alarm.certain,
        "peak": alarm.peak,
        "over_range": alarm.over_range,
        "acknowledged": alarm.acknowledged,
        "acknowledged_by": alarm.acknowledged_by,
        "note": alarm.note,
        **{
            name: None if (time := getattr(alarm, name)) is None else stamp(time)
            for name in _TIMES
        },
    }


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/alarms",
        vol.Optional("node"): str,
        vol.Optional("count", default=20): vol.All(int, vol.Range(min=1, max=_MOST)),
        vol.Optional("before"): str,
    }
)
@async_response
async def _alarms(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send alarms, newest first, of one node or of all that the user may see.

    `next` is what to send as `before` for the page after it; None: this is the last.
    """
    if "node" in msg:
        nodes = [async_requested_node(hass, connection, msg)]
    else:
        nodes = [
            node
            for node in async_loaded_nodes(hass)
            if allowed(hass, connection.user.permissions, node.subentry_id, POLICY_READ)
        ]
    try:
        before = _place(msg["before"]) if "before" in msg else None
    except ValueError, OverflowError:
        connection.send_error(msg["id"], ERR_INVALID_FORMAT, "before is not a page")
        return
    # Dashboards ask as soon as something has changed.
    for node in nodes:
        await node.alarm_log.async_written()
    controlled = {
        node.subentry_id: allowed(
            hass, connection.user.permissions, node.subentry_id, POLICY_CONTROL
        )
        for node in nodes
    }
    page = partial(get_alarm_log(hass).page, [*controlled], msg["count"], before)
    try:
        found = await async_archive_threads(hass).async_read(page)
    except ArchiveError as error:
        async_send_archive_error(connection, msg, error)
        return
    connection.send_result(
        msg["id"],
        {
            "alarms": list(_with_nodes(found, controlled)),
            "next": _cursor(found[-1]) if len(found) == msg["count"] else None,
        },
    )


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/alarms_between",
        vol.Required("node"): str,
        vol.Required("start"): STAMP,
        vol.Required("end"): STAMP,
    }
)
@async_response
async def _alarms_between(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send the alarms that were open from `start` on and before `end`, oldest first."""
    node = async_requested_node(hass, connection, msg)
    try:
        found = await node.alarm_log.async_between(
            time_of(msg["start"]), time_of(msg["end"])
        )
    except ArchiveError as error:
        async_send_archive_error(connection, msg, error)
        return
    connection.send_result(
        msg["id"],
        {"alarms": [alarm_as_dict(alarm) for alarm in found[-_MOST_OF_SPAN:]]},
    )


def _with_nodes(
    found: Iterable[NodeAlarm], controlled: dict[str, bool]
) -> Iterable[dict[str, Any]]:
    """Yield alarms with their nodes, and whether the user may acknowledge them."""
    for node, alarm in found:
        yield alarm_as_dict(alarm) | {"node": node, "control": controlled[node]}


def _cursor(last: NodeAlarm) -> str:
    return f"{stamp(last.alarm.since)} {last.node} {last.alarm.alarm_id}"


def _place(cursor: str) -> Place:
    """Return the place that `_cursor` wrote. Raises ValueError or OverflowError."""
    since, node, alarm_id = cursor.split(" ", 2)
    return Place(time_of(int(since)), alarm_id, node)
