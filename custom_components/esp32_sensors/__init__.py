"""ESP32 boards that speak the session protocol over MQTT."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .network import (
    Network,
    NetworkConfigEntry,
    async_remove_stored,
    async_wait_for_mqtt,
)
from .resources import async_add_resource, async_remove_resource, async_serve
from .services import async_setup_services
from .websocket_api import async_setup_websocket_api

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, and what dashboards need."""
    async_setup_services(hass)
    async_setup_websocket_api(hass)
    await async_serve(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> bool:
    """Set up a network."""
    await async_add_resource(hass)
    await async_wait_for_mqtt(hass)
    network = entry.runtime_data = Network(hass, entry)
    await network.async_load()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    # Last, so that every board that is heard has its entities.
    await network.async_start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> bool:
    """Unload a network."""
    network = entry.runtime_data
    # First: a board that joined from here on would get entities that belong to nobody.
    network.close()
    if unloaded := await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        await network.async_stop()
    else:
        network.reopen()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> None:
    """Forget a network that was removed."""
    await async_remove_stored(hass, entry.entry_id)
    if not hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        await async_remove_resource(hass)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: NetworkConfigEntry, device: DeviceEntry
) -> bool:
    """Forget a board whose device is deleted; the network's own device stays."""
    if (DOMAIN, entry.entry_id) in device.identifiers:
        return False
    if entry.state is not ConfigEntryState.LOADED:
        return False
    if (board := entry.runtime_data.board_of(device)) is not None:
        await entry.runtime_data.async_forget(board, device)
    return True
