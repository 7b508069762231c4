"""Config flow of a network of boards."""

from typing import Any, override

import probatio as vol

from homeassistant.components import mqtt
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_MQTT,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.core import callback
from homeassistant.helpers.selector import TextSelector
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo

from .const import CONF_PREFIX, DOMAIN
from .core import protocol
from .hub.markdown import as_text
from .hub.network import NetworkConfigEntry
from .hub.titles import network_title
from .options_flow import NetworkOptionsFlow

_SCHEMA = vol.Schema({vol.Optional(CONF_PREFIX, default=""): TextSelector()})

#: Largest number of discovered networks, and of bytes in their prefix. Any client of the
#: broker can pretend that there are more, and a discovery stays until somebody acts on it.
_DISCOVERED = 5
_DISCOVERED_PREFIX_BYTES = 64


class Esp32SensorsConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up a network: one topic prefix on the broker of Home Assistant."""

    VERSION = 1
    MINOR_VERSION = 2

    _prefix = ""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: NetworkConfigEntry) -> NetworkOptionsFlow:
        """Return the options flow."""
        return NetworkOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the topic prefix."""
        if not await mqtt.async_wait_for_mqtt_client(self.hass):
            return self.async_abort(
                reason="mqtt_unavailable",
                description_placeholders={"mqtt": self._mqtt_page},
            )
        errors: dict[str, str] = {}
        if user_input is not None and await self._async_set_prefix(user_input, errors):
            self._abort_if_unique_id_configured()
            return self._create_entry()
        return self._show_form("user", user_input, errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the topic prefix; boards, names and sessions stay."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None and await self._async_set_prefix(user_input, errors):
            if self.unique_id != entry.unique_id:
                await self._async_drop_discovered()
                self._abort_if_unique_id_configured()
            renamed = entry.title != network_title(entry.data[CONF_PREFIX])
            return self.async_update_reload_and_abort(
                entry,
                unique_id=self.unique_id,
                title=entry.title if renamed else network_title(self._prefix),
                data={CONF_PREFIX: self._prefix},
            )
        return self._show_form("reconfigure", user_input or entry.data, errors)

    @override
    async def async_step_mqtt(
        self, discovery_info: MqttServiceInfo
    ) -> ConfigFlowResult:
        """Discover a network by the join of a board that gets no answer."""
        prefix = _prefix_of_join(discovery_info)
        if prefix is None or len(prefix.encode()) > _DISCOVERED_PREFIX_BYTES:
            return self.async_abort(reason="not_a_board")
        self._prefix = prefix
        await self._async_set_unique_id(raise_on_progress=True)
        self._abort_if_unique_id_configured()
        sources = (flow["context"]["source"] for flow in self._async_in_progress())
        if sum(source == SOURCE_MQTT for source in sources) >= _DISCOVERED:
            return self.async_abort(reason="already_in_progress")
        self.context["title_placeholders"] = {"name": network_title(self._prefix)}
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to set up the discovered network."""
        if user_input is not None:
            # It may have been set up in another flow meanwhile.
            self._abort_if_unique_id_configured()
            return self._create_entry()
        self._set_confirm_only()
        return self.async_show_form(
            step_id="confirm",
            description_placeholders={
                "topic": as_text(f"{self._prefix}{protocol.JOIN}")
            },
        )

    async def _async_set_prefix(
        self, user_input: dict[str, Any], errors: dict[str, str]
    ) -> bool:
        """Set the prefix from the input; return whether it is valid."""
        try:
            self._prefix = _normalize_prefix(user_input.get(CONF_PREFIX, ""))
        except vol.Invalid:
            errors[CONF_PREFIX] = "invalid_prefix"
            return False
        # A discovery of the same network in progress does not matter here.
        await self._async_set_unique_id(raise_on_progress=False)
        return True

    async def _async_set_unique_id(self, *, raise_on_progress: bool) -> None:
        """Use the topic on which boards join as unique id.

        Networks with different ids have no topic in common: a topic ends in two levels
        of the protocol, or in those and a MAC, so that the prefix follows from it.
        """
        await self.async_set_unique_id(
            f"{self._prefix}{protocol.JOIN}", raise_on_progress=raise_on_progress
        )

    async def _async_drop_discovered(self) -> None:
        """Abort flows that discovered this network, and remove an ignored discovery.

        Boards with a new prefix are discovered as another network before their owner
        changes the prefix here.
        """
        entries = self.hass.config_entries
        for flow in self._async_in_progress(
            include_uninitialized=True, match_context={"unique_id": self.unique_id}
        ):
            entries.flow.async_abort(flow["flow_id"])
        entry = entries.async_entry_for_domain_unique_id(DOMAIN, str(self.unique_id))
        if entry is not None and entry.source == SOURCE_IGNORE:
            await entries.async_remove(entry.entry_id)

    @property
    def _mqtt_page(self) -> str:
        """Return where MQTT is set up, or where it is seen what is wrong with it."""
        if self.hass.config_entries.async_entries(mqtt.DOMAIN):
            return "/config/integrations/integration/mqtt"
        return "/_my_redirect/config_flow_start?domain=mqtt"

    def _show_form(
        self, step_id: str, values: Any, errors: dict[str, str]
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(_SCHEMA, values),
            errors=errors,
        )

    def _create_entry(self) -> ConfigFlowResult:
        return self.async_create_entry(
            title=network_title(self._prefix), data={CONF_PREFIX: self._prefix}
        )


def _prefix_of_join(message: MqttServiceInfo) -> str | None:
    """Return the prefix of the network that a board joins; None if it is no join."""
    payload, topic = message.payload, message.topic
    # Text, unless another subscriber of the same topic has asked for bytes.
    data = payload.encode() if isinstance(payload, str) else bytes(payload)
    try:
        join = protocol.parse_join(data)
    except protocol.Discarded:
        return None
    # A retained message may be of a board that does not exist any more.
    if message.retain or not isinstance(join, protocol.Join):
        return None
    # On a directed topic a board joins with its own MAC only.
    shared, _, own = topic.rpartition("/")
    if own.upper() == join.mac:
        topic = shared
    if not topic.endswith(protocol.JOIN):
        return None
    return topic.removesuffix(protocol.JOIN)


def _normalize_prefix(prefix: str) -> str:
    """Return a prefix as it precedes every topic: empty, or ending in a slash.

    Raises ``vol.Invalid`` when no topic can begin with it.
    """
    if not (prefix := prefix.strip()):
        return ""
    if prefix.startswith("$"):
        raise vol.Invalid("Topics that begin with $ belong to the broker")
    prefix = f"{prefix.removesuffix('/')}/"
    mqtt.valid_publish_topic(f"{prefix}{protocol.JOIN}")
    return prefix
