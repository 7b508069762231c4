"""Tests of the forms of ChirpStack: their fields, and the data of an entry."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.lorawan.chirpstack.forms import (
    BROKER_FORM,
    HOME_ASSISTANT_FORM,
    KEY,
    REAUTH_FORM,
    RECONFIGURE_FORM,
)
from custom_components.battery_thermal.lorawan.server_type import ServerForm
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import TextSelector

APPLICATION = "17c82e96-be03-4f38-aef3-f83d48582d97"
LOGIN = ["username", "password", "client_certificate", "client_key"]
IDS = ["application", "event_prefix", "command_prefix"]


def fields(form: ServerForm) -> dict[str, Any]:
    """Return the fields of a form with their selectors."""
    return {str(key): value for key, value in form.schema.schema.items()}


def test_fields() -> None:
    """Only the form of another broker asks for an address and an account."""
    assert list(fields(HOME_ASSISTANT_FORM)) == IDS
    address = ["host", "mqtt_port", "tls", "ca_certificate"]
    for form in (BROKER_FORM, RECONFIGURE_FORM):
        assert list(fields(form)) == [*address, *LOGIN, *IDS]
    assert list(fields(REAUTH_FORM)) == LOGIN


@pytest.mark.parametrize("form", [BROKER_FORM, RECONFIGURE_FORM, REAUTH_FORM])
def test_selectors(form: ServerForm) -> None:
    """The password is not shown; certificates and keys have several lines."""
    found = fields(form)
    assert isinstance(found["password"], TextSelector)
    assert found["password"].config["type"] == "password"
    assert found["password"].config["autocomplete"] == "off"
    assert found["client_certificate"].config["multiline"]
    assert found["client_key"].config["multiline"]


def test_defaults() -> None:
    """A broker is reached on port 1883 without encryption, as ChirpStack's own."""
    filled = BROKER_FORM.schema({"host": "a", "application": APPLICATION})
    assert filled == {
        "host": "a",
        "application": APPLICATION,
        "mqtt_port": 1883,
        "tls": False,
    }


@pytest.mark.parametrize(
    ("entered", "prefix"), [("", ""), (" eu868 ", "eu868/"), ("eu868/", "eu868/")]
)
@pytest.mark.parametrize("form", [BROKER_FORM, RECONFIGURE_FORM])
def test_clean(form: ServerForm, entered: str, prefix: str) -> None:
    """Pasted texts lose spaces, URLs become hosts, ids lower case, prefixes a slash."""
    user_input = {
        "host": " mqtt://Broker.example/ ",
        "application": f" {APPLICATION.upper()}\n",
        "event_prefix": entered,
    }
    assert form.clean(user_input) == {
        "host": "broker.example",
        "application": APPLICATION,
        "event_prefix": prefix,
        "command_prefix": "",
    }


def test_entry_data(hass: HomeAssistant) -> None:
    """The entry names its server and the session that the broker keeps.

    Every broker accepts client ids of up to 23 characters (MQTT 5.0, 3.1.3.1).
    """
    entered = {"host": "a", "application": APPLICATION}
    data = BROKER_FORM.entry_data(hass, entered)
    client_id = data.pop("client_id")
    assert data == entered | {"server": KEY}
    assert client_id.startswith("ha-")
    assert len(client_id) == 23
    assert BROKER_FORM.entry_data(hass, entered)["client_id"] != client_id


def test_client_id_is_kept(hass: HomeAssistant) -> None:
    """A client id that exists already is not replaced."""
    entered = {"host": "a", "application": APPLICATION, "client_id": "ha-1"}
    assert RECONFIGURE_FORM.entry_data(hass, entered)["client_id"] == "ha-1"


def test_broker_of_home_assistant(hass: HomeAssistant) -> None:
    """The form is offered if the MQTT integration is set up, and copies its broker."""
    assert not HOME_ASSISTANT_FORM.is_offered(hass)
    assert BROKER_FORM.is_offered(hass)
    MockConfigEntry(
        domain="mqtt", data={"broker": "core", "username": "owner"}
    ).add_to_hass(hass)
    assert HOME_ASSISTANT_FORM.is_offered(hass)
    cleaned = HOME_ASSISTANT_FORM.clean({"application": APPLICATION})
    data = HOME_ASSISTANT_FORM.entry_data(hass, cleaned)
    assert data["host"] == "core"
    assert data["username"] == "owner"
    assert data["application"] == APPLICATION
    assert data["client_id"].startswith("ha-")
