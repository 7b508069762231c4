"""Permissions of users to see a node's images and to change its settings."""

from typing import Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions import AbstractPermissions
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.image.const import DOMAIN as IMAGE_DOMAIN
from homeassistant.components.select.const import DOMAIN as SELECT_DOMAIN
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.http import current_request

from ..const import DOMAIN

#: The entities whose permissions hold for the node: who may read the picture may read all
#: images, who may control the mode may change all settings.
_ENTITIES: Final = {
    POLICY_READ: (IMAGE_DOMAIN, "thermal"),
    POLICY_CONTROL: (SELECT_DOMAIN, "mode"),
}


def allowed(
    hass: HomeAssistant, permissions: AbstractPermissions, node_id: str, policy: str
) -> bool:
    """Return whether a user may see a node, or change its settings.

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
    """Raise ``Unauthorized`` or ``UnknownUser`` if the caller of an action may not.

    An automation has no user, and is allowed.
    """
    user_id = call.context.user_id
    if user_id is None:
        return
    user = await call.hass.auth.async_get_user(user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    if not allowed(call.hass, user.permissions, node_id, policy):
        raise Unauthorized(context=call.context, permission=policy)


def asking_user() -> User | None:
    """Return the user of the current WebSocket or HTTP request; None without one.

    For interfaces of Home Assistant that do not pass the user. Tasks that are started by a
    request have its user too.
    """
    if connection := current_connection.get():
        return connection.user
    request = current_request.get()
    return None if request is None else request.get(KEY_HASS_USER)
