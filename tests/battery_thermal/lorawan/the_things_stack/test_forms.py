"""Tests of the forms of The Things Stack: their fields, and what they add to an entry."""

from typing import Any

import pytest

from custom_components.battery_thermal.lorawan.server_type import ServerForm
from custom_components.battery_thermal.lorawan.the_things_stack.forms import (
    OWN_FORM,
    REAUTH_FORM,
    RECONFIGURE_FORM,
    TTN_FORM,
)
from custom_components.battery_thermal.lorawan.the_things_stack.server import (
    TTN_CLUSTERS,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import SelectSelector, TextSelector

OWN = {
    "host": "server.example",
    "tls": True,
    "mqtt_port": 8883,
    "http_port": 443,
    "application": "batteries@tenant",
    "api_key": "KEY",
}


def fields(form: Any) -> dict[str, Any]:
    """Return the fields of a form with their selectors."""
    return {str(key): value for key, value in form.schema.schema.items()}


def test_fields() -> None:
    """The key is entered as a password; a certificate has several lines."""
    assert list(fields(TTN_FORM)) == ["cluster", "application", "api_key"]
    assert sorted(fields(OWN_FORM)) == sorted([*OWN, "ca_certificate"])
    assert list(fields(REAUTH_FORM)) == ["api_key"]
    for form in (TTN_FORM, OWN_FORM, RECONFIGURE_FORM, REAUTH_FORM):
        key = fields(form)["api_key"]
        assert isinstance(key, TextSelector)
        assert key.config["type"] == "password"
        assert key.config["autocomplete"] == "off"
    cluster = fields(TTN_FORM)["cluster"]
    assert isinstance(cluster, SelectSelector)
    assert cluster.config["options"] == list(TTN_CLUSTERS)
    assert cluster.config["translation_key"] == "cluster"
    assert fields(OWN_FORM)["ca_certificate"].config["multiline"]


def test_defaults() -> None:
    """The ports are those of an encrypted connection."""
    filled = OWN_FORM.schema({"host": "a", "application": "b", "api_key": "c"})
    assert (filled["tls"], filled["mqtt_port"], filled["http_port"]) == (
        True,
        8883,
        443,
    )


@pytest.mark.parametrize(
    "application", ["batteries", " Batteries ", "batteries@ttn", "batteries@other"]
)
def test_the_things_network(hass: HomeAssistant, application: str) -> None:
    """The cluster gives host and ports, and the tenant is always the same."""
    entered = {"cluster": "nam1", "application": application, "api_key": " KEY\n"}

    assert TTN_FORM.entry_data(hass, TTN_FORM.clean(entered)) == {
        "host": "nam1.cloud.thethings.network",
        "tls": True,
        "mqtt_port": 8883,
        "http_port": 443,
        "application": "batteries@ttn",
        "api_key": "KEY",
    }


@pytest.mark.parametrize(
    "host", ["server.example", " Server.Example. ", "https://server.example/"]
)
@pytest.mark.parametrize("form", [OWN_FORM, RECONFIGURE_FORM], ids=["own", "change"])
def test_own_server(hass: HomeAssistant, form: ServerForm, host: str) -> None:
    """Only the host of a pasted URL is kept."""
    entered = OWN | {"host": host, "application": " Batteries@tenant"}

    assert form.entry_data(hass, form.clean(entered)) == OWN
