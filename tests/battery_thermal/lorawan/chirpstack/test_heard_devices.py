"""Tests of the names of devices that were received from ChirpStack."""

from custom_components.battery_thermal.lorawan.chirpstack.heard_devices import (
    MOST_DEVICES,
    HeardDevices,
    async_heard_devices,
)
from homeassistant.core import HomeAssistant


def test_names() -> None:
    """A device without a name has its EUI as name, and a known name stays."""
    heard = HeardDevices()
    assert heard.names == {}
    heard.note("1", "")
    assert heard.names == {"1": "1"}
    heard.note("1", "Garage")
    heard.note("1", "")
    assert heard.names == {"1": "Garage"}
    heard.note("1", "Shed")
    assert heard.names == {"1": "Shed"}


def test_names_are_a_copy() -> None:
    """A caller cannot change the stored names."""
    heard = HeardDevices()
    heard.note("1", "Garage")
    heard.names.clear()
    assert heard.names == {"1": "Garage"}


def test_application_name() -> None:
    """The name of the application is that of the newest event that has one."""
    heard = HeardDevices()
    assert heard.application_name == ""
    heard.note("1", "Garage", "Batteries")
    heard.note("1", "Garage")
    assert heard.application_name == "Batteries"
    heard.note("2", "Shed", "Cells")
    assert heard.application_name == "Cells"


def test_number_of_devices_is_bounded() -> None:
    """Beyond the limit no device is added, but known ones get new names."""
    heard = HeardDevices()
    for number in range(MOST_DEVICES + 5):
        heard.note(str(number), "")
    assert len(heard.names) == MOST_DEVICES
    heard.note("0", "Garage")
    assert heard.names["0"] == "Garage"
    assert str(MOST_DEVICES) not in heard.names


def test_shared_by_connections(hass: HomeAssistant) -> None:
    """All connections to an application share its names; another one has its own."""
    async_heard_devices(hass, "a").note("1", "Garage")
    assert async_heard_devices(hass, "a").names == {"1": "Garage"}
    assert async_heard_devices(hass, "b").names == {}
