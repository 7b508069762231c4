"""The devices that an action is aimed at, by themselves or by entity, area, floor or label.

The source of this module is common/python; script/sync writes the copies.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import probatio as vol

from homeassistant.const import (
    ATTR_AREA_ID,
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    ATTR_FLOOR_ID,
    ATTR_LABEL_ID,
    ENTITY_MATCH_ALL,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
    target,
)

_KEYS: Final = (
    ATTR_ENTITY_ID,
    ATTR_DEVICE_ID,
    ATTR_AREA_ID,
    ATTR_FLOOR_ID,
    ATTR_LABEL_ID,
)


class TargetDevice(NamedTuple):
    """One device that an action is aimed at."""

    device_id: str
    device: dr.DeviceEntry | None
    """None when there is no such device in Home Assistant."""
    named: bool
    """Whether the caller named this very device, not an entity or a group of devices."""


def target_schema(fields: Mapping[Any, Any]) -> vol.All[Any]:
    """Return the schema of an action that has a target and the given fields.

    ``device_id`` may be a list or one id, in ``target`` or in ``data``: Home Assistant
    joins the two before it validates them.
    """
    return vol.All(
        vol.Schema(
            {
                # The interface stores data of its own here.
                vol.Remove("metadata"): dict,
                **fields,
                **cv.ENTITY_SERVICE_FIELDS,
            }
        ),
        cv.has_at_least_one_key(*_KEYS),
    )


def is_aimed_at_all(data: Mapping[str, Any]) -> bool:
    """Return whether an action is aimed at ``entity_id: all``."""
    return data.get(ATTR_ENTITY_ID) == ENTITY_MATCH_ALL


def is_aimed_at_one_device(data: Mapping[str, Any]) -> bool:
    """Return whether an action is aimed at one device, by its id and nothing else.

    Its response is that device's. Any other target has one of several devices, however
    many are found, so that who reads it need not distinguish the two.
    """
    return len(data.get(ATTR_DEVICE_ID, ())) == 1 and not any(
        key in data for key in _KEYS if key != ATTR_DEVICE_ID
    )


@callback
def async_target_devices(
    hass: HomeAssistant, domain: str, data: Mapping[str, Any]
) -> list[TargetDevice]:
    """Return the devices of a domain that an action is aimed at, ordered by name.

    A device that the caller named is returned whatever its domain: to skip it silently
    would hide a mistake. ``data`` is the validated data of the action.
    """
    devices = dr.async_get(hass)
    selection = target.TargetSelection({**data})
    found: set[str] = set()
    if is_aimed_at_all(data):
        for entry in hass.config_entries.async_entries(domain):
            entries = dr.async_entries_for_config_entry(devices, entry.entry_id)
            found.update(device.id for device in entries)
    selected = target.async_extract_referenced_entity_ids(
        hass, selection, primary_entities_only=False
    )
    found |= selected.referenced_devices
    entities = er.async_get(hass)
    for entity_id in selected.referenced | selected.indirectly_referenced:
        entity = entities.async_get(entity_id)
        if entity is not None and entity.device_id is not None:
            found.add(entity.device_id)
    result = []
    for device_id in found:
        device = devices.async_get(device_id)
        if not isinstance(device, dr.DeviceEntry):
            device = None
        named = device_id in selection.device_ids
        if named or (device is not None and _is_of(hass, domain, device)):
            result.append(TargetDevice(device_id, device, named))
    return sorted(result, key=lambda one: (_name(one.device), one.device_id))


def _is_of(hass: HomeAssistant, domain: str, device: dr.DeviceEntry) -> bool:
    entry = hass.config_entries.async_get_entry(device.config_entry_id)
    return entry is not None and entry.domain == domain


def _name(device: dr.DeviceEntry | None) -> str:
    return (device and (device.name_by_user or device.name)) or ""
