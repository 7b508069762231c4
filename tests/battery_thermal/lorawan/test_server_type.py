"""Tests of what all kinds of network servers have in common."""

from collections.abc import Mapping
from typing import Any

import probatio as vol
import pytest

from custom_components.battery_thermal.const import CONF_APPLICATION
from custom_components.battery_thermal.lorawan.factory import SERVER_TYPES
from custom_components.battery_thermal.lorawan.server_type import (
    SecretNeededError,
    ServerForm,
    ServerType,
    strip_texts,
)
from homeassistant.core import HomeAssistant


def test_what_pasting_adds() -> None:
    """Spaces and line ends around texts are removed, and other values stay."""
    entered = {"host": " eu1.example.org\n", "port": 1883, "tls": True}
    assert strip_texts(entered) == {
        "host": "eu1.example.org",
        "port": 1883,
        "tls": True,
    }


async def test_plain_form(hass: HomeAssistant) -> None:
    """A form is offered, stores what was entered, and has no link, unless it says so."""
    form = ServerForm(step_id="own", schema=vol.Schema({}))
    entered = form.clean({"application": " bank "})
    assert form.is_offered(hass)
    assert form.entry_data(hass, entered) == {"application": "bank"}
    assert form.console(entered) == ""


def test_secret_that_is_needed() -> None:
    """The error says which field of the form has to be filled in."""
    error = SecretNeededError("api_key")
    assert (error.field, str(error)) == ("api_key", "api_key")


@pytest.mark.parametrize("server_type", SERVER_TYPES.values())
async def test_every_kind(hass: HomeAssistant, server_type: ServerType) -> None:
    """An entry has its application's name; forms differ, and secrets are of them."""
    data: Mapping[str, Any] = {
        CONF_APPLICATION: "bank",
        "host": "example.org",
        "mqtt_port": 1883,
    }
    assert server_type.async_title(hass, data) == "bank"
    steps = [form.step_id for form in server_type.forms]
    assert len(set(steps)) == len(steps)
    names = {str(key) for form in server_type.forms for key in form.schema.schema}
    # The id of an MQTT client is made here, and not entered.
    entered = server_type.secrets - {"client_id"}
    assert entered
    assert entered <= names
