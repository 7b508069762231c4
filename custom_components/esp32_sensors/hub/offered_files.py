"""Files with secrets that an open dialog offers for download. They are in memory only."""

from collections.abc import Mapping
from datetime import timedelta
import secrets
from typing import Final

from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

URL: Final = f"/api/{DOMAIN}/board_files/{{offer_id}}/{{name}}"

_SIGNED_FOR: Final = timedelta(minutes=30)

_OFFERS: Final[HassKey[dict[str, Mapping[str, str]]]] = HassKey(
    f"{DOMAIN}_offered_files"
)


@callback
def async_offer_files(hass: HomeAssistant, files: Mapping[str, str]) -> str:
    """Offer files, by their names, until they are withdrawn; return the id of the offer."""
    offer_id = secrets.token_urlsafe(16)
    hass.data.setdefault(_OFFERS, {})[offer_id] = files
    return offer_id


@callback
def async_withdraw_files(hass: HomeAssistant, offer_id: str) -> None:
    """Offer these files no longer."""
    hass.data[_OFFERS].pop(offer_id, None)


def offered_file(hass: HomeAssistant, offer_id: str, name: str) -> str | None:
    """Return the text of a file that is offered, None for any other."""
    return hass.data.get(_OFFERS, {}).get(offer_id, {}).get(name)


def file_url(hass: HomeAssistant, offer_id: str, name: str) -> str:
    """Return a URL of a file, with the rights of the user who has opened the dialog."""
    return async_sign_path(hass, URL.format(offer_id=offer_id, name=name), _SIGNED_FOR)
