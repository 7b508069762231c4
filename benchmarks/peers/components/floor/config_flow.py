"""No flow: the entries are written before Home Assistant starts. But it looks for one."""

from homeassistant.config_entries import ConfigFlow

from . import DOMAIN


class FloorConfigFlow(ConfigFlow, domain=DOMAIN):
    """The version of entries."""
