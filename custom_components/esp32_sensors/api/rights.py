"""Follow whether a viewer of a subscription still has the right to what it is sent.

The source of this module is common/python; script/sync writes the copies.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.auth import EVENT_USER_REMOVED, EVENT_USER_UPDATED
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

#: What changes who may see a device, or whether anybody does.
_OF_DEVICES: Final = frozenset({"area_id", "disabled_by"})
_OF_ENTITIES: Final = frozenset({"area_id", "device_id", "entity_id"})


@callback
def async_follow_rights(
    hass: HomeAssistant,
    connection: ActiveConnection,
    changed: CALLBACK_TYPE,
    ended: CALLBACK_TYPE,
) -> CALLBACK_TYPE:
    """Follow the rights of who is connected; return how to stop.

    ``changed`` is called when rights, devices or entities changed in a way that may matter
    to what the viewer may see. ``ended`` is called when the user was deleted or deactivated,
    or the token of the connection was revoked.
    """
    user = connection.user

    @callback
    def user_filter(data: Mapping[str, Any]) -> bool:
        return bool(data["user_id"] == user.id)

    @callback
    def user_updated(_event: Event) -> None:
        (changed if user.is_active else ended)()

    @callback
    def user_removed(_event: Event) -> None:
        ended()

    @callback
    def token_revoked() -> None:
        # Home Assistant goes through its set of callbacks now, and ``ended`` will stop this
        # one.
        hass.loop.call_soon(end_after_revocation)

    @callback
    def end_after_revocation() -> None:
        if stops:
            ended()

    @callback
    def device_filter(data: dr.EventDeviceRegistryUpdatedData) -> bool:
        return data["action"] == "update" and not _OF_DEVICES.isdisjoint(
            data["changes"]
        )

    @callback
    def entity_filter(data: er.EventEntityRegistryUpdatedData) -> bool:
        return data["action"] == "remove" or (
            data["action"] == "update" and not _OF_ENTITIES.isdisjoint(data["changes"])
        )

    @callback
    def registry_updated(_event: Event[Any]) -> None:
        changed()

    listen = hass.bus.async_listen
    stops: list[Callable[[], None]] = [
        listen(EVENT_USER_UPDATED, user_updated, event_filter=user_filter),
        listen(EVENT_USER_REMOVED, user_removed, event_filter=user_filter),
        listen(
            dr.EVENT_DEVICE_REGISTRY_UPDATED,
            registry_updated,
            event_filter=device_filter,
        ),
        listen(
            er.EVENT_ENTITY_REGISTRY_UPDATED,
            registry_updated,
            event_filter=entity_filter,
        ),
    ]
    if connection.refresh_token_id is not None:
        stops.append(
            hass.auth.async_register_revoke_token_callback(
                connection.refresh_token_id, token_revoked
            )
        )

    @callback
    def stop() -> None:
        while stops:
            stops.pop()()

    return stop
