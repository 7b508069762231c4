"""Tests of the HTTP session of all network servers."""

from yarl import URL

from custom_components.battery_thermal.lorawan.http_session import async_get_session
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant


async def test_one_session_without_cookies(hass: HomeAssistant) -> None:
    """All servers share one session, which stores no cookies and ends with Home Assistant."""
    session = async_get_session(hass)

    assert async_get_session(hass) is session
    assert not session.cookie_jar.filter_cookies(URL("https://example.org"))
    hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    await hass.async_block_till_done()
    assert session.closed
