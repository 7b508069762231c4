"""The boards in the target of an action, and the permissions of its caller."""

from typing import NamedTuple

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..core.boards import Board
from ..hub.network import Network, NetworkConfigEntry
from .permissions import async_check_caller
from .target import TargetDevice, async_target_devices, is_aimed_at_all


class TargetBoard(NamedTuple):
    """A board in the target of an action."""

    device: dr.DeviceEntry
    network: Network
    board: Board


async def async_target_boards(call: ServiceCall, policy: str) -> list[TargetBoard]:
    """Return the boards in the target of an action; at least one.

    A device that the caller named must be a usable board. Areas, floors, labels and
    groups stand for their usable boards.

    Raises ``ServiceValidationError`` when a named device is no board or is disabled, or
    when no board is left; ``Unauthorized`` and ``UnknownUser`` when the caller lacks the
    permission. With ``entity_id: all``, boards without permission are left out.
    """
    targets = []
    for one in async_target_devices(call.hass, DOMAIN, call.data):
        target = _board(call.hass, one)
        if target is None and one.named:
            raise _refused("no_board", device=_name(one))
        if target is None:
            continue
        if target.device.disabled:
            if one.named:
                raise _refused("board_disabled", name=_name(one))
            continue
        try:
            await async_check_caller(call, target.network, target.board, policy)
        except Unauthorized:
            if is_aimed_at_all(call.data):
                continue
            raise
        targets.append(target)
    if not targets:
        raise _refused("no_board_in_target")
    return targets


def _board(hass: HomeAssistant, one: TargetDevice) -> TargetBoard | None:
    entry: NetworkConfigEntry | None
    device, entry = dr.async_get_device_and_config_entry_for_domain(
        hass, one.device_id, domain=DOMAIN, include_child_devices=False
    )
    if device is None or entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    network = entry.runtime_data
    board = network.devices.board_of(device)
    return None if board is None else TargetBoard(device, network, board)


def _name(one: TargetDevice) -> str:
    device = one.device
    return (device and (device.name_by_user or device.name)) or one.device_id


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
