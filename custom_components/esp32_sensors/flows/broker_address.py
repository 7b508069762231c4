"""Where boards reach the broker that Home Assistant uses."""

from collections.abc import Mapping
from typing import Any, Final

from yarl import URL

from homeassistant.const import CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError, get_url

_PORT: Final = 1883

#: Addresses that mean Home Assistant's own machine: there are none of them for boards.
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1", "core-mosquitto"})


def broker_address(hass: HomeAssistant) -> tuple[str, int]:
    """Return host and port of the broker as boards reach it; an empty host if unknown.

    A broker on Home Assistant's machine has the address that Home Assistant has in the
    local network. A port for TLS or WebSockets, which boards do not speak, is left out.
    """
    host, port = "", _PORT
    for entry in hass.config_entries.async_entries("mqtt", include_ignore=False):
        host = str(entry.data.get("broker", ""))
        port = entry.data.get(CONF_PORT, _PORT) if _is_plain(entry.data) else _PORT
    if host in _THIS_MACHINE:
        try:
            url = get_url(hass, allow_external=False, allow_cloud=False)
        except NoURLAvailableError:
            return "", port
        host = URL(url).host or ""
    return host, port


def _is_plain(data: Mapping[str, Any]) -> bool:
    """Return whether Home Assistant speaks plain MQTT over TCP with its broker.

    The keys and the value are those of its MQTT integration
    (`homeassistant.components.mqtt.const`).
    """
    return data.get("transport", "tcp") == "tcp" and not data.get("certificate")
