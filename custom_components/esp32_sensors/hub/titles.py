"""Titles of networks, which their devices have as names."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_PREFIX

_TITLE: Final = "ESP32 network"

#: Until version 1.1 of the entries a network had the name of the integration.
_OLD_TITLE: Final = "ESP32 sensors"


def network_title(prefix: str) -> str:
    """Return the title of a network that its owner has not renamed."""
    return f"{_TITLE} ({prefix.removesuffix('/')})" if prefix else _TITLE


@callback
def async_migrate_title(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Give an entry of version 1.1 the present title, unless its owner has renamed it."""
    title = entry.title
    new_title = network_title(entry.data[CONF_PREFIX])
    if title == new_title.replace(_TITLE, _OLD_TITLE, 1):
        title = new_title
    hass.config_entries.async_update_entry(entry, title=title, minor_version=2)
