"""A thermal camera on a battery bank, over LoRaWAN."""

from functools import partial

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .archive_services import async_setup_archive_services
from .archive_view import ArchiveView, async_nodes
from .archive_websocket import async_setup_archive_websocket
from .battery_node import BatteryNode, node_store, recorded_nodes
from .const import CONF_APPLICATION, DOMAIN, SUBENTRY_NODE
from .coordinator import BatteryThermalConfigEntry, Coordinator
from .issues import async_archive_gone, async_forget
from .lorawan.network_server import AccessError, NetworkServerError
from .node_archive import NodeArchive, async_kept_nodes, get_archive
from .resources import async_add_resource, async_remove_resource, async_serve
from .server import async_get_server
from .services import async_setup_services
from .websocket_api import async_setup_websocket_api

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.FAN,
    Platform.IMAGE,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, and what dashboards and notifications need."""
    async_setup_services(hass)
    async_setup_archive_services(hass)
    async_setup_websocket_api(hass)
    async_setup_archive_websocket(hass)
    hass.http.register_view(ArchiveView())
    await async_serve(hass)
    return True


async def async_setup_entry(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> bool:
    """Set up an application: its nodes' records, its network server, the entities."""
    # First of all: what is changed while this is under way would be missed.
    reload = partial(_async_reload, frozenset(entry.subentries))
    entry.async_on_unload(entry.add_update_listener(reload))
    await async_add_resource(hass)
    # Those that were removed while this was not set up.
    recorded = await hass.async_add_executor_job(recorded_nodes, hass)
    known = recorded | await async_kept_nodes(hass)
    for subentry_id in known - async_nodes(hass).keys():
        await _async_forget_node(hass, subentry_id)
    nodes = {}
    try:
        server = await async_get_server(hass, entry.data)
        for subentry in entry.get_subentries_of_type(SUBENTRY_NODE):
            node = BatteryNode(hass, entry, subentry, server)
            await node.async_load()
            nodes[node.device_id] = node
        coordinator = Coordinator(hass, entry, server, nodes)
        await coordinator.async_start()
    except AccessError as error:
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN,
            translation_key=error.key,
            translation_placeholders={"application": entry.data[CONF_APPLICATION]},
        ) from error
    except NetworkServerError as error:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key=error.key,
            translation_placeholders={"application": entry.data[CONF_APPLICATION]},
        ) from error
    for node in nodes.values():
        entry.async_on_unload(node.async_stop)
    entry.runtime_data = coordinator
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> bool:
    """Take the entities away; the records are kept."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> None:
    """Forget what was known."""
    for subentry_id in entry.subentries:
        await _async_forget_node(hass, subentry_id)
    # Discoveries that the owner wants to hear no more of are entries too.
    if not hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        await async_remove_resource(hass)
        await hass.async_add_executor_job(get_archive(hass).remove)
        async_archive_gone(hass)


async def _async_reload(
    nodes: frozenset[str], hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> None:
    """Start again with other settings or nodes, and forget nodes that are gone.

    `nodes` are the ids of the subentries that there were.
    """
    await hass.config_entries.async_reload(entry.entry_id)
    for subentry_id in nodes.difference(entry.subentries):
        await _async_forget_node(hass, subentry_id)


async def _async_forget_node(hass: HomeAssistant, subentry_id: str) -> None:
    await node_store(hass, subentry_id).async_remove()
    await NodeArchive(hass, subentry_id).async_forget()
    async_forget(hass, subentry_id)
