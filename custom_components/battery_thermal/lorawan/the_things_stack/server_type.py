"""The Things Stack as a kind of network server: its limits, and how a server is made."""

from collections.abc import Hashable, Mapping
from typing import Any, Final, override

from homeassistant.const import CONF_API_KEY, CONF_HOST
from homeassistant.core import HomeAssistant

from ...const import (
    CONF_APPLICATION,
    CONF_CA_CERTIFICATE,
    CONF_HTTP_PORT,
    CONF_MQTT_PORT,
    CONF_TLS,
)
from ..fair_use import FairUse
from ..hosts import canonical_host
from ..http_session import async_get_session
from ..network_server import InvalidHostError, NetworkServer, NetworkServerError
from ..server_type import SecretNeededError, ServerType
from ..tls import async_get_tls_context
from .forms import OWN_FORM, REAUTH_FORM, RECONFIGURE_FORM, TTN_FORM
from .ids import is_id, is_user_name
from .server import Application, TheThingsStack, is_ttn

# The Things Network's fair use policy: 30 s of uplink airtime and 10 downlinks per node
# and day. Two of the ten are left to what the network itself sends.
FAIR_USE: Final = FairUse(airtime=30.0, downlinks=10, default_budget=8)


class InvalidApplicationError(NetworkServerError):
    """The application's ID cannot be one."""

    key = "invalid_application"


class TheThingsStackType(ServerType):
    """The Things Network, and any other The Things Stack."""

    key = "the_things_stack"
    forms = (TTN_FORM, OWN_FORM)
    reconfigure_form = RECONFIGURE_FORM
    reauth_form = REAUTH_FORM
    secrets = frozenset({CONF_API_KEY})
    fair_use = FAIR_USE

    @override
    def with_kept_secrets(
        self, before: Mapping[str, Any], entered: dict[str, Any]
    ) -> dict[str, Any]:
        if entered.get(CONF_API_KEY):
            return entered
        if canonical_host(entered[CONF_HOST]) != canonical_host(before[CONF_HOST]):
            raise SecretNeededError(CONF_API_KEY)
        return {**entered, CONF_API_KEY: before[CONF_API_KEY]}

    @override
    def uses_public_network(self, data: Mapping[str, Any]) -> bool:
        return is_ttn(data[CONF_HOST])

    @override
    def identity(self, data: Mapping[str, Any]) -> Hashable:
        host = canonical_host(data[CONF_HOST])
        return host, data[CONF_MQTT_PORT], data[CONF_APPLICATION]

    @override
    def is_device_id(self, text: str) -> bool:
        return is_id(text)

    @override
    async def async_get_server(
        self, hass: HomeAssistant, data: Mapping[str, Any]
    ) -> NetworkServer:
        """Return the server of a config entry's data, not connected.

        Raises InvalidApplicationError, InvalidCertificateError and InvalidHostError.
        """
        if not is_user_name(data[CONF_APPLICATION]):
            raise InvalidApplicationError(data[CONF_APPLICATION])
        tls = None
        if data[CONF_TLS]:
            tls = await async_get_tls_context(hass, data.get(CONF_CA_CERTIFICATE))
        application = Application(
            host=canonical_host(data[CONF_HOST]),
            mqtt_port=data[CONF_MQTT_PORT],
            http_port=data[CONF_HTTP_PORT],
            tls=tls,
            user_name=data[CONF_APPLICATION],
            api_key=data[CONF_API_KEY],
        )
        try:
            # The resolver encodes the name too, and nothing there expects it to fail.
            application.host.encode("idna")
            return TheThingsStack(application, async_get_session(hass))
        except ValueError as error:
            raise InvalidHostError(str(error)) from error
