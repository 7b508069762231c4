"""Set up a network of boards in the interface."""

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

from . import protocol
from .const import CONF_PREFIX, DOMAIN
from .network import NetworkConfigEntry
from .options_flow import NetworkOptionsFlow

_SCHEMA = vol.Schema({vol.Optional(CONF_PREFIX, default=""): TextSelector()})
_TITLE = "ESP32 sensors"

#: Networks that are offered at a time, and bytes of the prefix of one. Anybody may say on
#: the broker that there are more, and each offer is kept until somebody looks at it.
_FOUND_AT_ONCE = 5
_FOUND_PREFIX_BYTES = 64


class Esp32SensorsConfigFlow(ConfigFlow, domain=DOMAIN):
    """One network is one topic prefix on the broker Home Assistant is connected to."""

    VERSION = 1

    _prefix = ""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: NetworkConfigEntry) -> NetworkOptionsFlow:
        """Begin to change the options."""
        return NetworkOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the prefix."""
        if not await mqtt.async_wait_for_mqtt_client(self.hass):
            return self.async_abort(reason="mqtt_unavailable")
        errors: dict[str, str] = {}
        if user_input is not None and await self._async_take(user_input, errors):
            self._abort_if_unique_id_configured()
            return self._create_entry()
        return self._show_form("user", user_input, errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another prefix; the boards, their names and sessions stay."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None and await self._async_take(user_input, errors):
            if self.unique_id != entry.unique_id:
                await self._async_drop_offers()
                self._abort_if_unique_id_configured()
            given = entry.title != _title(entry.data[CONF_PREFIX])
            return self.async_update_reload_and_abort(
                entry,
                unique_id=self.unique_id,
                title=entry.title if given else _title(self._prefix),
                data={CONF_PREFIX: self._prefix},
            )
        return self._show_form("reconfigure", user_input or entry.data, errors)

    @override
    async def async_step_mqtt(
        self, discovery_info: MqttServiceInfo
    ) -> ConfigFlowResult:
        """Take note of a board that asks for a name and gets no answer."""
        prefix = _prefix_of_join(discovery_info)
        if prefix is None or len(prefix.encode()) > _FOUND_PREFIX_BYTES:
            return self.async_abort(reason="not_a_board")
        self._prefix = prefix
        await self._async_claim(raise_on_progress=True)
        self._abort_if_unique_id_configured()
        found = (flow["context"]["source"] for flow in self._async_in_progress())
        if sum(source == SOURCE_MQTT for source in found) >= _FOUND_AT_ONCE:
            return self.async_abort(reason="already_in_progress")
        self.context["title_placeholders"] = {"name": _title(self._prefix)}
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether the network that was found is wanted."""
        if user_input is not None:
            # Somebody may have been quicker.
            self._abort_if_unique_id_configured()
            return self._create_entry()
        self._set_confirm_only()
        return self.async_show_form(
            step_id="confirm",
            description_placeholders={"topic": f"{self._prefix}{protocol.JOIN}"},
        )

    async def _async_take(
        self, user_input: dict[str, Any], errors: dict[str, str]
    ) -> bool:
        """Take the prefix that was typed; tell whether one can."""
        try:
            self._prefix = _normalize_prefix(user_input.get(CONF_PREFIX, ""))
        except vol.Invalid:
            errors[CONF_PREFIX] = "invalid_prefix"
            return False
        # Who types a prefix need not mind that the network was found meanwhile.
        await self._async_claim(raise_on_progress=False)
        return True

    async def _async_claim(self, *, raise_on_progress: bool) -> None:
        """Name the network by the topic its boards join on.

        Two networks overlap only when they are the same: a topic ends in two levels of
        the protocol's own, or in those and a MAC, and from either its prefix follows.
        """
        await self.async_set_unique_id(
            f"{self._prefix}{protocol.JOIN}", raise_on_progress=raise_on_progress
        )

    async def _async_drop_offers(self) -> None:
        """Offer this network no more, and forget that an offer of it was ignored.

        Boards that were given another prefix are found as a network of their own before
        their owner says where they belong.
        """
        entries = self.hass.config_entries
        for flow in self._async_in_progress(
            include_uninitialized=True, match_context={"unique_id": self.unique_id}
        ):
            entries.flow.async_abort(flow["flow_id"])
        found = entries.async_entry_for_domain_unique_id(DOMAIN, str(self.unique_id))
        if found is not None and found.source == SOURCE_IGNORE:
            await entries.async_remove(found.entry_id)

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
            title=_title(self._prefix), data={CONF_PREFIX: self._prefix}
        )


def _prefix_of_join(message: MqttServiceInfo) -> str | None:
    """Return the prefix of the network that a board wants to join; None if it does not."""
    payload, topic = message.payload, message.topic
    # Text, unless somebody listens to the same topic and has asked for bytes.
    data = payload.encode() if isinstance(payload, str) else bytes(payload)
    try:
        said = protocol.parse_join(data)
    except protocol.Discarded:
        return None
    # What is retained may have been said by a board that is long gone.
    if message.retain or not isinstance(said, protocol.Join):
        return None
    # On a topic of its own only itself.
    shared, _, own = topic.rpartition("/")
    if own.upper() == said.mac:
        topic = shared
    if not topic.endswith(protocol.JOIN):
        return None
    return topic.removesuffix(protocol.JOIN)


def _normalize_prefix(prefix: str) -> str:
    """Write a prefix as it stands before every topic: empty, or ending in a slash.

    Raises ``vol.Invalid`` when no topic can begin so.
    """
    if not (prefix := prefix.strip()):
        return ""
    if prefix.startswith("$"):
        raise vol.Invalid("Topics that begin with $ belong to the broker")
    prefix = f"{prefix.removesuffix('/')}/"
    mqtt.valid_publish_topic(f"{prefix}{protocol.JOIN}")
    return prefix


def _title(prefix: str) -> str:
    return f"{_TITLE} ({prefix.removesuffix('/')})" if prefix else _TITLE
