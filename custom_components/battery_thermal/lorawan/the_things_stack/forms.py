"""Forms of the config flow for an application on The Things Stack."""

from collections.abc import Mapping
from typing import Any, Final

import probatio as vol

from homeassistant.const import CONF_API_KEY, CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ...const import (
    CONF_APPLICATION,
    CONF_CA_CERTIFICATE,
    CONF_HTTP_PORT,
    CONF_MQTT_PORT,
    CONF_TLS,
)
from ..hosts import host_of
from ..server_type import ServerForm, strip_texts
from .console import cluster_link, keys_link
from .server import TTN_CLUSTERS, TTN_TENANT

CONF_CLUSTER: Final = "cluster"

_KEY: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)
_TTN_SCHEMA: Final = vol.Schema(
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
_OWN_SCHEMA: Final = vol.Schema(
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
_KEY_SCHEMA: Final = vol.Schema({vol.Required(CONF_API_KEY): _KEY})


def _ttn_application(
    _hass: HomeAssistant, user_input: dict[str, Any]
) -> dict[str, Any]:
    """Return the entry's data of an application on The Things Network."""
    application = user_input[CONF_APPLICATION].lower().partition("@")[0]
    return {
        CONF_HOST: TTN_CLUSTERS[user_input[CONF_CLUSTER]],
        CONF_TLS: True,
        CONF_MQTT_PORT: 8883,
        CONF_HTTP_PORT: 443,
        CONF_APPLICATION: f"{application}@{TTN_TENANT}",
        CONF_API_KEY: user_input[CONF_API_KEY],
    }


def _ttn_console(entered: Mapping[str, Any]) -> str:
    """Return a link to the console of the cluster, or of all where none was chosen."""
    if not entered:
        return cluster_link()
    host = TTN_CLUSTERS[entered[CONF_CLUSTER]]
    return keys_link({**entered, CONF_HOST: host})


def _clean_own(entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered; of an address that was pasted only the host remains."""
    user_input = strip_texts(entered)
    return {
        **user_input,
        CONF_HOST: host_of(user_input[CONF_HOST]),
        # Keyboards of phones begin with a capital letter; no ID has one.
        CONF_APPLICATION: user_input[CONF_APPLICATION].lower(),
    }


TTN_FORM: Final = ServerForm(
    step_id="ttn",
    schema=_TTN_SCHEMA,
    entry_data=_ttn_application,
    console=_ttn_console,
)
OWN_FORM: Final = ServerForm(
    step_id="own", schema=_OWN_SCHEMA, clean=_clean_own, console=keys_link
)
# Empty: the present key stays.
RECONFIGURE_FORM: Final = ServerForm(
    step_id="reconfigure",
    schema=vol.Schema(
        {
            vol.Optional(CONF_API_KEY) if name == CONF_API_KEY else name: selector
            for name, selector in _OWN_SCHEMA.schema.items()
        }
    ),
    clean=_clean_own,
    console=keys_link,
)
REAUTH_FORM: Final = ServerForm(
    step_id="reauth_confirm", schema=_KEY_SCHEMA, console=keys_link
)
