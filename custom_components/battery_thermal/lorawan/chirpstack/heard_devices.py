"""Names of an application and of its devices, taken from their events.

ChirpStack's MQTT integration does not list devices. The names that a dialog or a config
entry has received are kept until Home Assistant stops.
"""

from collections.abc import Hashable
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ...const import DOMAIN

# Largest number of devices of an application whose names are kept.
MOST_DEVICES: Final = 500


class HeardDevices:
    """Devices of one application by their EUI, and the application's name."""

    def __init__(self) -> None:
        """Initialize without devices."""
        self.application_name = ""
        """Name of the application, empty until an event was received."""
        self._names: dict[str, str] = {}

    @property
    def names(self) -> dict[str, str]:
        """Names by EUI. The name of a device without one is its EUI."""
        return dict(self._names)

    def note(self, dev_eui: str, name: str, application_name: str = "") -> None:
        """Store the names of a device that was received; empty ones replace no known ones."""
        self.application_name = application_name or self.application_name
        if dev_eui in self._names or len(self._names) < MOST_DEVICES:
            self._names[dev_eui] = name or self._names.get(dev_eui, dev_eui)


_HEARD: Final[HassKey[dict[Hashable, HeardDevices]]] = HassKey(
    f"{DOMAIN}_chirpstack_devices"
)


@callback
def async_heard_devices(hass: HomeAssistant, application: Hashable) -> HeardDevices:
    """Return the devices of an application, shared by all its connections."""
    return hass.data.setdefault(_HEARD, {}).setdefault(application, HeardDevices())
