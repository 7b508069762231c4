"""Integration of a thermal camera on a battery bank, over LoRaWAN."""

from collections.abc import Mapping
from functools import partial
import logging
from typing import Any

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, Platform
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.translation import async_get_translations
from homeassistant.helpers.typing import ConfigType

from .api.actions import async_setup_services
from .api.alarm_actions import async_setup_alarm_services
from .api.alarm_websocket import async_setup_alarm_websocket
from .api.archive_actions import async_setup_archive_services
from .api.archive_view import ArchiveView, HottestView
from .api.archive_websocket import async_setup_archive_websocket
from .api.area_websocket import async_setup_area_websocket
from .api.drift_actions import async_setup_drift_services
from .api.lookup import async_node_subentries
from .api.nodes_websocket import async_setup_websocket_api
from .api.report_actions import async_setup_report_services
from .api.report_view import ReportImageView, ReportView
from .api.trend_websocket import async_setup_trend_websocket
from .const import CONF_APPLICATION, DOMAIN, SUBENTRY_NODE
from .device.archive_issues import async_delete_archive_issues
from .device.battery_node import BatteryNode
from .device.issues import async_delete_issues
from .device.node_archive import (
    NodeArchive,
    async_archived_nodes,
    async_release_threads,
    async_remove_archive,
)
from .device.node_storage import node_store, recorded_nodes
from .hub import ApplicationHub, BatteryThermalConfigEntry
from .lorawan.factory import async_get_server, server_type_of
from .lorawan.network_server import AccessError, NetworkServerError
from .resources import async_add_resource, async_remove_resource, async_serve

_LOGGER = logging.getLogger(__name__)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
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
    """Register actions, WebSocket commands, the view of pictures, and dashboard files."""
    async_setup_services(hass)
    async_setup_archive_services(hass)
    async_setup_drift_services(hass)
    async_setup_report_services(hass)
    async_setup_websocket_api(hass)
    async_setup_archive_websocket(hass)
    async_setup_area_websocket(hass)
    async_setup_alarm_services(hass)
    async_setup_alarm_websocket(hass)
    async_setup_trend_websocket(hass)
    hass.http.register_view(ArchiveView())
    hass.http.register_view(HottestView())
    hass.http.register_view(ReportView())
    hass.http.register_view(ReportImageView())
    await async_serve(hass)
    return True


async def async_setup_entry(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> bool:
    """Set up an application: records of its nodes, network server, entities."""
    # First of all, so that no change is missed while this is under way.
    reload = partial(_async_reload, frozenset(entry.subentries))
    entry.async_on_unload(entry.add_update_listener(reload))
    entry.async_on_unload(_async_reload_with_house(hass, entry))
    await async_add_resource(hass)
    # Attributes of states are translated without waiting.
    await async_get_translations(hass, hass.config.language, "config_panel", {DOMAIN})
    # Nodes that were removed while the entry was not set up.
    recorded = await hass.async_add_executor_job(recorded_nodes, hass)
    known = recorded | await async_archived_nodes(hass)
    for subentry_id in known - async_node_subentries(hass).keys():
        await _async_delete_node(hass, subentry_id)
    nodes = {}
    try:
        server = await async_get_server(hass, entry.data)
        for subentry in entry.get_subentries_of_type(SUBENTRY_NODE):
            node = BatteryNode(hass, entry, subentry, server)
            await node.async_load()
            nodes[node.config.device_id] = node
        hub = ApplicationHub(hass, entry, server, nodes)
        await hub.async_start()
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
        entry.async_create_background_task(
            hass,
            node.archive.async_delete_future_images(),
            f"{node.config.name} archive",
        )
        node.curves.async_calculate()
    entry.runtime_data = hub
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> bool:
    """Unload the entities; the records of the nodes stay on the disk."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded and hass.config_entries.async_loaded_entries(DOMAIN) in ([], [entry]):
        async_release_threads(hass)
    return unloaded


async def async_remove_entry(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> None:
    """Delete everything that is stored of the application."""
    for subentry_id in entry.subentries:
        await _async_delete_node(hass, subentry_id)
    hass.async_create_background_task(
        _async_forget(hass, dict(entry.data)), f"{DOMAIN} forget {entry.title}"
    )
    # Discoveries that the owner ignores are entries too.
    if not hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        await async_remove_resource(hass)
        await async_remove_archive(hass)
        async_delete_archive_issues(hass)


async def _async_forget(hass: HomeAssistant, data: Mapping[str, Any]) -> None:
    """Let the server delete what it keeps of an entry; it may not be there any more."""
    try:
        await server_type_of(data).async_forget(hass, data)
    except NetworkServerError as error:
        _LOGGER.debug("The server keeps what it has of the application: %r", error)


@callback
def _async_reload_with_house(
    hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> CALLBACK_TYPE:
    """Reload the entry when unit or language of Home Assistant change, until unsubscribed.

    Home Assistant does not convert K/min, and does not translate attributes: both are
    chosen at set-up.
    """

    def house() -> tuple[str, str]:
        return hass.config.units.temperature_unit, hass.config.language

    at_setup = house()

    @callback
    def reload(_: Event) -> None:
        if house() != at_setup:
            hass.config_entries.async_schedule_reload(entry.entry_id)

    return hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, reload)


async def _async_reload(
    nodes: frozenset[str], hass: HomeAssistant, entry: BatteryThermalConfigEntry
) -> None:
    """Reload after a change of settings or nodes, and delete data of removed nodes.

    `nodes` are the ids of the subentries before the change.
    """
    await hass.config_entries.async_reload(entry.entry_id)
    for subentry_id in nodes.difference(entry.subentries):
        await _async_delete_node(hass, subentry_id)


async def _async_delete_node(hass: HomeAssistant, subentry_id: str) -> None:
    """Delete the record, the images and the repair issues of a removed node."""
    await node_store(hass, subentry_id).async_remove()
    await NodeArchive(hass, subentry_id).async_delete_images()
    async_delete_issues(hass, subentry_id)
