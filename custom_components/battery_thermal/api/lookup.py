"""Finding nodes by the ids of their subentries."""

from collections.abc import Iterator

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..device.battery_node import BatteryNode
from ..hub import BatteryThermalConfigEntry


@callback
def async_node_subentries(hass: HomeAssistant) -> dict[str, ConfigSubentry]:
    """Return the subentries of all nodes by their ids, loaded or not."""
    return {
        subentry_id: subentry
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry_id, subentry in entry.subentries.items()
    }


@callback
def async_loaded_nodes(hass: HomeAssistant) -> Iterator[BatteryNode]:
    """Yield the nodes of all applications that are set up."""
    entry: BatteryThermalConfigEntry
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        yield from entry.runtime_data.nodes.values()


@callback
def async_get_node(hass: HomeAssistant, subentry_id: str) -> BatteryNode | None:
    """Return a node; None while its application is not set up."""
    nodes = async_loaded_nodes(hass)
    return next((node for node in nodes if node.subentry_id == subentry_id), None)
