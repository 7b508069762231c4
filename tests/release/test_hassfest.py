"""What hassfest asks of integrations, where its rules can be held against the files without it.

hassfest (script/hassfest of github.com/home-assistant/core) is in no package. The workflow ``distribution.yml`` runs it;
this finds most of it before. Its modules ``translations``, ``icons``, ``services``, ``dependencies`` and ``config_flow``
are meant; manifests are held to it in ``release/rules.py``. Some of it hassfest only asks of Home Assistant's own
integrations: that all actions have texts and icons, and that texts are about something that is there.
"""

import ast
from collections.abc import Iterator
from functools import partial
import json
from pathlib import Path
import re
from typing import Any

import probatio as vol
import pytest

import homeassistant.components
from homeassistant.const import Platform
from homeassistant.helpers import config_validation as cv, selector
from homeassistant.requirements import DISCOVERY_INTEGRATIONS
from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).parents[2] / "custom_components"
CORE = Path(homeassistant.components.__path__[0])
DOMAINS = sorted(path.parent.name for path in ROOT.glob("*/manifest.json"))
PLATFORMS = {platform.value for platform in Platform}

KEY = re.compile(r"(?!.+[_-]{2})(?![_-])[a-z0-9_-]+(?<![_-])")
ALLOWED_WITHOUT_DEPENDENCY = PLATFORMS | {
    "frontend",
    "homeassistant",
    "media_source",
    "persistent_notification",
    "system_health",
    "webhook",
    "websocket_api",
}
"""Those of hassfest's ``ALLOWED_USED_COMPONENTS`` that these integrations could need."""

each = pytest.mark.parametrize("domain", DOMAINS)


def load(domain: str, path: str) -> dict[str, Any]:
    """Return a JSON or YAML file of an integration."""
    file = ROOT / domain / path
    if file.suffix == ".yaml":
        return load_yaml_dict(str(file))
    found: dict[str, Any] = json.loads(file.read_text())
    return found


# --- texts --------------------------------------------------------------------------------------------------------


def text(value: Any) -> str:
    """Accept a text that translators can work with: no markup, no address, nothing put together of others."""
    said = cv.string_with_no_html(value)
    if re.search(r"https?://|\[%key:", said) or not said.strip():
        raise vol.Invalid(f"{said!r} is no text to translate")
    return said


def key(value: Any) -> str:
    """Accept a translation key."""
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise vol.Invalid(f"{value!r} is no translation key")
    return value


TEXTS = {str: text}
SECTION = {
    vol.Optional("name"): text,
    vol.Optional("description"): text,
    vol.Optional("data"): TEXTS,
    vol.Optional("data_description"): TEXTS,
}
FLOW = {
    vol.Optional("flow_title"): text,
    vol.Required("step"): {
        str: {
            vol.Optional("title"): text,
            vol.Optional("description"): text,
            vol.Optional("data"): TEXTS,
            vol.Optional("data_description"): TEXTS,
            vol.Optional("menu_options"): TEXTS,
            vol.Optional("menu_option_descriptions"): TEXTS,
            vol.Optional("submit"): text,
            vol.Optional("sections"): {str: SECTION},
        }
    },
    vol.Optional("error"): TEXTS,
    vol.Optional("abort"): TEXTS,
    vol.Optional("progress"): TEXTS,
    vol.Optional("create_entry"): TEXTS,
}
STATES = {key: text}
STRINGS = vol.Schema(
    {
        vol.Optional("title"): text,
        vol.Required("config"): FLOW,
        vol.Optional("options"): FLOW,
        vol.Optional("config_subentries"): {
            key: {
                **FLOW,
                vol.Required("entry_type"): text,
                vol.Required("initiate_flow"): {
                    vol.Required("user"): text,
                    vol.Optional("reconfigure"): text,
                },
            }
        },
        vol.Optional("selector"): {
            key: {
                vol.Optional("options"): STATES,
                vol.Optional("choices"): STATES,
                vol.Optional("unit_of_measurement"): STATES,
                vol.Optional("fields"): {
                    key: {
                        vol.Required("name"): text,
                        vol.Optional("description"): text,
                    }
                },
            }
        },
        vol.Optional("system_health"): {"info": STATES},
        vol.Optional("config_panel"): {key: {key: text}},
        vol.Optional("issues"): {
            key: vol.All(
                cv.has_at_least_one_key("description", "fix_flow"),
                {
                    vol.Required("title"): text,
                    vol.Exclusive("description", "fixable"): text,
                    vol.Exclusive("fix_flow", "fixable"): FLOW,
                },
            )
        },
        vol.Optional("entity"): {
            vol.In(PLATFORMS): {
                key: {
                    vol.Optional("name"): text,
                    vol.Optional("state"): STATES,
                    vol.Optional("unit_of_measurement"): text,
                    vol.Optional("state_attributes"): {
                        key: {
                            vol.Optional("name"): text,
                            vol.Optional("state"): STATES,
                        }
                    },
                }
            }
        },
        vol.Optional("device"): {key: {"name": text}},
        vol.Optional("exceptions"): {key: {vol.Required("message"): text}},
        vol.Optional("services"): {
            key: {
                vol.Required("name"): text,
                vol.Required("description"): text,
                vol.Optional("fields"): {
                    key: {vol.Required("name"): text, vol.Required("description"): text}
                },
                vol.Optional("sections"): {
                    key: {
                        vol.Required("name"): text,
                        vol.Optional("description"): text,
                    }
                },
            }
        },
    }
)


