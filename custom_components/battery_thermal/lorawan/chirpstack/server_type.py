"""ChirpStack as a kind of network server: its limits, and creation of a server."""

from collections.abc import Hashable, Mapping
import ssl
from typing import Any, Final, override

from homeassistant.const import CONF_CLIENT_ID, CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant, callback

from ...const import (
    CONF_APPLICATION,
    CONF_CA_CERTIFICATE,
    CONF_CLIENT_CERTIFICATE,
    CONF_CLIENT_KEY,
    CONF_COMMAND_PREFIX,
    CONF_EVENT_PREFIX,
    CONF_MQTT_PORT,
    CONF_TLS,
)
from ..fair_use import FairUse
from ..hosts import canonical_host
from ..mqtt5_connection import Broker
from ..network_server import InvalidHostError, NetworkServerError
from ..server_type import SecretNeededError, ServerType
from ..tls import InvalidClientCertificateError, async_get_tls_context
from .forms import BROKER_FORM, HOME_ASSISTANT_FORM, KEY, REAUTH_FORM, RECONFIGURE_FORM
from .heard_devices import async_heard_devices
from .ids import (
    Topics,
    is_application_id,
    is_dev_eui,
    is_topic_prefix,
    normalized_dev_eui,
)
from .server import ChirpStack

# The duty cycle that the law allows in most of EU868 is 1 % (ETSI EN 300 220-2, band 865
# to 868.6 MHz): 864 s a day. ChirpStack itself has no limits; that of downlinks is ours,
# one every six minutes.
FAIR_USE: Final = FairUse(airtime=864.0, downlinks=240, default_budget=100)


class InvalidApplicationIdError(NetworkServerError):
    """The application's ID is not a UUID."""

    key = "invalid_application_id"


class InvalidPrefixError(NetworkServerError):
    """Topics cannot begin with the prefix."""

    key = "invalid_prefix"


class ChirpStackType(ServerType):
    """ChirpStack v4."""

    key = KEY
    forms = (HOME_ASSISTANT_FORM, BROKER_FORM)
    reconfigure_form = RECONFIGURE_FORM
    reauth_form = REAUTH_FORM
    secrets = frozenset({CONF_PASSWORD, CONF_CLIENT_KEY, CONF_CLIENT_ID})
    fair_use = FAIR_USE
    listens = True
    device_id_error = "invalid_dev_eui"

    @override
    def with_kept_secrets(
        self, before: Mapping[str, Any], entered: dict[str, Any]
    ) -> dict[str, Any]:
        kept = {}
        same_host = canonical_host(entered[CONF_HOST]) == canonical_host(
            before[CONF_HOST]
        )
        for of, secret in (
            (CONF_USERNAME, CONF_PASSWORD),
            (CONF_CLIENT_CERTIFICATE, CONF_CLIENT_KEY),
        ):
            if entered.get(secret) or not entered.get(of) or not before.get(secret):
                continue
            # Another account has another password.
            if not same_host or entered[of] != before.get(of):
                raise SecretNeededError(secret)
            kept[secret] = before[secret]
        return {**entered, **kept}

    @override
    def uses_public_network(self, data: Mapping[str, Any]) -> bool:
        return False

    @override
    def identity(self, data: Mapping[str, Any]) -> Hashable:
        host = canonical_host(data[CONF_HOST])
        prefix = data.get(CONF_EVENT_PREFIX, "")
        return host, data[CONF_MQTT_PORT], prefix, data[CONF_APPLICATION]

    @override
    def is_device_id(self, text: str) -> bool:
        return is_dev_eui(text)

    @override
    def clean_device_id(self, text: str) -> str:
        return normalized_dev_eui(text)

    @callback
    @override
    def async_heard_names(
        self, hass: HomeAssistant, data: Mapping[str, Any]
    ) -> dict[str, str]:
        return async_heard_devices(hass, self.identity(data)).names

    @callback
    @override
    def async_title(self, hass: HomeAssistant, data: Mapping[str, Any]) -> str:
        """Return the application's name, or its ID if no event was received yet."""
        name = async_heard_devices(hass, self.identity(data)).application_name
        return name or super().async_title(hass, data)

    @override
    async def async_forget(self, hass: HomeAssistant, data: Mapping[str, Any]) -> None:
        server = await self.async_get_server(hass, data)
        await server.forget_session()

    @override
    async def async_listen(self, hass: HomeAssistant, data: Mapping[str, Any]) -> None:
        server = await self.async_get_server(hass, data)
        await server.listen()

    @override
    async def async_get_server(
        self, hass: HomeAssistant, data: Mapping[str, Any]
    ) -> ChirpStack:
        """Return the server of a config entry's data, not connected.

        Raises InvalidApplicationIdError, InvalidPrefixError, InvalidHostError,
        InvalidCertificateError and InvalidClientCertificateError.
        """
        if not is_application_id(data[CONF_APPLICATION]):
            raise InvalidApplicationIdError(data[CONF_APPLICATION])
        prefixes = data.get(CONF_EVENT_PREFIX, ""), data.get(CONF_COMMAND_PREFIX, "")
        if not all(map(is_topic_prefix, prefixes)):
            raise InvalidPrefixError(str(prefixes))
        host = canonical_host(data[CONF_HOST])
        try:
            # The resolver encodes the name too, and its error there would not be handled.
            host.encode("idna")
        except ValueError as error:
            raise InvalidHostError(str(error)) from error
        broker = Broker(
            host=host,
            port=data[CONF_MQTT_PORT],
            tls=await self._async_get_tls_context(hass, data),
            user_name=data.get(CONF_USERNAME),
            password=data.get(CONF_PASSWORD),
            client_id=data[CONF_CLIENT_ID],
        )
        topics = Topics(data[CONF_APPLICATION], *prefixes)
        heard = async_heard_devices(hass, self.identity(data))
        return ChirpStack(broker, topics, heard)

    @staticmethod
    async def _async_get_tls_context(
        hass: HomeAssistant, data: Mapping[str, Any]
    ) -> ssl.SSLContext | None:
        """Return the TLS context, None for a connection without TLS."""
        if not data[CONF_TLS]:
            return None
        client = data.get(CONF_CLIENT_CERTIFICATE), data.get(CONF_CLIENT_KEY)
        if any(client) and not all(client):
            raise InvalidClientCertificateError("a certificate and its key are needed")
        return await async_get_tls_context(
            hass,
            data.get(CONF_CA_CERTIFICATE),
            (client[0], client[1]) if client[0] and client[1] else None,
        )
