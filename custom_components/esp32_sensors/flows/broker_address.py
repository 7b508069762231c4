"""Where boards reach the broker that Home Assistant uses."""

from typing import Final

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
    local network.
    """
    host, port = "", _PORT
    for entry in hass.config_entries.async_entries("mqtt", include_ignore=False):
        host = str(entry.data.get("broker", ""))
        port = entry.data.get(CONF_PORT, _PORT)
    if host in _THIS_MACHINE:
        try:
            url = get_url(hass, allow_external=False, allow_cloud=False)
        except NoURLAvailableError:
            return "", port
        host = URL(url).host or ""
    return host, port
