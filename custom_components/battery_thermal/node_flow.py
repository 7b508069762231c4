"""Subentry flow: a node of an application."""

from typing import Any

import probatio as vol

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_DEVICE_ID, UnitOfTime
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .const import CONF_CONFIRMED, CONF_LAYOUT, CONF_NUMBERING, CONF_SILENT_AFTER
from .coordinator import BatteryThermalConfigEntry
from .lorawan.network_server import NetworkServerError
from .node.layout import Layout, Mode, Numbering
from .node_form import from_form, sections, to_form
from .node_options import node_options
from .options import fair_images
from .server import async_get_server

_LAYOUT = SelectSelector(
    SelectSelectorConfig(
        options=list(Layout),
        translation_key=CONF_LAYOUT,
        mode=SelectSelectorMode.DROPDOWN,
    )
)
LAYOUT_SCHEMA = vol.Schema({vol.Required(CONF_LAYOUT, default=Layout.AUTO): _LAYOUT})
_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_LAYOUT): _LAYOUT,
        vol.Required(CONF_NUMBERING, default=Numbering.AUTO): SelectSelector(
            SelectSelectorConfig(
                options=list(Numbering),
                translation_key=CONF_NUMBERING,
                mode=SelectSelectorMode.DROPDOWN,
            )
        ),
        vol.Required(CONF_CONFIRMED, default=False): BooleanSelector(),
        vol.Optional(CONF_SILENT_AFTER): NumberSelector(
            NumberSelectorConfig(
                min=1,
                max=7 * 24 * 60,
                step=1,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=UnitOfTime.MINUTES,
            )
        ),
    }
)


class NodeSubentryFlow(ConfigSubentryFlow):
    """A subentry is one node of the application."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a node: one of the server's list, or any if the key may not list them."""
        entry = self._get_entry()
        try:
            server = await async_get_server(self.hass, entry.data)
            names = await server.device_names()
        except NetworkServerError:
            names = {}
        if user_input is not None:
            user_input = stripped(user_input)
            device_id = user_input[CONF_DEVICE_ID]
            if is_known(entry, device_id):
                return self.async_abort(reason="already_configured")
            return self.async_create_entry(
                title=names.get(device_id, device_id),
                data=user_input,
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
            data_schema=vol.Schema({vol.Required(CONF_DEVICE_ID): devices}).extend(
                LAYOUT_SCHEMA.schema
            ),
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change what is known of the node."""
        entry = self._get_entry()
        node = self._get_reconfigure_subentry()
        unit = self.hass.config.units.temperature_unit
        errors = {}
        if user_input is not None:
            data = {
                CONF_DEVICE_ID: node.data[CONF_DEVICE_ID],
                **from_form(user_input, unit),
            }
            try:
                node_options(data)
            except ValueError as error:
                errors["base"] = str(error)
            else:
                return self.async_update_and_abort(entry, node, data=data)
        return self.async_show_form(
            step_id="reconfigure",
            errors=errors,
            data_schema=self.add_suggested_values_to_schema(
                _SCHEMA.extend(sections(unit).schema),
                user_input or to_form(node.data, unit),
            ),
            description_placeholders={"node": node.title, **self._fair_share(node)},
        )

    @callback
    def _fair_share(self, node: ConfigSubentry) -> dict[str, str]:
        """Return how many images a day are fair, as the node is heard now."""
        spreading_factor = 7
        entry: BatteryThermalConfigEntry = self._get_entry()
        if entry.state is ConfigEntryState.LOADED:
            record = entry.runtime_data.nodes[node.data[CONF_DEVICE_ID]]
            if record.traffic.link and record.traffic.link.spreading_factor:
                spreading_factor = record.traffic.link.spreading_factor
        layout = Layout(node.data[CONF_LAYOUT])
        return {"spreading_factor": str(spreading_factor)} | {
            mode: str(fair_images(layout, mode, spreading_factor)) for mode in Mode
        }


def is_known(entry: ConfigEntry, device_id: str) -> bool:
    """Whether the node is set up."""
    return any(node.unique_id == device_id for node in entry.subentries.values())


def stripped(user_input: dict[str, Any]) -> dict[str, Any]:
    """Return the input without the spaces and line ends that pasting brings along."""
    return {
        name: value.strip() if isinstance(value, str) else value
        for name, value in user_input.items()
    }
