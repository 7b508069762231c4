"""Numbers of boards and messages on the system information page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .hub.network import NetworkConfigEntry


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register the information."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    entries: list[NetworkConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    statistics = [entry.runtime_data.statistics for entry in entries]
    return {
        "networks": len(entries),
        "boards_known": sum(network.boards_known for network in statistics),
        "boards_online": sum(network.boards_online for network in statistics),
        "messages_discarded": sum(network.discarded.total() for network in statistics),
    }
