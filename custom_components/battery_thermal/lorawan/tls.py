"""TLS contexts for connections to network servers."""

import ssl
import tempfile

from homeassistant.core import HomeAssistant
from homeassistant.util.ssl import client_context, create_client_context

from .network_server import NetworkServerError


class InvalidCertificateError(NetworkServerError):
    """The certificate that the owner wants to trust is not in PEM format."""

    key = "invalid_ca"


class InvalidClientCertificateError(NetworkServerError):
    """The client certificate and its key are not in PEM format, or not of each other."""

    key = "invalid_client_certificate"


async def async_get_tls_context(
    hass: HomeAssistant,
    certificate: str | None,
    client: tuple[str, str] | None = None,
) -> ssl.SSLContext:
    """Return a context that trusts the usual authorities and a certificate (PEM) too.

    `client`: certificate and key of this client (PEM). Raises InvalidCertificateError
    and InvalidClientCertificateError.
    """
    if certificate or client:
        return await hass.async_add_executor_job(_context, certificate, client)
    # Home Assistant created this one when it started.
    return client_context()


def _context(certificate: str | None, client: tuple[str, str] | None) -> ssl.SSLContext:
    """Return a context of its own. Blocking: reads files."""
    context = create_client_context()
    try:
        if certificate:
            context.load_verify_locations(cadata=certificate)
    except (ssl.SSLError, ValueError) as error:
        raise InvalidCertificateError(str(error)) from error
    if client:
        _load_client_certificate(context, *client)
    return context


def _load_client_certificate(
    context: ssl.SSLContext, certificate: str, key: str
) -> None:
    """Load certificate and key, which Python reads from a file only."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii", errors="replace") as file:
        file.write(f"{certificate}\n{key}\n")
        file.flush()
        try:
            # An encrypted key would be asked for on the terminal.
            context.load_cert_chain(file.name, password="")
        except (ssl.SSLError, ValueError) as error:
            raise InvalidClientCertificateError(str(error)) from error
