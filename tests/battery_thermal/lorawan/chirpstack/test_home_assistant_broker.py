"""Tests of the copy of the broker's address and account from the MQTT integration."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.lorawan.chirpstack.home_assistant_broker import (
    broker_of_home_assistant,
)
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryDisabler
from homeassistant.core import HomeAssistant


def test_no_mqtt_integration(hass: HomeAssistant) -> None:
    """Without the MQTT integration nothing can be copied."""
    assert broker_of_home_assistant(hass) == {}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({}, {"mqtt_port": 1883, "tls": False}),
        ({"transport": "tcp", "port": 8885}, {"mqtt_port": 8885, "tls": False}),
        (
            {"username": "owner", "password": "secret"},
            {
                "mqtt_port": 1883,
                "tls": False,
                "username": "owner",
                "password": "secret",
            },
        ),
        ({"port": 8883, "certificate": "auto"}, {"mqtt_port": 8883, "tls": True}),
        (
            {
                "port": 8883,
                "certificate": "CA",
                "client_cert": "CERTIFICATE",
                "client_key": "KEY",
            },
            {
                "mqtt_port": 8883,
                "tls": True,
                "ca_certificate": "CA",
                "client_certificate": "CERTIFICATE",
                "client_key": "KEY",
            },
        ),
    ],
    ids=["default port", "port", "account", "known authorities", "certificates"],
)
def test_copied(
    hass: HomeAssistant, data: dict[str, Any], found: dict[str, Any]
) -> None:
    """Address, account and certificates are copied; what is not set is left out."""
    MockConfigEntry(domain="mqtt", data={"broker": "core", **data}).add_to_hass(hass)
    assert broker_of_home_assistant(hass) == {"host": "core", **found}


def test_web_sockets(hass: HomeAssistant) -> None:
    """A connection through WebSockets cannot be copied."""
    data = {"broker": "core", "transport": "websockets"}
    MockConfigEntry(domain="mqtt", data=data).add_to_hass(hass)
    assert broker_of_home_assistant(hass) == {}


@pytest.mark.parametrize(
    "options",
    [{"source": SOURCE_IGNORE}, {"disabled_by": ConfigEntryDisabler.USER}],
    ids=["ignored", "disabled"],
)
def test_unused_entry(hass: HomeAssistant, options: dict[str, Any]) -> None:
    """An entry that was ignored or disabled is not copied."""
    MockConfigEntry(domain="mqtt", data={"broker": "a"}, **options).add_to_hass(hass)
    assert broker_of_home_assistant(hass) == {}
