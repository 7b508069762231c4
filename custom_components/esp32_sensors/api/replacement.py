"""Replacement of boards: an action, and commands for the history page."""

from typing import Any, Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import (
    async_response,
    require_admin,
    websocket_command,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..core.boards import Board
from ..core.enrolment import parse_mac
from ..core.replacement import candidates
from ..hub.network import Network, NetworkConfigEntry
from .target import target_schema
from .target_boards import async_target_boards

SERVICE_REPLACE_BOARD: Final = "replace_board"

ATTR_NEW_MAC: Final = "new_mac"

_BOARD: Final[dict[str | vol.Marker, Any]] = {
    vol.Required("network"): str,
    vol.Required("mac"): str,
}


@callback
def async_setup_replacement(hass: HomeAssistant) -> None:
    """Register the action and the commands."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_REPLACE_BOARD,
        _async_replace_board,
        vol.Schema(target_schema({vol.Required(ATTR_NEW_MAC): cv.string})),
    )
    async_register_command(hass, _candidates)
    async_register_command(hass, _replace)


async def _async_replace_board(call: ServiceCall) -> None:
    """Let the board with a MAC take the place of the target."""
    targets = await async_target_boards(call, POLICY_CONTROL)
    if len(targets) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="one_place_many_boards",
            translation_placeholders={"count": str(len(targets))},
        )
    (target,) = targets
    if (mac := parse_mac(call.data[ATTR_NEW_MAC])) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_mac",
            translation_placeholders={"mac": call.data[ATTR_NEW_MAC]},
        )
    await target.network.replacing.async_replace(target.board, mac)


@websocket_command({vol.Required("type"): f"{DOMAIN}/replacements", **_BOARD})
@require_admin
@callback
def _candidates(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send the boards that can take the place of a board.

    Each has ``mac``, and ``name``, which is None for one that waits to join.
    """
    network, board = _board(hass, msg)
    boards = network.registry.boards
    connection.send_result(
        msg["id"],
        [
            {"mac": mac, "name": boards[mac].session.name if mac in boards else None}
            for mac in candidates(network.registry, board)
        ],
    )


@websocket_command(
    {vol.Required("type"): f"{DOMAIN}/replace", **_BOARD, vol.Required("new_mac"): str}
)
@require_admin
@async_response
async def _replace(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Let a board take the place of another one."""
    network, board = _board(hass, msg)
    await network.replacing.async_replace(board, msg["new_mac"])
    connection.send_result(msg["id"])


def _board(hass: HomeAssistant, msg: dict[str, Any]) -> tuple[Network, Board]:
    """Return the board that a message is about, and its network.

    Raises ``ServiceValidationError`` when there is none.
    """
    entry: NetworkConfigEntry | None
    entry = hass.config_entries.async_get_entry(msg["network"])
    if (
        entry is None
        or entry.domain != DOMAIN
        or entry.state is not ConfigEntryState.LOADED
        or (board := entry.runtime_data.registry.boards.get(msg["mac"])) is None
    ):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_board",
            translation_placeholders={"device": msg["mac"]},
        )
    return entry.runtime_data, board
