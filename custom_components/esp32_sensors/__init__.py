"""ESP32 boards that speak the session protocol over MQTT."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .api.actions import async_setup_services
from .api.boards_websocket import async_setup_websocket_api
from .api.join_requests_websocket import async_setup_join_requests
from .api.many_boards import async_setup_many_boards
from .api.offered_files_view import OfferedFilesView
from .api.replacement import async_setup_replacement
from .const import DOMAIN
from .hub.network import (
    Network,
    NetworkConfigEntry,
    async_remove_stored,
    async_wait_for_mqtt,
    mqtt_unavailable,
)
from .hub.titles import async_migrate_title
from .resources import async_add_resource, async_remove_resource, async_serve

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, the WebSocket commands and the frontend modules."""
    async_setup_services(hass)
    async_setup_websocket_api(hass)
    async_setup_replacement(hass)
    async_setup_join_requests(hass)
    async_setup_many_boards(hass)
    hass.http.register_view(OfferedFilesView)
    await async_serve(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> bool:
    """Set up a network."""
    await async_add_resource(hass)
    await async_wait_for_mqtt(hass)
    network = entry.runtime_data = Network(hass, entry)
    await network.async_load()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    try:
        # Last, so that every board has its entities before messages arrive.
        await network.async_start()
    except HomeAssistantError as err:
        # MQTT was switched off meanwhile. Platforms that stay could not be set up again.
        await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
        raise mqtt_unavailable() from err
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> bool:
    """Migrate an entry of an earlier release; Home Assistant refuses later versions."""
    if entry.minor_version < 2:
        async_migrate_title(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> bool:
    """Unload a network."""
    network = entry.runtime_data
    # First: a board that joins during the unload would get entities without an owner.
    network.async_close()
    if unloaded := await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        await network.async_stop()
    else:
        network.async_reopen()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: NetworkConfigEntry) -> None:
    """Remove the files of a network that was removed."""
    await async_remove_stored(hass, entry.entry_id)
    if not hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        await async_remove_resource(hass)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: NetworkConfigEntry, device: DeviceEntry
) -> bool:
    """Remove a board whose device is deleted; the device of the network stays."""
    if (DOMAIN, entry.entry_id) in device.identifiers:
        return False
    if entry.state is not ConfigEntryState.LOADED:
        return False
    network = entry.runtime_data
    if (board := network.devices.board_of(device)) is not None:
        await network.management.async_forget(board, device)
    network.devices.async_forget_lost(device)
    return True
