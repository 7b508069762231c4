"""Config flow: an application on a network server."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, override

import probatio as vol

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryFlow,
    FlowType,
    OptionsFlow,
    SubentryFlowContext,
)
from homeassistant.const import CONF_API_KEY, CONF_DEVICE_ID, CONF_HOST
from homeassistant.core import callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.typing import DiscoveryInfoType

from .const import (
    CONF_APPLICATION,
    CONF_BUDGET,
    CONF_CA_CERTIFICATE,
    CONF_ENTRY_ID,
    CONF_FAIR_USE,
    CONF_HTTP_PORT,
    CONF_MQTT_PORT,
    CONF_TLS,
    DOMAIN,
    SUBENTRY_NODE,
)
from .coordinator import BatteryThermalConfigEntry
from .lorawan.fair_use import FAIR_DOWNLINKS
from .lorawan.network_server import NetworkServerError
from .lorawan.the_things_stack import TTN_CLUSTERS, TTN_TENANT
from .node_flow import LAYOUT_SCHEMA, NodeSubentryFlow, is_known, stripped
from .options import downlink_budget, keeps_to_fair_use
from .server import async_get_server

CONF_CLUSTER = "cluster"

_KEY = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)
TTN_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_CLUSTER, default="eu1"): SelectSelector(
            SelectSelectorConfig(
                options=list(TTN_CLUSTERS), translation_key=CONF_CLUSTER
            )
        ),
        vol.Required(CONF_APPLICATION): TextSelector(),
        vol.Required(CONF_API_KEY): _KEY,
    }
)
OWN_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_HOST): TextSelector(),
        vol.Required(CONF_TLS, default=True): cv.boolean,
        vol.Optional(CONF_CA_CERTIFICATE): TextSelector(
            TextSelectorConfig(multiline=True)
        ),
        vol.Required(CONF_MQTT_PORT, default=8883): cv.port,
        vol.Required(CONF_HTTP_PORT, default=443): cv.port,
        vol.Required(CONF_APPLICATION): TextSelector(),
        vol.Required(CONF_API_KEY): _KEY,
    }
)
FAIR_USE_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_FAIR_USE): BooleanSelector(),
        vol.Required(CONF_BUDGET): NumberSelector(
            NumberSelectorConfig(
                min=1, max=FAIR_DOWNLINKS, step=1, mode=NumberSelectorMode.BOX
            )
        ),
    }
)
KEY_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY})


class BatteryThermalConfigFlow(ConfigFlow, domain=DOMAIN):
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
        """Let the owner choose how much of the air is used."""
        return FairUseOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which network."""
        return self.async_show_menu(step_id="user", menu_options=["ttn", "own"])

    async def async_step_ttn(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Set up an application of The Things Network."""
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = stripped(user_input)
            application = user_input[CONF_APPLICATION].partition("@")[0]
            data = {
                CONF_HOST: TTN_CLUSTERS[user_input[CONF_CLUSTER]],
                CONF_TLS: True,
                CONF_MQTT_PORT: 8883,
                CONF_HTTP_PORT: 443,
                CONF_APPLICATION: f"{application}@{TTN_TENANT}",
                CONF_API_KEY: user_input[CONF_API_KEY],
            }
            errors = await self._async_check(data)
            if not errors:
                return self._async_create(data)
        return self.async_show_form(
            step_id="ttn",
            data_schema=self.add_suggested_values_to_schema(TTN_SCHEMA, user_input),
            errors=errors,
        )

    async def async_step_own(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Set up an application of another The Things Stack."""
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = _own_server(user_input)
            errors = await self._async_check(user_input)
            if not errors:
                return self._async_create(user_input)
        return self.async_show_form(
            step_id="own",
            data_schema=self.add_suggested_values_to_schema(OWN_SCHEMA, user_input),
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the server, the application or the key."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = _own_server(user_input)
            errors = await self._async_check(user_input)
            if not errors:
                return self._async_update(entry, user_input)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                OWN_SCHEMA, user_input or _without_key(entry.data)
            ),
            errors=errors,
        )

    @override
    async def async_step_integration_discovery(
        self, discovery_info: DiscoveryInfoType
    ) -> ConfigFlowResult:
        """Offer a node that was heard and is not set up."""
        self._discovered = discovery_info
        name = discovery_info[CONF_DEVICE_ID]
        await self.async_set_unique_id(f"{discovery_info[CONF_ENTRY_ID]}_{name}")
        self._abort_if_unique_id_configured()
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
        if user_input is not None:
            node = ConfigSubentry(
                data=MappingProxyType({CONF_DEVICE_ID: device_id, **user_input}),
                subentry_type=SUBENTRY_NODE,
                title=device_id,
                unique_id=device_id,
            )
            self.hass.config_entries.async_add_subentry(entry, node)
            return self.async_abort(reason="node_added")
        return self.async_show_form(
            step_id="node",
            data_schema=LAYOUT_SCHEMA,
            description_placeholders={"node": device_id, "application": entry.title},
        )

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for another key: the server refused this one."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another key."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {**entry.data, **stripped(user_input)}
            errors = await self._async_check(data)
            if not errors:
                return self._async_update(entry, data)
        return self.async_show_form(
            step_id="reauth_confirm", data_schema=KEY_SCHEMA, errors=errors
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go on with the first node, unless a discovered one is being ignored."""
        if self.source != SOURCE_USER:
            return result
        node_flow = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_NODE),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, node_flow["flow_id"])
        return result

    async def _async_check(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return the errors of a form: connect, subscribe, and prove the key's rights."""
        self._async_abort_entries_match(
            {key: data[key] for key in (CONF_HOST, CONF_MQTT_PORT, CONF_APPLICATION)}
        )
        try:
            server = await async_get_server(self.hass, data)
            async with server.connect():
                pass
            await server.check_rights()
        except NetworkServerError as error:
            return {"base": error.key}
        return {}

    @callback
    def _async_create(self, data: dict[str, Any]) -> ConfigFlowResult:
        return self.async_create_entry(title=data[CONF_APPLICATION], data=data)

    @callback
    def _async_update(
        self, entry: ConfigEntry, data: dict[str, Any]
    ) -> ConfigFlowResult:
        # A name that the owner has given stays.
        given = entry.title != entry.data[CONF_APPLICATION]
        title = entry.title if given else data[CONF_APPLICATION]
        if entry.update_listeners:  # Set up, and reloads by itself.
            return self.async_update_and_abort(entry, data=data, title=title)
        return self.async_update_reload_and_abort(entry, data=data, title=title)


class FairUseOptionsFlow(OptionsFlow):
    """How much of the air the nodes may use. The update listener reloads."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether there is a fair share to keep, and how many downlinks it is."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        entry = self.config_entry
        known = {
            CONF_FAIR_USE: keeps_to_fair_use(entry),
            CONF_BUDGET: downlink_budget(entry),
        }
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(FAIR_USE_SCHEMA, known),
        )


def _own_server(user_input: dict[str, Any]) -> dict[str, Any]:
    """Return the input with the server's name alone, where its address was pasted."""
    user_input = stripped(user_input)
    host = user_input[CONF_HOST].partition("://")
    return {**user_input, CONF_HOST: (host[2] or host[0]).rstrip("/")}


def _without_key(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form may show again."""
    return {name: value for name, value in data.items() if name != CONF_API_KEY}
