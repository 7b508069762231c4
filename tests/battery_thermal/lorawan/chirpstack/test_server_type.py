"""Tests of ChirpStack as a kind of network server."""

from typing import Any

import pytest

from custom_components.battery_thermal.lorawan.chirpstack.heard_devices import (
    async_heard_devices,
)
from custom_components.battery_thermal.lorawan.chirpstack.server import STORAGE
from custom_components.battery_thermal.lorawan.chirpstack.server_type import (
    FAIR_USE,
    ChirpStackType,
    InvalidApplicationIdError,
    InvalidPrefixError,
)
from custom_components.battery_thermal.lorawan.network_server import InvalidHostError
from custom_components.battery_thermal.lorawan.tls import (
    InvalidCertificateError,
    InvalidClientCertificateError,
)
from homeassistant.core import HomeAssistant

TYPE = ChirpStackType()
APPLICATION = "17c82e96-be03-4f38-aef3-f83d48582d97"
DATA = {
    "server": "chirpstack",
    "host": "broker.example",
    "mqtt_port": 1883,
    "tls": False,
    "application": APPLICATION,
    "event_prefix": "eu868/",
    "command_prefix": "",
    "client_id": "ha-1",
}


def test_fair_use() -> None:
    """The limits are the law's 1 % of a day; they do not apply by default."""
    assert FAIR_USE.airtime == 0.01 * 24 * 3600
    assert FAIR_USE.default_budget < FAIR_USE.downlinks
    assert not TYPE.uses_public_network(DATA)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"host": "Broker.Example."}, True),
        ({"username": "owner"}, True),
        ({"client_id": "ha-2"}, True),
        ({"command_prefix": "cs/"}, True),
        ({"event_prefix": ""}, False),
        ({"mqtt_port": 1884}, False),
        ({"host": "other.example"}, False),
        ({"application": APPLICATION.replace("1", "2")}, False),
    ],
)
def test_identity(change: dict[str, Any], same: bool) -> None:
    """Broker, prefix of events and application identify an application."""
    assert (TYPE.identity(DATA) == TYPE.identity(DATA | change)) is same


def test_identity_without_prefix() -> None:
    """An entry without a prefix is the same as one with an empty prefix."""
    without = {key: value for key, value in DATA.items() if "prefix" not in key}
    assert TYPE.identity(without) == TYPE.identity(DATA | {"event_prefix": ""})


@pytest.mark.parametrize(
    "text", ["70B3D57ED0001234", "70-b3-d5-7e-d0-00-12-34", " 70:B3:D5:7E:D0:00:12:34 "]
)
def test_device_ids(text: str) -> None:
    """A device's EUI may be entered as labels print it."""
    assert TYPE.clean_device_id(text) == "70b3d57ed0001234"
    assert TYPE.is_device_id(TYPE.clean_device_id(text))
    assert not TYPE.is_device_id(TYPE.clean_device_id(text[:-3]))


def test_names_of_received_devices(hass: HomeAssistant) -> None:
    """Devices that were received are listed, and the application's name is the title."""
    assert TYPE.listens
    assert TYPE.async_heard_names(hass, DATA) == {}
    assert TYPE.async_title(hass, DATA) == APPLICATION
    heard = async_heard_devices(hass, TYPE.identity(DATA))
    heard.note("70b3d57ed0001234", "Garage", "Batteries")
    assert TYPE.async_heard_names(hass, DATA) == {"70b3d57ed0001234": "Garage"}
    assert TYPE.async_title(hass, DATA) == "Batteries"


def test_secrets() -> None:
    """Password, private key and the name of the session are not shown again."""
    assert TYPE.secrets == {"password", "client_key", "client_id"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"application": "batteries"}, InvalidApplicationIdError),
        ({"event_prefix": "eu/+/"}, InvalidPrefixError),
        ({"command_prefix": "#/"}, InvalidPrefixError),
        ({"host": "a" * 64 + ".example"}, InvalidHostError),
        ({"tls": True, "ca_certificate": "nonsense"}, InvalidCertificateError),
        ({"tls": True, "client_key": "KEY"}, InvalidClientCertificateError),
        ({"tls": True, "client_certificate": "PEM"}, InvalidClientCertificateError),
    ],
)
async def test_data_of_no_server(
    hass: HomeAssistant, change: dict[str, Any], error: type[Exception]
) -> None:
    """Data that cannot be those of a server are refused before connecting."""
    with pytest.raises(error):
        await TYPE.async_get_server(hass, DATA | change)


async def test_server(hass: HomeAssistant) -> None:
    """A server is made without a connection, and the broker keeps its messages."""
    server = await TYPE.async_get_server(hass, DATA)
    assert server.storage is STORAGE
    assert not server.lists_all_devices
    assert not server.replaces_queue
    assert await server.device_names() == {}
