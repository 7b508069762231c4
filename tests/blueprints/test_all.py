"""Tests of rules that hold for every blueprint."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict

from .common import BLUEPRINTS

REPOSITORY = BLUEPRINTS.parent
FILES = sorted(path.relative_to(BLUEPRINTS) for path in BLUEPRINTS.glob("**/*.yaml"))
DOCUMENTATION = (REPOSITORY / "docs" / "blueprints.md").read_text()


def inputs(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return all inputs, of all sections."""
    found = {}
    for name, value in content.items():
        found.update(value.get("input", {name: value}))
    return found


@pytest.mark.parametrize("path", FILES, ids=str)
def test_blueprint(hass: HomeAssistant, path: Path) -> None:
    """A blueprint states its source and its requirements, and describes its inputs."""
    data = load_yaml_dict(BLUEPRINTS / path)
    blueprint = Blueprint(data, schema=BLUEPRINT_SCHEMA)
    assert blueprint.validate() is None
    metadata = blueprint.metadata
    assert metadata["domain"] == path.parts[0]
    assert metadata["homeassistant"]["min_version"] == "2026.10.0"
    (manifest,) = {
        json.loads(file.read_text())["documentation"]
        for file in REPOSITORY.glob("custom_components/*/manifest.json")
    }
    assert metadata["source_url"] == f"{manifest}/blob/main/blueprints/{path}"
    for name, value in inputs(metadata["input"]).items():
        assert value["name"] and value["selector"], name
        # An input without a default has to be chosen, so it needs a description.
        assert "default" in value or value["description"], name


@pytest.mark.parametrize("path", FILES, ids=str)
def test_import_button(path: Path) -> None:
    """The documentation has a link that imports the blueprint."""
    source = load_yaml_dict(BLUEPRINTS / path)["blueprint"]["source_url"]
    link = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="
    assert link + quote(str(source), safe="") in DOCUMENTATION


@pytest.mark.parametrize("path", FILES, ids=str)
def test_name(path: Path) -> None:
    """The documentation calls a blueprint as Home Assistant does, but for the integration."""
    name = str(load_yaml_dict(BLUEPRINTS / path)["blueprint"]["name"]).split(": ")[-1]
    script = " (script)" if path.parts[0] == "script" else ""
    assert f"| {name[0].upper()}{name[1:]}{script} |" in DOCUMENTATION


def test_names_of_files() -> None:
    """File names are unique: Home Assistant stores an import under owner and file name only."""
    assert len({(path.parts[0], path.name) for path in FILES}) == len(FILES) > 8
