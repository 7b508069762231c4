"""Action `acknowledge_alarm`: note that somebody has seen alarms."""

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
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonValueType

from ..archive import ArchiveError
from ..const import DOMAIN
from ..device.archive_issues import archive_failed
from ..device.battery_node import BatteryNode
from ..thermal.alarm_kinds import LogKind
from ..thermal.logged_alarm import LONGEST_NOTE, LoggedAlarm
from .actions import response_of
from .target import target_schema
from .target_nodes import async_target_nodes

SERVICE_ACKNOWLEDGE_ALARM: Final = "acknowledge_alarm"

ATTR_ALARM: Final = "alarm"
ATTR_BY: Final = "by"
ATTR_KIND: Final = "kind"
ATTR_NOTE: Final = "note"

# Characters of a name: as long as those that are read from the archive.
_LONGEST_NAME: Final = 200

_SCHEMA = target_schema(
    {
        vol.Optional(ATTR_KIND): vol.All(cv.ensure_list, [vol.Coerce(LogKind)]),
        vol.Optional(ATTR_ALARM): cv.string,
        vol.Optional(ATTR_NOTE): vol.All(cv.string, vol.Length(max=LONGEST_NOTE)),
        vol.Optional(ATTR_BY): vol.All(cv.string, vol.Length(max=_LONGEST_NAME)),
    }
)


@callback
def async_setup_alarm_services(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_ACKNOWLEDGE_ALARM,
        _async_acknowledge,
        schema=_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_acknowledge(call: ServiceCall) -> ServiceResponse:
    """Acknowledge alarms of each node, and return them.

    The response is that of one device targeted by its id; otherwise `nodes` has them by
    device id. To acknowledge where there is nothing to acknowledge is no error, unless
    an alarm was named: a phone may be late.
    """
    targets = await async_target_nodes(call, POLICY_CONTROL)
    by = await _async_name(call)
    found = {
        target.device.id: await _async_of_node(call, target.node, by)
        for target in targets
    }
    if ATTR_ALARM in call.data and not any(found.values()):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_alarm",
            translation_placeholders={"node": targets[0].node.config.name},
        )
    answers: dict[str, dict[str, JsonValueType]] = {
        device_id: {"acknowledged": [alarm.alarm_id for alarm in alarms]}
        for device_id, alarms in found.items()
    }
    return response_of(call, answers)


async def _async_of_node(
    call: ServiceCall, node: BatteryNode, by: str | None
) -> list[LoggedAlarm]:
    try:
        return await node.alarm_log.async_acknowledge(
            by,
            call.data.get(ATTR_NOTE),
            kinds=call.data.get(ATTR_KIND),
            alarm_id=call.data.get(ATTR_ALARM),
        )
    except ArchiveError as error:
        raise archive_failed(error) from error


async def _async_name(call: ServiceCall) -> str | None:
    """Return the name of who acknowledges.

    An automation, which has no user, may say for whom it does so; a user may not.
    """
    if call.context.user_id is None:
        name: str | None = call.data.get(ATTR_BY)
        return name
    user = await call.hass.auth.async_get_user(call.context.user_id)
    return None if user is None else user.name
