"""Diagnostics: what helps to find a fault, and no key."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_API_KEY
from homeassistant.core import HomeAssistant

from .archive import ArchiveError
from .battery_node import BatteryNode
from .coordinator import BatteryThermalConfigEntry

TO_REDACT = {CONF_API_KEY}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> dict[str, Any]:
    """Return what is known of an application and its nodes."""
    return {
        "entry": async_redact_data(dict(entry.data), TO_REDACT),
        "options": dict(entry.options),
        "failures": dict(entry.runtime_data.failures),
        "nodes": {
            node.device_id: {
                "settings": dict(entry.subentries[node.subentry_id].data),
                **_node(node),
                "archive": await _async_archive(node),
            }
            for node in entry.runtime_data.nodes.values()
        },
    }


def _node(node: BatteryNode) -> dict[str, Any]:
    image = node.image
    return {
        "connected": node.connected,
        "silent": node.silent,
        "silent_after": node.silent_after.total_seconds(),
        "layout": node.layout,
        "line_position": node.line_position,
        "catch_up": node.catch_up,
        "rejected": dict(node.rejected),
        "suspect_images": node.suspect_images,
        "ambient": node.ambient,
        "fan": node.fan,
        "delivery": node.delivery.as_dict(),
        "traffic": node.traffic.as_dict(),
        "link": node.traffic.link and asdict(node.traffic.link),
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
        },
        "correction": asdict(node.options.correction),
        "watch": {
            **node.watch.as_dict(),
            "rise": node.watch.rise,
            "cells": [asdict(cell) for cell in node.watch.cells],
            "hottest_cell": node.watch.hottest and node.watch.hottest.name,
        },
    }


async def _async_archive(node: BatteryNode) -> dict[str, Any]:
    """Return how much is kept of a node, and how much of it may be."""
    bounds = {"limits": asdict(node.options.bounds)}
    try:
        figures = await node.archive.async_figures()
    except ArchiveError as error:
        return {**bounds, "error": str(error)}
    return {**bounds, **asdict(figures)}
