"""ESP32 boards that speak the session protocol over MQTT."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from .network import (
    Network,
    NetworkConfigEntry,
    async_remove_stored,
    async_wait_for_mqtt,
)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> bool:
    """Set up a network."""
    await async_wait_for_mqtt(hass)
    network = entry.runtime_data = Network(hass, entry)
    await network.async_load()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    # Last, so that every board that is heard has its entities.
    await network.async_start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> bool:
    """Unload a network."""
    if unloaded := await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        await entry.runtime_data.async_stop()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> None:
    """Forget a network that was removed."""
    await async_remove_stored(hass, entry.entry_id)
