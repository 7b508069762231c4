"""What hassfest asks of integrations, where its rules can be held against the files without it.

hassfest (script/hassfest of github.com/home-assistant/core) is in no package. The workflow ``distribution.yml`` runs it;
this finds most of it before. Its modules ``translations``, ``icons``, ``services``, ``dependencies``, ``config_flow``,
``config_schema`` and ``quality_scale_validation/runtime_data`` are meant; manifests are held to it in ``release/rules.py``. Some of it hassfest only asks of Home Assistant's own
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
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NOT_TO_TRANSLATE = re.compile(
    r"\w://|www\.|\[%|%\]"  # addresses, and texts put together of others
    r"|'[{}]",  # the interface takes what follows for a quotation, and the placeholder is never filled in
    re.IGNORECASE,
)
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
    """Accept a text that translators can work with: no markup, no address, nothing put together of others.

    What is in braces is a name, and each brace has its other.
    """
    said = cv.string_with_no_html(value)
    if NOT_TO_TRANSLATE.search(said) or not said or said != said.strip():
        raise vol.Invalid(f"{said!r} is no text to translate")
    if not all(name.isidentifier() for name in PLACEHOLDER.findall(said)):
        raise vol.Invalid(f"{said!r} has a placeholder without a proper name")
    if re.search(r"[{}]", PLACEHOLDER.sub("", said)):
        raise vol.Invalid(f"{said!r} has a brace too many")
    return said


def plain(value: Any) -> str:
    """Accept a text whose placeholders nothing would fill in: it has none."""
    said = text(value)
    if PLACEHOLDER.search(said):
        raise vol.Invalid(f"{said!r} has a placeholder")
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
STATES = {key: plain}
STRINGS = vol.Schema(
    {
        vol.Optional("title"): text,
        vol.Required("config"): FLOW,
        vol.Optional("options"): FLOW,
        vol.Optional("config_subentries"): {
            cv.slug: {
                **FLOW,
                vol.Required("entry_type"): text,
                vol.Required("initiate_flow"): {
                    vol.Required("user"): text,
                    vol.Optional("reconfigure"): text,
                },
            }
        },
        vol.Optional("selector"): {
            cv.slug: {
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
                    vol.Optional("unit_of_measurement"): plain,
                    vol.Optional("state_attributes"): {
                        key: {
                            vol.Optional("name"): plain,
                            vol.Optional("state"): STATES,
                        }
                    },
                }
            }
        },
        vol.Optional("device"): {key: {"name": text}},
        vol.Optional("exceptions"): {cv.slug: {vol.Required("message"): text}},
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
    """Yield each flow that a user sees, with its name."""
    yield from ((name, texts[name]) for name in ("config", "options") if name in texts)
    yield from texts.get("config_subentries", {}).items()
    for name, issue in texts.get("issues", {}).items():
        if "fix_flow" in issue:
            yield name, issue["fix_flow"]


@each
def test_texts_have_the_form(domain: str) -> None:
    """All languages have only keys that Home Assistant knows; it would never show others."""
    for file in (ROOT / domain / "translations").glob("*.json"):
        STRINGS(json.loads(file.read_text()))
    assert not (ROOT / domain / "strings.json").exists(), (
        "Home Assistant's own have it, and nothing reads it here"
    )


@each
def test_every_field_of_a_form_is_described(domain: str) -> None:
    """Each field has a description, and each description a field."""
    manifest = load(domain, "manifest.json")
    for name, flow in flows(load(domain, "translations/en.json")):
        for step_id, step in flow["step"].items():
            assert step.get("title") != manifest["name"], "the interface shows it"
            for form in step, *step.get("sections", {}).values():
                described = form.get("data_description", {}).keys()
                assert form.get("data", {}).keys() == described, f"{name} {step_id}"


# --- icons --------------------------------------------------------------------------------------------------------


def icon(value: Any) -> str:
    """Accept an icon of Material Design Icons, which are always available."""
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
    """Entities with icons have texts, and the icon of a state differs from the default one."""
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
    """Every action and field of services.yaml has a text, every text an action, every choice a label."""
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


# --- setup --------------------------------------------------------------------------------------------------------

TAKES_ENTRY = {
    "async_get_config_entry_diagnostics": 1,
    "async_get_device_diagnostics": 1,
    "async_get_options_flow": 0,
    "async_migrate_entry": 1,
    "async_remove_config_entry_device": 1,
    "async_remove_entry": 1,
    "async_setup_entry": 1,
    "async_unload_entry": 1,
}
"""Which argument of a function that Home Assistant calls is an entry."""


def module(source: str) -> str:
    """Accept a module that declares its configuration.yaml, if it could be set up from there."""
    body = ast.parse(source).body
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    names = {node.name for node in body if isinstance(node, functions)}
    assigned = {
        target.id
        for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    if names & {"async_setup", "setup"} and "CONFIG_SCHEMA" not in assigned:
        raise vol.Invalid("async_setup without CONFIG_SCHEMA")
    return source


def typed(source: str) -> str:
    """Accept a module whose functions take entries of the integration's own type, with its runtime data."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name in TAKES_ENTRY
        ):
            said = node.args.args[TAKES_ENTRY[node.name]].annotation
            if not isinstance(said, ast.Name) or not re.fullmatch(
                r"[A-Za-z]+ConfigEntry", said.id
            ):
                raise vol.Invalid(f"{node.name} takes any entry")
    return source


@each
def test_nothing_is_expected_in_configuration_yaml(domain: str) -> None:
    """An entry for the integration there results in a hint to the interface."""
    source = (ROOT / domain / "__init__.py").read_text()
    assert "async def async_setup(" in module(source)


