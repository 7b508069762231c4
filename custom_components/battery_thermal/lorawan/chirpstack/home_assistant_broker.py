"""Address and account of the broker that Home Assistant's MQTT integration uses.

They are copied into the config entry. The connection is a separate one because it needs
a session that the broker keeps, and the MQTT integration's session is not kept.
"""

from typing import Any, Final

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant, callback

from ...const import (
    CONF_CA_CERTIFICATE,
    CONF_CLIENT_CERTIFICATE,
    CONF_CLIENT_KEY,
    CONF_MQTT_PORT,
    CONF_TLS,
)

# Names in the data of the MQTT integration's config entry
# (`homeassistant.components.mqtt.const`).
_DOMAIN: Final = "mqtt"
_BROKER: Final = "broker"
_TRANSPORT: Final = "transport"
_CERTIFICATE: Final = "certificate"
_CLIENT_CERTIFICATE: Final = "client_cert"
_CLIENT_KEY: Final = "client_key"
_DEFAULT_PORT: Final = 1883


@callback
def broker_of_home_assistant(hass: HomeAssistant) -> dict[str, Any]:
    """Return the address and the account of Home Assistant's broker.

    Empty without the MQTT integration, and if it is connected through WebSockets.
    """
    entry = next(iter(hass.config_entries.async_entries(_DOMAIN, False, False)), None)
    if entry is None or entry.data.get(_TRANSPORT, "tcp") != "tcp":
        return {}
    certificate = entry.data.get(_CERTIFICATE)
    found = {
        CONF_HOST: entry.data[_BROKER],
        CONF_MQTT_PORT: entry.data.get(CONF_PORT, _DEFAULT_PORT),
        CONF_TLS: certificate is not None,
        # "auto": the certificate authorities that Home Assistant trusts.
        CONF_CA_CERTIFICATE: None if certificate == "auto" else certificate,
        CONF_USERNAME: entry.data.get(CONF_USERNAME),
        CONF_PASSWORD: entry.data.get(CONF_PASSWORD),
        CONF_CLIENT_CERTIFICATE: entry.data.get(_CLIENT_CERTIFICATE),
        CONF_CLIENT_KEY: entry.data.get(_CLIENT_KEY),
    }
    return {name: value for name, value in found.items() if value is not None}
