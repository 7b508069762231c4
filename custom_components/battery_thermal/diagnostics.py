"""Diagnostics: what is known of an application and its nodes, without the key."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant

from .archive import ArchiveError
from .device.battery_node import BatteryNode
from .hub import BatteryThermalConfigEntry
from .lorawan.factory import server_type_of


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> dict[str, Any]:
    """Return what is known of an application and its nodes."""
    # Those of Home Assistant's own MQTT integration leave out the user name as well.
    secrets = server_type_of(entry.data).secrets | {CONF_USERNAME}
    return {
        "entry": async_redact_data(dict(entry.data), secrets),
        "options": dict(entry.options),
        "failures": dict(entry.runtime_data.failures.counts),
        "rejected": dict(entry.runtime_data.rejected),
        "nodes": {
            node.config.device_id: {
                "settings": dict(entry.subentries[node.subentry_id].data),
                **_node(node),
                "archive": await _async_archive(node),
            }
            for node in entry.runtime_data.nodes.values()
        },
    }


def _node(node: BatteryNode) -> dict[str, Any]:
    image = node.record.images.image
    return {
        "connected": node.record.presence.connected,
        "silent": node.record.presence.silent,
        "silent_after": node.record.images.silent_after.total_seconds(),
        "layout": node.record.images.layout,
        "line_position": node.record.images.line_position,
        "catch_up": node.record.missed.outcome,
        "rejected": dict(node.record.rejected),
        "notices": dict(node.record.notices),
        "encrypted": node.record.encrypted,
        "suspect_images": node.record.images.suspect_images,
        "ambient": node.record.images.ambient,
        "fan": node.record.images.fan,
        "delivery": node.record.delivery.as_dict(),
        "traffic": node.record.traffic.as_dict(),
        # Where gateways are can be looked up by their ids.
        "link": node.record.traffic.link
        and async_redact_data(asdict(node.record.traffic.link), {"gateway"}),
        "image": image
        and {
            "mode": image.mode,
            "maximum": image.maximum,
            "minimum": image.minimum,
            "missing_lines": list(image.missing_lines),
            "started_at": image.started_at.isoformat(),
            "updated_at": image.updated_at.isoformat(),
            "closed": image.closed,
            "suspect": image.suspect,
            "simulated": node.record.images.simulated,
            "over_range": int(image.over_range.sum()),
            "doubtful": int(image.doubtful.sum()),
        },
        "correction": asdict(node.config.options.correction),
        "drift": node.record.images.drift.as_dict(),
        "watch": {
            **node.record.watch.as_dict(),
            "rise": node.record.watch.rise,
            "fan_reason": node.record.watch.fan_reason,
            "areas": [asdict(area) for area in node.record.watch.areas],
            "hottest_cell": node.record.watch.hottest
            and node.record.watch.hottest.name,
        },
    }


async def _async_archive(node: BatteryNode) -> dict[str, Any]:
    """Return how much of a node is archived, and how much may be."""
    bounds = {"limits": asdict(node.config.options.bounds)}
    try:
        size = await node.archive.async_size()
    except ArchiveError as error:
        return {**bounds, "error": str(error)}
    return {**bounds, **asdict(size)}
