"""The network server that a config entry's data describes."""

from collections.abc import Mapping
import ssl
from typing import Any

from homeassistant.const import CONF_API_KEY, CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.ssl import client_context, create_client_context

from .const import (
    CONF_APPLICATION,
    CONF_CA_CERTIFICATE,
    CONF_HTTP_PORT,
    CONF_MQTT_PORT,
    CONF_TLS,
)
from .lorawan.network_server import NetworkServer, NetworkServerError
from .lorawan.the_things_stack import Application, TheThingsStack


class InvalidCertificateError(NetworkServerError):
    """The certificate that the owner wants to trust is none."""

    key = "invalid_ca"


class InvalidHostError(NetworkServerError):
    """What the owner says is the server's name is none."""

    key = "invalid_host"


async def async_get_server(
    hass: HomeAssistant, data: Mapping[str, Any]
) -> NetworkServer:
    """Return the network server of a config entry's data; connects nothing yet.

    Raises InvalidCertificateError and InvalidHostError.
    """
    tls = None
    if data[CONF_TLS]:
        # Home Assistant has made this one when it started.
        tls = client_context()
        if pem := data.get(CONF_CA_CERTIFICATE):
            tls = await hass.async_add_executor_job(_trust, pem)
    application = Application(
        host=data[CONF_HOST],
        mqtt_port=data[CONF_MQTT_PORT],
        http_port=data[CONF_HTTP_PORT],
        tls=tls,
        user_name=data[CONF_APPLICATION],
        api_key=data[CONF_API_KEY],
    )
    try:
        # The resolver does it too, and nobody expects there that a name is none.
        application.host.encode("idna")
        return TheThingsStack(application, async_get_clientsession(hass))
    except ValueError as error:
        raise InvalidHostError(str(error)) from error


def _trust(pem: str) -> ssl.SSLContext:
    """Return a context that trusts a certificate too. Reads files."""
    context = create_client_context()
    try:
        context.load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError) as error:
        raise InvalidCertificateError(str(error)) from error
    return context
