"""Numbers of applications, nodes and images on the system information page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .api.lookup import async_loaded_nodes
from .archive import ArchiveError
from .const import DOMAIN


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register the information."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    nodes = list(async_loaded_nodes(hass))
    info: dict[str, Any] = {
        "applications": len(hass.config_entries.async_loaded_entries(DOMAIN)),
        "nodes": len(nodes),
        "nodes_connected": sum(node.record.presence.connected for node in nodes),
        "nodes_silent": sum(node.record.presence.silent for node in nodes),
    }
    try:
        sizes = [await node.archive.async_size() for node in nodes]
    except ArchiveError as error:
        return {**info, "images_archived": {"type": "failed", "error": error.key}}
    return {**info, "images_archived": sum(size.images for size in sizes)}
