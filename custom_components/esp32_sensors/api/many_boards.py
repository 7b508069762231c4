"""WebSocket command for dashboards: do one thing with several boards."""

import asyncio
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any, Final, NamedTuple

import probatio as vol

from homeassistant.auth.permissions import AbstractPermissions
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import (
    async_response,
    websocket_command,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import area_registry as ar, device_registry as dr

from ..const import DOMAIN, MOST_BOARDS
from ..core.boards import Board
from ..hub.network import Network, NetworkConfigEntry
from .permissions import allowed


class BoardAction(StrEnum):
    """What can be done with several boards."""

    LED_ON = "led_on"
    LED_OFF = "led_off"
    IDENTIFY = "identify"
    ACCEPT = "accept"
    REFUSE = "refuse"
    SET_AREA = "set_area"
    FORGET = "forget"


#: What only administrators may do, as elsewhere in Home Assistant.
_FOR_ADMINISTRATORS: Final = frozenset(
    {BoardAction.ACCEPT, BoardAction.REFUSE, BoardAction.SET_AREA, BoardAction.FORGET}
)


class _Request(NamedTuple):
    """What is asked for one board."""

    hass: HomeAssistant
    network: Network
    mac: str
    area_id: str | None

    @property
    def board(self) -> Board:
        """Return the board; raise ``ServiceValidationError`` if it is not there."""
        board = self.network.registry.boards.get(self.mac)
        if board is None:
            raise _refused("no_board", device=self.mac)
        return board


type _Do = Callable[[_Request], Coroutine[Any, Any, None]]


async def _led_on(request: _Request) -> None:
    await request.network.leds.async_switch_in_turn(request.board, True)


async def _led_off(request: _Request) -> None:
    await request.network.leds.async_switch_in_turn(request.board, False)


async def _identify(request: _Request) -> None:
    await request.network.identification.async_identify(request.board)


async def _accept(request: _Request) -> None:
    await request.network.management.async_accept(request.mac)


async def _refuse(request: _Request) -> None:
    await request.network.management.async_refuse(request.mac)


async def _set_area(request: _Request) -> None:
    area_id = request.area_id
    if area_id and ar.async_get(request.hass).async_get_area(area_id) is None:
        raise _refused("no_area")
    device = request.network.devices.device_of(request.board)
    if device is None:
        raise _refused("no_board", device=request.mac)
    dr.async_get(request.hass).async_update_device(device.id, area_id=area_id)


async def _forget(request: _Request) -> None:
    board = request.board
    device = request.network.devices.device_of(board)
    await request.network.management.async_forget(board, device)


_DO: Final[dict[BoardAction, _Do]] = {
    BoardAction.LED_ON: _led_on,
    BoardAction.LED_OFF: _led_off,
    BoardAction.IDENTIFY: _identify,
    BoardAction.ACCEPT: _accept,
    BoardAction.REFUSE: _refuse,
    BoardAction.SET_AREA: _set_area,
    BoardAction.FORGET: _forget,
}


@callback
def async_setup_many_boards(hass: HomeAssistant) -> None:
    """Register the command."""
    async_register_command(hass, _many_boards)


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/many_boards",
        vol.Required("action"): vol.Coerce(BoardAction),
        # Keys as in esp32_sensors/subscribe_boards, also of boards that wait to join.
        vol.Required("boards"): vol.All([str], vol.Length(min=1, max=2 * MOST_BOARDS)),
        vol.Optional("area_id"): vol.Any(str, None),
    }
)
@async_response
async def _many_boards(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Do one thing with boards; answer with what went wrong, by key, null if nothing did.

    An error has the keys of an error that Home Assistant translates. Raises
    ``Unauthorized`` when the caller may not do this with boards at all.
    """
    action: BoardAction = msg["action"]
    if action in _FOR_ADMINISTRATORS and not connection.user.is_admin:
        raise Unauthorized
    area_id = msg.get("area_id")
    keys = list(dict.fromkeys(msg["boards"]))
    errors = await asyncio.gather(
        *(_async_do(hass, connection, action, key, area_id) for key in keys)
    )
    connection.send_result(msg["id"], {"errors": dict(zip(keys, errors, strict=True))})


async def _async_do(
    hass: HomeAssistant,
    connection: ActiveConnection,
    action: BoardAction,
    key: str,
    area_id: str | None,
) -> dict[str, Any] | None:
    entry_id, _, mac = key.partition("/")
    try:
        request = _Request(hass, _network(hass, entry_id, mac), mac, area_id)
        if action not in _FOR_ADMINISTRATORS:
            _check_permission(request, connection.user.permissions)
        await _DO[action](request)
    except HomeAssistantError as error:
        return {
            "message": str(error),
            "translation_domain": error.translation_domain,
            "translation_key": error.translation_key,
            "translation_placeholders": error.translation_placeholders,
        }
    return None


def _check_permission(request: _Request, permissions: AbstractPermissions) -> None:
    """Raise ``ServiceValidationError`` unless a user may control a board.

    For who may not read it either, it is no board: its name is not revealed.
    """
    hass, network, board = request.hass, request.network, request.board
    if allowed(hass, permissions, network, board, POLICY_CONTROL):
        return
    if allowed(hass, permissions, network, board, POLICY_READ):
        raise _refused("not_permitted", name=board.session.name)
    raise _refused("no_board", device=request.mac)


def _network(hass: HomeAssistant, entry_id: str, mac: str) -> Network:
    entries: list[NetworkConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        if entry.entry_id == entry_id:
            return entry.runtime_data
    raise _refused("no_board", device=mac)


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
