"""The network server that a config entry's data describes."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_API_KEY, CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.ssl import client_context

from .const import CONF_APPLICATION, CONF_HTTP_PORT, CONF_MQTT_PORT, CONF_TLS
from .lorawan.network_server import NetworkServer
from .lorawan.the_things_stack import Application, TheThingsStack


def async_get_server(hass: HomeAssistant, data: Mapping[str, Any]) -> NetworkServer:
    """Return the network server of a config entry's data; connects nothing yet."""
    application = Application(
        host=data[CONF_HOST],
        mqtt_port=data[CONF_MQTT_PORT],
        http_port=data[CONF_HTTP_PORT],
        # Made once by Home Assistant, off the event loop: it reads certificates.
        tls=client_context() if data[CONF_TLS] else None,
        user_name=data[CONF_APPLICATION],
        api_key=data[CONF_API_KEY],
    )
    return TheThingsStack(application, async_get_clientsession(hass))
