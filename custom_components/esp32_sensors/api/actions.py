"""Actions: rename boards, switch their LEDs, return their last readings."""

import asyncio
from typing import Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_NAME
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..const import DOMAIN
from ..core.boards import Board
from ..core.readings import KINDS, ReadingKind
from .target import is_aimed_at_one_device, target_schema
from .target_boards import TargetBoard, async_target_boards

SERVICE_RENAME_BOARD: Final = "rename_board"
SERVICE_SET_LED: Final = "set_led"
SERVICE_GET_LAST_VALUES: Final = "get_last_values"

ATTR_LED: Final = "led"


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    # For administrators, as renaming a device is.
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_RENAME_BOARD,
        _async_rename_board,
        vol.Schema(target_schema({vol.Optional(ATTR_NAME): cv.string})),
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_SET_LED,
        _async_set_led,
        vol.Schema(target_schema({vol.Required(ATTR_LED): cv.boolean})),
        SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_LAST_VALUES,
        _async_get_last_values,
        vol.Schema(target_schema({})),
        SupportsResponse.ONLY,
    )


async def _async_rename_board(call: ServiceCall) -> None:
    """Give boards the name in the call, or the names of their devices."""
    targets = await async_target_boards(call, POLICY_CONTROL)
    name = call.data.get(ATTR_NAME)
    if name and len(targets) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="one_name_many_boards",
            translation_placeholders={"count": str(len(targets))},
        )
    for device, network, board in targets:
        await network.management.async_rename(
            board, str(name or device.name_by_user or device.name)
        )


async def _async_set_led(call: ServiceCall) -> ServiceResponse:
    """Switch LEDs; raise an error if a board is offline or does not confirm.

    A caller that asks for a response gets what became of each board instead of an error.
    The actions of the switch cannot do this: Home Assistant silently skips entities that
    are unavailable.
    """
    targets = await async_target_boards(call, POLICY_CONTROL)
    results = await asyncio.gather(
        *(
            _switching(target, call.data[ATTR_LED], alone=len(targets) == 1)
            for target in targets
        ),
        return_exceptions=True,
    )
    if call.return_response:
        return {
            "boards": {
                target.device.id: _outcome(target.board, error)
                for target, error in zip(targets, results, strict=True)
            }
        }
    failed = [
        (target.board.session.name, error)
        for target, error in zip(targets, results, strict=True)
        if error is not None
    ]
    if not failed:
        return None
    if len(failed) == 1 or not all(
        isinstance(error, HomeAssistantError) for _, error in failed
    ):
        raise failed[0][1]
    raise HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="leds_not_switched",
        translation_placeholders={
            "count": str(len(failed)),
            "all": str(len(targets)),
            "names": ", ".join(name for name, _ in failed),
        },
    )


async def _switching(target: TargetBoard, on: bool, *, alone: bool) -> None:
    """Switch the LED of a board, in its turn if there are several boards."""
    leds = target.network.leds
    switch = leds.async_switch if alone else leds.async_switch_in_turn
    await switch(target.board, on)


def _outcome(board: Board, error: BaseException | None) -> dict[str, JsonValueType]:
    """Return what became of a board; raise an error that nobody expects."""
    if error is not None and not isinstance(error, HomeAssistantError):
        raise error
    return {
        "name": board.session.name,
        "mac": board.mac,
        "switched": error is None,
        "error": None if error is None else error.translation_key,
        "message": None if error is None else str(error),
    }


async def _async_get_last_values(call: ServiceCall) -> ServiceResponse:
    """Return the last readings of boards, newest first.

    The response is the data of the board if the target is one device by its id, else
    ``boards`` with the data by device id.
    """
    targets = await async_target_boards(call, POLICY_READ)
    boards: dict[str, JsonValueType] = {
        target.device.id: _last_values(target.board) for target in targets
    }
    if is_aimed_at_one_device(call.data):
        return _last_values(targets[0].board)
    return {"boards": boards}


def _last_values(board: Board) -> dict[str, JsonValueType]:
    return {
        "name": board.session.name,
        "mac": board.mac,
        "online": board.online,
        # Without microseconds: the id of the first session is this time in microseconds.
        "joined_at": _moment(int(board.joined_at)),
        "last_seen": _moment(board.last_seen),
        "firmware": board.firmware and {**board.firmware._asdict()},
        **{kind.key: _values(board, kind) for kind in KINDS},
    }


def _values(board: Board, kind: ReadingKind) -> JsonValueType:
    return [
        {"time": _moment(time), "value": bool(value) if kind.is_binary else value}
        for time, value in reversed(list(board.readings[kind.index]))
    ]


def _moment(time: float | None) -> str | None:
    return None if time is None else dt_util.utc_from_timestamp(time).isoformat()
