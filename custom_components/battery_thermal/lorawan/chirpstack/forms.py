"""Forms of the config flow for an application on ChirpStack."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import probatio as vol

from homeassistant.const import CONF_CLIENT_ID, CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ...const import (
    CONF_APPLICATION,
    CONF_CA_CERTIFICATE,
    CONF_CLIENT_CERTIFICATE,
    CONF_CLIENT_KEY,
    CONF_COMMAND_PREFIX,
    CONF_EVENT_PREFIX,
    CONF_MQTT_PORT,
    CONF_SERVER,
    CONF_TLS,
)
from ..hosts import host_of
from ..server_type import ServerForm, strip_texts
from .home_assistant_broker import broker_of_home_assistant
from .ids import normalized_prefix

KEY: Final = "chirpstack"

_PASSWORD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)
_PEM: Final = TextSelector(TextSelectorConfig(multiline=True))
_APPLICATION: Final = {
    vol.Required(CONF_APPLICATION): TextSelector(),
    vol.Optional(CONF_EVENT_PREFIX): TextSelector(),
    vol.Optional(CONF_COMMAND_PREFIX): TextSelector(),
}
_LOGIN: Final = {
    vol.Optional(CONF_USERNAME): TextSelector(),
    vol.Optional(CONF_PASSWORD): _PASSWORD,
    vol.Optional(CONF_CLIENT_CERTIFICATE): _PEM,
    vol.Optional(CONF_CLIENT_KEY): _PEM,
}
_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_HOST): TextSelector(),
        vol.Required(CONF_MQTT_PORT, default=1883): cv.port,
        vol.Required(CONF_TLS, default=False): cv.boolean,
        vol.Optional(CONF_CA_CERTIFICATE): _PEM,
        **_LOGIN,
        **_APPLICATION,
    }
)


def _clean(entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return the input without spaces around it, and of a pasted URL only the host."""
    user_input = strip_texts(entered)
    if CONF_HOST in user_input:
        user_input[CONF_HOST] = host_of(user_input[CONF_HOST])
    user_input[CONF_APPLICATION] = user_input[CONF_APPLICATION].lower()
    for name in (CONF_EVENT_PREFIX, CONF_COMMAND_PREFIX):
        user_input[name] = normalized_prefix(user_input.get(name, ""))
    return user_input


def _entry_data(_hass: HomeAssistant, user_input: dict[str, Any]) -> dict[str, Any]:
    """Return the entry's data with a client id for the session that the broker keeps."""
    return {
        CONF_SERVER: KEY,
        # At most 23 characters, which every broker accepts (MQTT 5.0, 3.1.3.1).
        CONF_CLIENT_ID: f"ha-{uuid4().hex[:20]}",
        **user_input,
    }


def _entry_data_of_home_assistant(
    hass: HomeAssistant, user_input: dict[str, Any]
) -> dict[str, Any]:
    """Return the entry's data with a copy of Home Assistant's broker and account."""
    return _entry_data(hass, broker_of_home_assistant(hass) | user_input)


def _is_offered(hass: HomeAssistant) -> bool:
    return bool(broker_of_home_assistant(hass))


HOME_ASSISTANT_FORM: Final = ServerForm(
    step_id="chirpstack_home_assistant",
    schema=vol.Schema(_APPLICATION),
    clean=_clean,
    entry_data=_entry_data_of_home_assistant,
    is_offered=_is_offered,
)
BROKER_FORM: Final = ServerForm(
    step_id="chirpstack", schema=_SCHEMA, clean=_clean, entry_data=_entry_data
)
RECONFIGURE_FORM: Final = ServerForm(
    step_id="chirpstack_reconfigure",
    schema=_SCHEMA,
    clean=_clean,
    entry_data=_entry_data,
)
REAUTH_FORM: Final = ServerForm(
    step_id="chirpstack_reauth", schema=vol.Schema(_LOGIN), clean=strip_texts
)