def flows(texts: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each flow that a person goes through, with its name."""
    yield from ((name, texts[name]) for name in ("config", "options") if name in texts)
    yield from texts.get("config_subentries", {}).items()
    for name, issue in texts.get("issues", {}).items():
        if "fix_flow" in issue:
            yield name, issue["fix_flow"]


@each
def test_texts_have_the_form(domain: str) -> None:
    """Every language; a key that Home Assistant does not know would never be shown."""
    for file in (ROOT / domain / "translations").glob("*.json"):
        STRINGS(json.loads(file.read_text()))
    assert not (ROOT / domain / "strings.json").exists(), (
        "Home Assistant's own have it, and nothing reads it here"
    )


@each
def test_every_field_of_a_form_is_described(domain: str) -> None:
    """In its own words, and none that is not there."""
    manifest = load(domain, "manifest.json")
    for name, flow in flows(load(domain, "translations/en.json")):
        for step_id, step in flow["step"].items():
            assert step.get("title") != manifest["name"], "the interface shows it"
            for form in step, *step.get("sections", {}).values():
                described = form.get("data_description", {}).keys()
                assert form.get("data", {}).keys() == described, f"{name} {step_id}"


# --- icons --------------------------------------------------------------------------------------------------------


def icon(value: Any) -> str:
    """Accept an icon of Material Design Icons, the only ones that are always there."""
    if not isinstance(value, str) or not re.fullmatch(r"mdi:[a-z0-9-]+", value):
        raise vol.Invalid(f"{value!r} is no icon")
    return value


ICON = {
    vol.Optional("default"): icon,
    vol.Optional("state"): {key: icon},
    vol.Optional("range"): {str: icon},
    vol.Optional("state_attributes"): {key: {"default": icon, "state": {key: icon}}},
}
ICONS = vol.Schema(
    {
        vol.Optional("entity"): {vol.In(PLATFORMS): {key: ICON}},
        vol.Optional("services"): {key: {vol.Required("service"): icon}},
    }
)


@each
def test_icons(domain: str) -> None:
    """They belong to entities that have a text, and a state's differs from the usual one."""
    icons, texts = (
        ICONS(load(domain, "icons.json")),
        load(domain, "translations/en.json"),
    )
    for platform, entities in icons["entity"].items():
        for name, found in entities.items():
            named = texts["entity"][platform][name]
            assert found.get("default") not in found.get("state", {}).values()
            if "state" in named:
                assert found.get("state", {}).keys() <= named["state"].keys()
    assert icons["services"].keys() == texts["services"].keys()


# --- actions ------------------------------------------------------------------------------------------------------

FIELD = {
    vol.Optional("required"): bool,
    vol.Optional("example"): vol.NotIn([None]),
    vol.Optional("default"): vol.NotIn([None]),
    vol.Optional("selector"): selector.validate_selector,
}
SERVICES = vol.Schema(
    {
        cv.slug: {
            vol.Optional("target"): selector.TargetSelector.CONFIG_SCHEMA,
            vol.Optional("fields"): {
                key: vol.Any(
                    FIELD,
                    {vol.Optional("collapsed"): bool, "fields": {key: FIELD}},
                )
            },
        }
    }
)


@each
def test_actions(domain: str) -> None:
    """Every action and field of services.yaml has a text, every text an action, every choice its words."""
    services = load(domain, "services.yaml")
    SERVICES(services)
    texts = load(domain, "translations/en.json")
    assert services.keys() == texts["services"].keys()
    for name, service in services.items():
        fields: dict[str, Any] = {}
        sections = set()
        for field, found in service.get("fields", {}).items():
            if "fields" in found:
                sections.add(field)
                fields |= found["fields"]
            else:
                fields[field] = found
        said = texts["services"][name]
        assert fields.keys() == said.get("fields", {}).keys(), name
        assert sections == said.get("sections", {}).keys(), name
        for found in fields.values():
            chosen = found.get("selector", {}).get("select") or {}
            if translated := chosen.get("translation_key"):
                options = texts["selector"][translated]["options"]
                assert set(chosen["options"]) == set(options), name


# --- dependencies, and the config flow ----------------------------------------------------------------------------


def imported(file: Path) -> Iterator[str]:
    """Yield the integrations of Home Assistant that a module imports."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        else:
            continue
        for name in names:
            if found := re.match(r"homeassistant\.components\.(\w+)", name):
                yield found[1]


@each
def test_dependencies(domain: str) -> None:
    """What is imported is named in the manifest, exists, and is named once."""
    manifest = load(domain, "manifest.json")
    first, later = manifest["dependencies"], manifest["after_dependencies"]
    named = [*first, *later]
    assert len(set(named)) == len(named)
    assert all((CORE / name).is_dir() for name in named)
    for kind, keys in DISCOVERY_INTEGRATIONS.items():
        if any(found in manifest for found in keys):
            assert kind in first
    # A module may import what it is the platform of: diagnostics.py, repairs.py.
    platforms = {file.stem for file in (ROOT / domain).glob("*.py")}
    allowed = {*named, *platforms, *ALLOWED_WITHOUT_DEPENDENCY}
    for file in (ROOT / domain).rglob("*.py"):
        assert set(imported(file)) <= allowed, file


@each
def test_it_is_no_integration_of_home_assistant(domain: str) -> None:
    """It would take its place."""
    assert not (CORE / domain).exists()


@each
def test_what_is_discovered_is_known_again(domain: str) -> None:
    """A config flow that offers something gives it an id of its own."""
    source = (ROOT / domain / "config_flow.py").read_text()
    assert load(domain, "manifest.json")["config_flow"] is True
    assert "async_set_unique_id(" in source


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (text, "See https://example.org"),
        (text, "<b>now</b>"),
        (text, "[%key:common::x%]"),
        (text, " "),
        (key, "Led"),
        (key, "_led"),
        (key, "led__on"),
        (icon, "hass:led"),
        (partial(STRINGS), {"config": {"step": {}}, "colour": {}}),
        (partial(STRINGS), {"config": {"step": {}}, "issues": {"x": {"title": "X"}}}),
        (partial(ICONS), {"entity": {"lamp": {}}}),
        (partial(SERVICES), {"do": {"fields": {"a": {"selector": {"nothing": {}}}}}}),
    ],
)
def test_the_rules_refuse(check: Any, value: Any) -> None:
    """What each of the rules above is there for."""
    with pytest.raises(vol.Invalid):
        check(value)
