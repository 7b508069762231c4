"""Permissions of users on boards and networks."""

from homeassistant.auth.permissions import AbstractPermissions
from homeassistant.components.switch.const import DOMAIN as SWITCH_DOMAIN
from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..core.boards import Board
from ..hub.network import Network


def allowed(
    hass: HomeAssistant,
    permissions: AbstractPermissions,
    network: Network,
    board: Board,
    policy: str,
) -> bool:
    """Return whether a user may read or control a board.

    The permissions on a board are those on the switch of its LED.
    """
    if permissions.access_all_entities(policy):
        return True
    led = er.async_get(hass).async_get_entity_id(
        SWITCH_DOMAIN, DOMAIN, f"{network.entry.entry_id}_{board.mac}_led"
    )
    return led is not None and permissions.check_entity(led, policy)


async def async_check_caller(
    call: ServiceCall, network: Network, board: Board, policy: str
) -> None:
    """Raise ``Unauthorized`` or ``UnknownUser`` if the caller may not use a board.

    Automations have no user and may use all boards.
    """
    user_id = call.context.user_id
    if user_id is None:
        return
    user = await call.hass.auth.async_get_user(user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    if not allowed(call.hass, user.permissions, network, board, policy):
        raise Unauthorized(context=call.context, permission=policy)


async def async_check_administrator(
    hass: HomeAssistant, context: Context | None
) -> None:
    """Raise ``Unauthorized`` or ``UnknownUser`` unless an administrator is the caller.

    The rules are those of ``service.async_register_admin_service``, which there is for
    actions and not for buttons: automations have no user and are permitted.
    """
    if context is None or context.user_id is None:
        return
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context)
    if not user.is_admin:
        raise Unauthorized(context=context)