@each
def test_entries_are_typed(domain: str) -> None:
    """All functions that get a config entry use the typed one."""
    sources = [typed(file.read_text()) for file in (ROOT / domain).glob("*.py")]
    for name in "async_setup_entry", "async_get_options_flow":
        assert any(f"def {name}(" in source for source in sources)


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
    """Each imported integration is named once in the manifest, and exists."""
    manifest = load(domain, "manifest.json")
    first, later = manifest["dependencies"], manifest["after_dependencies"]
    named = [*first, *later]
    assert len(set(named)) == len(named)
    assert all((CORE / name).is_dir() for name in named)
    for kind, keys in DISCOVERY_INTEGRATIONS.items():
        if any(found in manifest for found in keys):
            assert kind in first
    # A module may import the integration whose platform it is: diagnostics.py, repairs.py.
    platforms = {file.stem for file in (ROOT / domain).glob("*.py")}
    allowed = {*named, *platforms, *ALLOWED_WITHOUT_DEPENDENCY}
    for file in (ROOT / domain).rglob("*.py"):
        assert set(imported(file)) <= allowed, file


@each
def test_it_is_no_integration_of_home_assistant(domain: str) -> None:
    """It would replace that integration."""
    assert not (CORE / domain).exists()


@each
def test_discoveries_have_a_unique_id(domain: str) -> None:
    """A config flow for discoveries sets a unique id."""
    source = (ROOT / domain / "config_flow.py").read_text()
    assert load(domain, "manifest.json")["config_flow"] is True
    assert "async_set_unique_id(" in source


def strings(**texts: Any) -> dict[str, Any]:
    """Return the texts of an integration that has these besides those it must have."""
    return {"config": {"step": {}}, **texts}


def entity(**texts: Any) -> dict[str, Any]:
    """Return the texts of an integration with one entity."""
    return strings(entity={"sensor": {"lamp": {"name": "{place} lamp", **texts}}})


SUBENTRY = {"step": {}, "entry_type": "Lamp", "initiate_flow": {"user": "Add"}}


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (text, "It's {name}, on {a}{b}"),
        (plain, "On: 100 %"),
        (partial(STRINGS), strings(exceptions={"no_node": {"message": "{x}"}})),
        (partial(STRINGS), strings(selector={"a_b": {"options": {"a-b": "A"}}})),
        (partial(STRINGS), strings(config_subentries={"a_b": SUBENTRY})),
        (partial(STRINGS), entity(state={"on": "On"}, unit_of_measurement="lamps")),
        (partial(STRINGS), entity(state_attributes={"x": {"name": "Place"}})),
        (module, "CONFIG_SCHEMA = 1\nasync def async_setup(hass, config): pass"),
        (module, "CONFIG_SCHEMA: int = 1\ndef setup(hass, config): pass"),
        (module, "async def async_setup_entry(hass, entry): pass"),
        (typed, "async def async_setup_entry(hass, entry: LampConfigEntry): pass"),
        (typed, "def async_get_options_flow(entry: LampConfigEntry): pass"),
    ],
)
def test_the_rules_accept(check: Any, value: Any) -> None:
    """Valid examples that are similar to refused ones."""
    assert check(value) == value


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (text, "See https://example.org"),
        (text, "<b>now</b>"),
        (text, "See www.example.org"),
        (text, "mqtt://broker"),
        (text, "[%key:common::x%]"),
        (text, "Now [% then"),
        (text, "Now %] then"),
        (text, " "),
        (text, "On "),
        (text, "The board '{name}'"),
        (text, "l'{name}"),
        (text, "{the board}"),
        (text, "{}"),
        (text, "{count, plural, one {board} other {boards}}"),
        (text, "{name"),
        (text, "name}"),
        (plain, "{name}"),
        (plain, "www.example.org"),
        (key, "Led"),
        (key, "_led"),
        (key, "led__on"),
        (icon, "hass:led"),
        (partial(STRINGS), {"config": {"step": {}}, "colour": {}}),
        (partial(STRINGS), {"config": {"step": {}}, "issues": {"x": {"title": "X"}}}),
        (partial(STRINGS), strings(exceptions={"no-node": {"message": "None"}})),
        (partial(STRINGS), strings(selector={"a-b": {"options": {"a": "A"}}})),
        (partial(STRINGS), strings(config_subentries={"a-b": SUBENTRY})),
        (partial(STRINGS), entity(state={"on": "{name}"})),
        (partial(STRINGS), entity(unit_of_measurement="{unit}")),
        (partial(STRINGS), entity(state_attributes={"x": {"name": "{name}"}})),
        (partial(STRINGS), entity(state_attributes={"x": {"state": {"on": "{x}"}}})),
        (partial(ICONS), {"entity": {"lamp": {}}}),
        (partial(SERVICES), {"do": {"fields": {"a": {"selector": {"nothing": {}}}}}}),
        (module, "async def async_setup(hass, config): pass"),
        (module, "def setup(hass, config):\n    CONFIG_SCHEMA = 1"),
        (typed, "async def async_setup_entry(hass, entry: ConfigEntry): pass"),
        (typed, "async def async_unload_entry(hass, entry): pass"),
        (typed, "class F:\n    def async_get_options_flow(entry: ConfigEntry): pass"),
    ],
)
def test_the_rules_refuse(check: Any, value: Any) -> None:
    """An example for each of the rules above."""
    with pytest.raises(vol.Invalid):
        check(value)
