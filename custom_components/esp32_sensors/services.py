"""Actions: renaming a board, and its last values."""

from typing import Final

import probatio as vol

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
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from .boards import Board, Reading
from .const import DOMAIN
from .network import Network, NetworkConfigEntry

SERVICE_RENAME_BOARD: Final = "rename_board"
SERVICE_GET_LAST_VALUES: Final = "get_last_values"


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_RENAME_BOARD,
        _async_rename_board,
        vol.Schema(
            {vol.Required(ATTR_DEVICE_ID): cv.string, vol.Optional(ATTR_NAME): str}
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


async def _async_get_last_values(call: ServiceCall) -> ServiceResponse:
    """Return the last values of LED, button and light, newest first."""
    _, _, board = _board(call)
    return {
        "led": _values(board.led_readings, switched=True),
        "button": _values(board.button_readings, switched=True),
        "light": _values(board.light_readings),
    }


def _values(readings: list[Reading], switched: bool = False) -> JsonValueType:
    return [
        {
            "time": dt_util.utc_from_timestamp(time).isoformat(),
            "value": bool(value) if switched else value,
        }
        for time, value in reversed(readings)
    ]


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
