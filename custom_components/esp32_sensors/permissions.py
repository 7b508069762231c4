"""Who may see a board, and who may have it do something."""

from homeassistant.auth.permissions import AbstractPermissions
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components.switch.const import DOMAIN as SWITCH_DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from .boards import Board
from .const import DOMAIN
from .network import Network


def allowed(
    hass: HomeAssistant,
    permissions: AbstractPermissions,
    network: Network,
    board: Board,
    policy: str,
) -> bool:
    """Tell whether a person may see a board, or have it do something.

    Who may see and switch its LED may see the board and switch.
    """
    if permissions.access_all_entities(policy):
        return True
    led = er.async_get(hass).async_get_entity_id(
        SWITCH_DOMAIN, DOMAIN, f"{network.entry.entry_id}_{board.mac}_led"
    )
    return led is not None and permissions.check_entity(led, policy)


async def async_check_caller(
    call: ServiceCall, network: Network, board: Board, policy: str = POLICY_CONTROL
) -> None:
    """Raise ``Unauthorized`` or ``UnknownUser`` if who calls an action may not.

    An automation has no user, and may.
    """
    user_id = call.context.user_id
    if user_id is None:
        return
    user = await call.hass.auth.async_get_user(user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    if not allowed(call.hass, user.permissions, network, board, policy):
        raise Unauthorized(context=call.context, permission=policy)
