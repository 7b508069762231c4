"""Actions: renaming a board, switching its LED, what is known of it."""

from typing import Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from .boards import Board, Readings
from .const import DOMAIN
from .network import Network, NetworkConfigEntry
from .permissions import async_check_caller

SERVICE_RENAME_BOARD: Final = "rename_board"
SERVICE_SET_LED: Final = "set_led"
SERVICE_GET_LAST_VALUES: Final = "get_last_values"

ATTR_LED: Final = "led"


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    # As a device, which only administrators may rename.
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_RENAME_BOARD,
        _async_rename_board,
        vol.Schema(
            {vol.Required(ATTR_DEVICE_ID): cv.string, vol.Optional(ATTR_NAME): str}
        ),
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_SET_LED,
        _async_set_led,
        vol.Schema(
            {
                vol.Required(ATTR_DEVICE_ID): cv.string,
                vol.Required(ATTR_LED): cv.boolean,
            }
        ),
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_LAST_VALUES,
        _async_get_last_values,
        vol.Schema({vol.Required(ATTR_DEVICE_ID): cv.string}),
        SupportsResponse.ONLY,
    )


async def _async_rename_board(call: ServiceCall) -> None:
    """Name a board as asked, or as its device is called in Home Assistant."""
    device, network, board = _board(call)
    name = call.data.get(ATTR_NAME) or device.name_by_user or device.name
    await network.async_rename(board, str(name))


async def _async_set_led(call: ServiceCall) -> None:
    """Switch a LED; an error if its board is offline.

    Home Assistant leaves out entities that are unavailable, without a word: the actions
    of the switch cannot tell an automation that nothing was switched.
    """
    _, network, board = _board(call)
    await async_check_caller(call, network, board)
    await network.leds.async_switch(board, call.data[ATTR_LED])


async def _async_get_last_values(call: ServiceCall) -> ServiceResponse:
    """Return what is known of a board; values of LED, button and light newest first."""
    _, network, board = _board(call)
    await async_check_caller(call, network, board, POLICY_READ)
    return {
        "name": board.session.name,
        "mac": board.mac,
        "online": board.online,
        # Its first session's id is this time to the microsecond.
        "joined_at": _moment(int(board.joined_at)),
        "last_seen": _moment(board.last_seen),
        "led": _values(board.led_readings, switched=True),
        "button": _values(board.button_readings, switched=True),
        "light": _values(board.light_readings),
    }


def _values(readings: Readings, switched: bool = False) -> JsonValueType:
    return [
        {
            "time": _moment(time),
            "value": bool(value) if switched else value,
        }
        for time, value in reversed(list(readings))
    ]


def _moment(time: float | None) -> str | None:
    return None if time is None else dt_util.utc_from_timestamp(time).isoformat()


def _board(call: ServiceCall) -> tuple[dr.DeviceEntry, Network, Board]:
    """Find the board that is meant; raise ``ServiceValidationError`` if there is none."""
    device_id = call.data[ATTR_DEVICE_ID]
    device = dr.async_get(call.hass).async_get(device_id)
    if isinstance(device, dr.DeviceEntry):
        entry: NetworkConfigEntry | None
        entry = call.hass.config_entries.async_get_entry(device.config_entry_id)
        if (
            entry is not None
            and entry.domain == DOMAIN
            and entry.state is ConfigEntryState.LOADED
            and (board := entry.runtime_data.board_of(device)) is not None
        ):
            return device, entry.runtime_data, board
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_board",
        translation_placeholders={"device": device_id},
    )
