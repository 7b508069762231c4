"""Config flow: an application on a network server.

The forms are those of the kinds of servers (`lorawan.server_type`); each has a step of
its own here. What is entered is tested against the server before it is accepted.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryFlow,
    FlowType,
    OptionsFlow,
    SubentryFlowContext,
)
from homeassistant.const import CONF_DEVICE_ID
from homeassistant.core import callback
from homeassistant.helpers.typing import DiscoveryInfoType

from .const import CONF_APPLICATION, CONF_ENTRY_ID, DOMAIN, SUBENTRY_NODE
from .device.markdown import as_text
from .flows.application_steps import ApplicationSteps
from .flows.fair_use_flow import FairUseOptionsFlow
from .flows.node_flow import NEW_NODE_SCHEMA, NodeSubentryFlow, is_known
from .flows.node_form import new_node_data
from .hub import BatteryThermalConfigEntry
from .lorawan.factory import SERVER_TYPES, server_type_of
from .lorawan.server_type import SecretNeededError, ServerForm


class BatteryThermalConfigFlow(ApplicationSteps, domain=DOMAIN):
    """An entry is one application on one network server."""

    _discovered: DiscoveryInfoType

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Nodes are subentries."""
        return {SUBENTRY_NODE: NodeSubentryFlow}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: BatteryThermalConfigEntry) -> OptionsFlow:
        """Return the flow for the limits of radio use."""
        return FairUseOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the network."""
        choices = [
            form.step_id
            for kind in SERVER_TYPES.values()
            for form in kind.forms
            if form.is_offered(self.hass)
        ]
        return self.async_show_menu(step_id="user", menu_options=choices)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the server, the application or the key."""
        entry = self._get_reconfigure_entry()
        server_type = server_type_of(entry.data)
        form = server_type.reconfigure_form
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = form.clean(user_input)
            try:
                entered = server_type.with_kept_secrets(entry.data, user_input)
            except SecretNeededError as needed:
                errors = {needed.field: "secret_needed"}
            else:
                data = form.entry_data(self.hass, entered)
                errors = await self.async_check(data)
                if not errors:
                    return self._async_update(entry, data)
        shown = user_input or {
            name: value
            for name, value in entry.data.items()
            if name not in server_type.secrets
        }
        return self.async_show(form, shown, errors)

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for another key: the server refused the present one."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another key."""
        entry = self._get_reauth_entry()
        form = server_type_of(entry.data).reauth_form
        errors: dict[str, str] = {}
        if user_input is not None:
            entered = form.entry_data(self.hass, form.clean(user_input))
            data = {**entry.data, **entered}
            errors = await self.async_check(data)
            if not errors:
                return self._async_update(entry, data)
        return self.async_show(form, None, errors, entry.data)

    @override
    async def async_step_integration_discovery(
        self, discovery_info: DiscoveryInfoType
    ) -> ConfigFlowResult:
        """Offer a node that was heard and is not set up."""
        self._discovered = discovery_info
        device_id = discovery_info[CONF_DEVICE_ID]
        entry_id = discovery_info[CONF_ENTRY_ID]
        await self.async_set_unique_id(f"{entry_id}_{device_id}")
        self._abort_if_unique_id_configured()
        entry = self.hass.config_entries.async_get_entry(entry_id)
        name = self._name_of(entry, device_id) if entry else device_id
        self.context["title_placeholders"] = {"name": name}
        return await self.async_step_node()

    async def async_step_node(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the node to its application."""
        device_id = self._discovered[CONF_DEVICE_ID]
        entry = self.hass.config_entries.async_get_entry(
            self._discovered[CONF_ENTRY_ID]
        )
        if entry is None or is_known(entry, device_id):
            return self.async_abort(reason="already_configured")
        errors = {}
        if user_input is not None:
            try:
                data = {CONF_DEVICE_ID: device_id, **new_node_data(user_input)}
            except ValueError as error:
                errors["base"] = str(error)
            else:
                node = ConfigSubentry(
                    data=MappingProxyType(data),
                    subentry_type=SUBENTRY_NODE,
                    title=self._name_of(entry, device_id),
                    unique_id=device_id,
                )
                self.hass.config_entries.async_add_subentry(entry, node)
                return self.async_abort(reason="node_added")
        return self.async_show_form(
            step_id="node",
            errors=errors,
            data_schema=self.add_suggested_values_to_schema(
                NEW_NODE_SCHEMA, user_input
            ),
            description_placeholders={
                "node": as_text(self._name_of(entry, device_id)),
                "application": as_text(entry.title),
            },
        )

    @callback
    def _name_of(self, entry: ConfigEntry, device_id: str) -> str:
        """Return the name of a device, or its id where no name was received."""
        server_type = server_type_of(entry.data)
        names = server_type.async_heard_names(self.hass, entry.data)
        return names.get(device_id, device_id)

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Continue with the first node, unless a discovered one is being ignored."""
        if self.source != SOURCE_USER:
            return result
        node_flow = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_NODE),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, node_flow["flow_id"])
        return result

    @callback
    def _async_update(
        self, entry: ConfigEntry, data: dict[str, Any]
    ) -> ConfigFlowResult:
        # A name that the owner has given stays.
        server_type = server_type_of(data)
        titles = (
            entry.data[CONF_APPLICATION],
            server_type.async_title(self.hass, entry.data),
        )
        title = entry.title
        if title in titles:
            title = server_type.async_title(self.hass, data)
        if entry.update_listeners:  # It is set up, and reloads by itself.
            return self.async_update_and_abort(entry, data=data, title=title)
        return self.async_update_reload_and_abort(entry, data=data, title=title)


def _step(
    form: ServerForm,
) -> Callable[..., Awaitable[ConfigFlowResult]]:
    """Return the step of a form that adds an application."""

    async def step(
        flow: BatteryThermalConfigFlow, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        return await flow.async_add_application(form, user_input)

    return step


# Home Assistant finds a step by the name of its method. Its own flows that are made from
# schemas do the same (`SchemaConfigFlowHandler`).
for _server_type in SERVER_TYPES.values():
    for _name, _method in (
        *((form.step_id, _step(form)) for form in _server_type.forms),
        (
            _server_type.reconfigure_form.step_id,
            BatteryThermalConfigFlow.async_step_reconfigure,
        ),
        (
            _server_type.reauth_form.step_id,
            BatteryThermalConfigFlow.async_step_reauth_confirm,
        ),
    ):
        setattr(BatteryThermalConfigFlow, f"async_step_{_name}", _method)
