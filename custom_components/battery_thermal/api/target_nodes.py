"""The nodes in the target of an action, and the permissions of its caller."""

from typing import NamedTuple

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..device.battery_node import BatteryNode
from ..hub import BatteryThermalConfigEntry
from .permissions import async_check_caller
from .target import TargetDevice, async_target_devices, is_aimed_at_all


class TargetNode(NamedTuple):
    """A node in the target of an action, with its device."""

    device: dr.DeviceEntry
    node: BatteryNode


async def async_target_nodes(call: ServiceCall, policy: str) -> list[TargetNode]:
    """Return the nodes in the target of an action; at least one.

    A device that the caller named must be a node whose entry is loaded. Of areas, floors,
    labels and groups other devices are left out.

    Raises ``ServiceValidationError`` if a named device is not a node or is disabled, or if
    no node is left, ``Unauthorized`` and ``UnknownUser`` if the caller has no permission.
    With ``entity_id: all`` nodes without permission are left out.
    """
    targets = []
    for one in async_target_devices(call.hass, DOMAIN, call.data):
        target = _node(call.hass, one)
        if target is None and one.named:
            raise _refused("not_a_node", device=_name(one))
        if target is None:
            continue
        if target.device.disabled:
            if one.named:
                raise _refused("node_disabled", node=_name(one))
            continue
        try:
            await async_check_caller(call, target.node.subentry_id, policy)
        except Unauthorized:
            if is_aimed_at_all(call.data):
                continue
            raise
        targets.append(target)
    if not targets:
        raise _refused("no_node_in_target")
    return targets


async def async_target_node(call: ServiceCall, policy: str) -> TargetNode:
    """Return the only node in the target of an action.

    Raises as ``async_target_nodes``, and if there are several.
    """
    targets = await async_target_nodes(call, policy)
    if len(targets) > 1:
        raise _refused("more_than_one_node", count=str(len(targets)))
    return targets[0]


def _node(hass: HomeAssistant, one: TargetDevice) -> TargetNode | None:
    """Return a device as a node; None if it is not one, or its entry is not loaded."""
    entry: BatteryThermalConfigEntry | None
    device, entry = dr.async_get_device_and_config_entry_for_domain(
        hass, one.device_id, domain=DOMAIN, include_child_devices=False
    )
    if device is None or entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    for node in entry.runtime_data.nodes.values():
        if (DOMAIN, node.subentry_id) in device.identifiers:
            return TargetNode(device, node)
    return None


def _name(one: TargetDevice) -> str:
    device = one.device
    return (device and (device.name_by_user or device.name)) or one.device_id


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
