"""What a config entry and its subentry say of a node."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_DEVICE_ID

from ..const import (
    CONF_CONFIRMED,
    CONF_LAYOUT,
    CONF_LOAD_SENSOR,
    CONF_NUMBERING,
    CONF_SILENT_AFTER,
)
from ..lorawan.fair_use import FairUse
from ..lorawan.network_server import UplinkStorage
from ..protocol.layout import Layout, Numbering
from .entry_options import downlink_budget, fair_use_of
from .node_options import NodeOptions, node_options
from .option_table import node_option


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeConfig:
    """The settings of a node that do not change until its entry is reloaded.

    `fair_use`: limits that the owner wants to respect, None without. `budget`: downlinks
    a day, None without limit. `confirmed`: whether the node acknowledges downlinks.
    `silent_after`: the owner's limit in minutes, if there is one.
    `load_sensor`: entity of the bank's power or current, if the owner named one.
    `storage`: how the network server stores uplinks, None if it does not.
    """

    name: str
    device_id: str
    layout: Layout
    numbering: Numbering
    options: NodeOptions
    fair_use: FairUse | None
    budget: int | None
    confirmed: bool
    silent_after: float | None
    load_sensor: str | None
    storage: UplinkStorage | None


def node_config(
    entry: ConfigEntry, subentry: ConfigSubentry, storage: UplinkStorage | None
) -> NodeConfig:
    """Return the settings of the node that a subentry describes."""
    data = subentry.data
    fair_use = fair_use_of(entry)
    return NodeConfig(
        name=subentry.title,
        device_id=data[CONF_DEVICE_ID],
        layout=Layout(data[CONF_LAYOUT]),
        numbering=Numbering(node_option(data, CONF_NUMBERING)),
        options=node_options(data),
        fair_use=fair_use,
        budget=downlink_budget(entry) if fair_use else None,
        confirmed=node_option(data, CONF_CONFIRMED),
        silent_after=node_option(data, CONF_SILENT_AFTER),
        load_sensor=node_option(data, CONF_LOAD_SENSOR),
        storage=storage,
    )
