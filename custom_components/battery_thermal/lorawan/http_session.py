"""The HTTP session that all network servers share."""

from typing import Final

import aiohttp

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from .interim_answers import LimitedRequest

_SESSION: Final[HassKey[aiohttp.ClientSession]] = HassKey(f"{DOMAIN}_http")


@callback
def async_get_session(hass: HomeAssistant) -> aiohttp.ClientSession:
    """Return the HTTP session of this integration.

    Home Assistant's own stores cookies, and reads interim answers, of which a server
    could send any number.
    """
    if _SESSION not in hass.data:
        session = hass.data[_SESSION] = async_create_clientsession(
            hass,
            auto_cleanup=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            request_class=LimitedRequest,
        )

        @callback
        def detach(_closing: Event) -> None:
            session.detach()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, detach)
    return hass.data[_SESSION]
