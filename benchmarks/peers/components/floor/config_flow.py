"""A config flow without steps: entries are written before Home Assistant starts, but it needs the flow's version."""

from homeassistant.config_entries import ConfigFlow

from . import DOMAIN


class FloorConfigFlow(ConfigFlow, domain=DOMAIN):
    """The version of entries."""
