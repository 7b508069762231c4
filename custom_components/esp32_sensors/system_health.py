"""The networks at a glance, on the system's information page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .network import NetworkConfigEntry


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Offer the information."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    entries: list[NetworkConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    networks = [entry.runtime_data for entry in entries]
    return {
        "networks": len(networks),
        "boards_known": sum(len(network.registry.boards) for network in networks),
        "boards_online": sum(network.boards_online for network in networks),
        "messages_discarded": sum(network.discarded.total() for network in networks),
    }
