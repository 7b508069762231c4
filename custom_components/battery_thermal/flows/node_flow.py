"""Subentry flow: a node of an application."""

from typing import Any

import probatio as vol

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.const import CONF_DEVICE_ID
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..const import CONF_LAYOUT
from ..device.area_options import with_areas_of
from ..device.entry_options import images_a_day
from ..device.node_options import node_options
from ..hub import BatteryThermalConfigEntry
from ..lorawan.factory import async_get_server, server_type_of
from ..lorawan.network_server import NetworkServerError
from ..lorawan.server_type import strip_texts
from ..model.mode import Mode
from ..protocol.layout import Layout
from .area_steps import AreaSteps
from .node_form import from_form, new_node_data, new_node_fields, sections, to_form

NEW_NODE_SCHEMA = vol.Schema(new_node_fields())


class NodeSubentryFlow(AreaSteps):
    """Subentry flow of a node: adding it, and changing its options and areas."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a node: one of the server's list, or any if the key may not list them."""
        entry = self._get_entry()
        errors = {}
        try:
            server = await async_get_server(self.hass, entry.data)
            names = await server.device_names()
        except NetworkServerError:
            names = {}
        if user_input is not None:
            user_input = strip_texts(user_input)
            server_type = server_type_of(entry.data)
            device_id = server_type.clean_device_id(user_input[CONF_DEVICE_ID])
            user_input[CONF_DEVICE_ID] = device_id
            if is_known(entry, device_id):
                return self.async_abort(reason="already_configured")
            try:
                data = new_node_data(user_input)
            except ValueError as error:
                errors["base"] = str(error)
            if not server_type.is_device_id(device_id):
                errors["base"] = server_type.device_id_error
            if not errors:
                return self.async_create_entry(
                    title=names.get(device_id, device_id),
                    data=data,
                    unique_id=device_id,
                )
        devices = SelectSelector(
            SelectSelectorConfig(
                options=[
                    SelectOptionDict(value=device_id, label=name)
                    for device_id, name in names.items()
                    if not is_known(entry, device_id)
                ],
                custom_value=True,
                mode=SelectSelectorMode.DROPDOWN,
            )
        )
        return self.async_show_form(
            step_id="user",
            errors=errors,
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema({vol.Required(CONF_DEVICE_ID): devices}).extend(
                    NEW_NODE_SCHEMA.schema
                ),
                user_input,
            ),
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Choose what to change."""
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["options", *self._menu_of_areas],
            description_placeholders={"node": self._node.title},
        )

    async def async_step_options(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change what is known of the node."""
        node = self._node
        unit = self._unit
        errors = {}
        if user_input is not None:
            data = {
                CONF_DEVICE_ID: node.data[CONF_DEVICE_ID],
                **from_form(user_input, unit),
            }
            try:
                data = with_areas_of(node.data, data)
                node_options(data)
            except ValueError as error:
                errors["base"] = str(error)
            else:
                return self._finish(data)
        return self.async_show_form(
            step_id="options",
            errors=errors,
            data_schema=self.add_suggested_values_to_schema(
                sections(unit),
                user_input or to_form(node.data, unit),
            ),
            description_placeholders={"node": node.title, **self._fair_share(node)},
        )

    @callback
    def _fair_share(self, node: ConfigSubentry) -> dict[str, str]:
        """Return how many images a day are fair, as the node is heard now."""
        spreading_factor = 7
        layout = Layout(node.data[CONF_LAYOUT])
        entry: BatteryThermalConfigEntry = self._get_entry()
        if entry.state is ConfigEntryState.LOADED:
            record = entry.runtime_data.nodes[node.data[CONF_DEVICE_ID]].record
            if record.traffic.link and record.traffic.link.spreading_factor:
                spreading_factor = record.traffic.link.spreading_factor
            layout = record.images.layout or layout
        fair_use = server_type_of(entry.data).fair_use
        return {
            "spreading_factor": str(spreading_factor),
            "limit": f"{fair_use.airtime:.0f}",
        } | {
            mode: str(images_a_day(fair_use, layout, mode, spreading_factor))
            for mode in Mode
        }


def is_known(entry: ConfigEntry, device_id: str) -> bool:
    """Return whether a node is set up."""
    return any(node.unique_id == device_id for node in entry.subentries.values())
