"""Tests of TLS contexts."""

from pathlib import Path
import ssl

import pytest

from custom_components.battery_thermal.lorawan.tls import (
    InvalidCertificateError,
    async_get_tls_context,
)
from homeassistant.core import HomeAssistant
from tests.battery_thermal.certificates import self_signed


async def test_usual_authorities(hass: HomeAssistant) -> None:
    """Without a certificate the context is Home Assistant's own."""
    context = await async_get_tls_context(hass, None)

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert await async_get_tls_context(hass, "") is context


async def test_another_authority(hass: HomeAssistant, tmp_path: Path) -> None:
    """A certificate is trusted in addition, in a separate context."""
    _context, pem = self_signed(tmp_path)

    context = await async_get_tls_context(hass, pem)

    usual = await async_get_tls_context(hass, None)
    assert len(context.get_ca_certs()) > 0
    assert context is not usual


async def test_no_certificate(hass: HomeAssistant) -> None:
    """A text that is no certificate is refused."""
    with pytest.raises(InvalidCertificateError):
        await async_get_tls_context(hass, "no certificate")
