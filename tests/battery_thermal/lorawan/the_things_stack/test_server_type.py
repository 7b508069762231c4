"""Tests of The Things Stack as a kind of network server."""

from typing import Any

import pytest

from custom_components.battery_thermal.lorawan.network_server import InvalidHostError
from custom_components.battery_thermal.lorawan.the_things_stack.server_type import (
    FAIR_USE,
    InvalidApplicationError,
    TheThingsStackType,
)
from homeassistant.core import HomeAssistant

TYPE = TheThingsStackType()
DATA = {
    "host": "eu1.cloud.thethings.network",
    "tls": False,
    "mqtt_port": 1883,
    "http_port": 1885,
    "application": "batteries@ttn",
    "api_key": "KEY",
}


def test_fair_use() -> None:
    """The limits of The Things Network apply to its clusters, elsewhere only if chosen."""
    assert (FAIR_USE.airtime, FAIR_USE.downlinks) == (30, 10)
    assert FAIR_USE.default_budget < FAIR_USE.downlinks
    assert TYPE.uses_public_network(DATA)
    assert not TYPE.uses_public_network(DATA | {"host": "server.example"})


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"host": "EU1.cloud.thethings.network."}, True),
        ({"api_key": "OTHER"}, True),
        ({"http_port": 1}, True),
        ({"mqtt_port": 1}, False),
        ({"host": "nam1.cloud.thethings.network"}, False),
        ({"application": "other@ttn"}, False),
    ],
)
def test_identity(change: dict[str, Any], same: bool) -> None:
    """Host, port and application identify an application, however they are written."""
    assert (TYPE.identity(DATA) == TYPE.identity(DATA | change)) is same


def test_device_ids() -> None:
    """A device id is part of topics and URLs, so it is checked."""
    assert TYPE.is_device_id("garage-1")
    assert not TYPE.is_device_id("garage/1")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"application": "Not an ID"}, InvalidApplicationError),
        ({"host": "127.0.0.1:8885"}, InvalidHostError),
        ({"host": "a" * 64 + ".example"}, InvalidHostError),
    ],
)
async def test_data_of_no_server(
    hass: HomeAssistant, change: dict[str, Any], error: type[Exception]
) -> None:
    """Data that cannot be those of a server are refused before connecting."""
    with pytest.raises(error):
        await TYPE.async_get_server(hass, DATA | change)
