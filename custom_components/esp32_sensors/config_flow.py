"""Set up a network of boards in the interface."""

from typing import Any, override

import probatio as vol

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.helpers.selector import TextSelector
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo, ReceivePayloadType

from . import protocol
from .const import CONF_PREFIX, DOMAIN

_SCHEMA = vol.Schema({vol.Optional(CONF_PREFIX, default=""): TextSelector()})
_TITLE = "ESP32 sensors"


class Esp32SensorsConfigFlow(ConfigFlow, domain=DOMAIN):
    """One network is one topic prefix on the broker Home Assistant is connected to."""

    VERSION = 1

    _prefix = ""

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the prefix."""
        if not await mqtt.async_wait_for_mqtt_client(self.hass):
            return self.async_abort(reason="mqtt_unavailable")
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                self._prefix = normalize_prefix(user_input.get(CONF_PREFIX, ""))
            except vol.Invalid:
                errors[CONF_PREFIX] = "invalid_prefix"
            else:
                await self._async_claim(self._prefix)
                return self._create_entry()
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(_SCHEMA, user_input),
            errors=errors,
        )

    @override
    async def async_step_mqtt(
        self, discovery_info: MqttServiceInfo
    ) -> ConfigFlowResult:
        """Take note of a board that asks for a name and gets no answer."""
        # What is retained may have been said by a board that is long gone.
        if discovery_info.retain or not _asks_for_session(discovery_info.payload):
            return self.async_abort(reason="not_a_board")
        self._prefix = discovery_info.topic.removesuffix(protocol.JOIN)
        await self._async_claim(self._prefix)
        self.context["title_placeholders"] = {"name": _title(self._prefix)}
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether the network that was found is wanted."""
        if user_input is not None:
            return self._create_entry()
        self._set_confirm_only()
        return self.async_show_form(
            step_id="confirm",
            description_placeholders={"topic": f"{self._prefix}{protocol.JOIN}"},
        )

    async def _async_claim(self, prefix: str) -> None:
        """Refuse a network that is there already.

        No two other networks can overlap: a topic ends in two levels of the protocol's
        own or in those and a MAC, and from either its prefix follows.
        """
        await self.async_set_unique_id(f"{prefix}{protocol.JOIN}")
        self._abort_if_unique_id_configured()

    def _create_entry(self) -> ConfigFlowResult:
        return self.async_create_entry(
            title=_title(self._prefix), data={CONF_PREFIX: self._prefix}
        )


def _asks_for_session(payload: ReceivePayloadType) -> bool:
    """Tell whether this is a board that joins."""
    # Text, unless somebody listens to the same topic and has asked for bytes.
    data = payload.encode() if isinstance(payload, str) else bytes(payload)
    try:
        return isinstance(protocol.parse_join(data), protocol.Join)
    except protocol.Discarded:
        return False


def normalize_prefix(prefix: str) -> str:
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
