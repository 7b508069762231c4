"""Tests of the kinds of network servers: each is complete, and found by its key."""

import json
from pathlib import Path
from typing import Any

import probatio as vol
import pytest

from custom_components.battery_thermal.const import CONF_SERVER
from custom_components.battery_thermal.lorawan.factory import (
    SERVER_TYPES,
    server_type_of,
)
from custom_components.battery_thermal.lorawan.network_server import NetworkServerError
from custom_components.battery_thermal.lorawan.server_type import ServerForm, ServerType
from homeassistant.helpers import config_validation as cv
from simulator.networks import NETWORKS

ALL_TEXTS: dict[str, Any] = json.loads(
    (
        Path(__file__).parents[3]
        / "custom_components/battery_thermal/translations/en.json"
    ).read_text()
)
TEXTS: dict[str, Any] = ALL_TEXTS["config"]

each = pytest.mark.parametrize("server_type", SERVER_TYPES.values(), ids=SERVER_TYPES)


def forms(server_type: ServerType) -> list[ServerForm]:
    """Return all forms of a kind of server."""
    return [
        *server_type.forms,
        server_type.reconfigure_form,
        server_type.reauth_form,
    ]


@each
def test_found_by_its_key(server_type: ServerType) -> None:
    """An entry names the kind of its server."""
    assert server_type_of({CONF_SERVER: server_type.key}) is server_type


def test_entries_without_a_kind() -> None:
    """Entries of the releases that had one kind of server are of The Things Stack."""
    assert server_type_of({}) is SERVER_TYPES["the_things_stack"]


@each
def test_forms_have_texts(server_type: ServerType) -> None:
    """Each field of each form has a label and a description; there are no other texts."""
    for form in forms(server_type):
        fields = {str(key) for key in form.schema.schema}
        texts = TEXTS["step"][form.step_id]
        assert texts["data"].keys() == texts["data_description"].keys() == fields
    menu = TEXTS["step"]["user"]["menu_options"]
    assert {form.step_id for form in server_type.forms} <= menu.keys()


def test_shared_steps_name_no_server() -> None:
    """The texts of steps that are no form of a server hold for each server."""
    own = {form.step_id for kind in SERVER_TYPES.values() for form in forms(kind)}
    shared = {name: step for name, step in TEXTS["step"].items() if name not in own}
    assert shared.pop("user")["menu_options"].keys() <= own
    for name, step in shared.items():
        for kind in NETWORKS.values():
            assert kind.title not in json.dumps(step), name


@each
def test_forms_can_be_shown(server_type: ServerType) -> None:
    """Home Assistant can send each form to a browser."""
    for form in forms(server_type):
        shown = vol.to_field_list(form.schema, custom_serializer=cv.custom_serializer)
        assert len(shown) == len(form.schema.schema)


def test_errors_have_texts() -> None:
    """Each error that a server can raise has a text for the form."""

    def errors(kind: type[NetworkServerError]) -> set[str]:
        """Return the keys of an error and all those below it."""
        return {kind.key}.union(*map(errors, kind.__subclasses__()))

    # These two are raised for a device, never by a form.
    # A secret that is missing, and too many cells, are errors of the forms alone.
    assert errors(NetworkServerError) - {"unknown_device", "encrypted"} == (
        set(TEXTS["error"]) - {"secret_needed", "too_many_areas"}
    )


def test_refused_settings_have_texts() -> None:
    """What is said of a refused downlink is said on the card as well, and by name."""
    said = {
        key.removeprefix("downlink_")
        for key in ALL_TEXTS["exceptions"]
        if key.startswith("downlink_")
    }
    on_the_card = {
        key.removeprefix("error_")
        for key in ALL_TEXTS["config_panel"]["settings"]
        if key.startswith("error_")
    }
    # These come later, when the downlink has been accepted.
    assert on_the_card - {"no_answer", "not_sent", "unknown"} == said


@each
def test_ids_of_devices_have_texts(server_type: ServerType) -> None:
    """A form that refuses the id of a device says what an id of this server is."""
    node = ALL_TEXTS["config_subentries"]["node"]
    assert server_type.device_id_error in node["error"]
