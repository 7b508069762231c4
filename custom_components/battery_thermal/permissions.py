"""Who may see a node's images, and who may change its settings."""

from typing import Final

from homeassistant.auth.permissions import AbstractPermissions
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.image.const import DOMAIN as IMAGE_DOMAIN
from homeassistant.components.select.const import DOMAIN as SELECT_DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN

#: The entity that stands for a node: who may see the picture may see the images, who
#: may choose the mode may change the other settings.
_ENTITIES: Final = {
    POLICY_READ: (IMAGE_DOMAIN, "thermal"),
    POLICY_CONTROL: (SELECT_DOMAIN, "mode"),
}


def allowed(
    hass: HomeAssistant, permissions: AbstractPermissions, node_id: str, policy: str
) -> bool:
    """Tell whether a person may see a node, or change its settings.

    ``node_id`` is the id of the node's subentry.
    """
    if permissions.access_all_entities(policy):
        return True
    platform, key = _ENTITIES[policy]
    entity_id = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{node_id}_{key}"
    )
    return entity_id is not None and permissions.check_entity(entity_id, policy)


async def async_check_caller(call: ServiceCall, node_id: str, policy: str) -> None:
    """Raise ``Unauthorized`` or ``UnknownUser`` if who calls an action may not.

    An automation has no user, and may.
    """
    user_id = call.context.user_id
    if user_id is None:
        return
    user = await call.hass.auth.async_get_user(user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    if not allowed(call.hass, user.permissions, node_id, policy):
        raise Unauthorized(context=call.context, permission=policy)
