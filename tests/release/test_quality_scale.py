"""Tests of the integrations' quality_scale.yaml, as far as the source shows it."""

import ast
import json
from pathlib import Path
import re
import tomllib
from typing import Any

import pytest

from homeassistant.const import Platform
from homeassistant.util.yaml import load_yaml_dict

REPOSITORY = Path(__file__).parents[2]
ROOT = REPOSITORY / "custom_components"
DOMAINS = sorted(path.parent.name for path in ROOT.glob("*/manifest.json"))

RULES = [
    "action-setup",
    "appropriate-polling",
    "brands",
    "common-modules",
    "config-flow",
    "config-flow-test-coverage",
    "dependency-transparency",
    "docs-actions",
    "docs-conditions",
    "docs-high-level-description",
    "docs-installation-instructions",
    "docs-removal-instructions",
    "docs-triggers",
    "entity-event-setup",
    "entity-unique-id",
    "has-entity-name",
    "runtime-data",
    "test-before-configure",
    "test-before-setup",
    "unique-config-entry",
    "action-exceptions",
    "config-entry-unloading",
    "docs-configuration-parameters",
    "docs-installation-parameters",
    "entity-unavailable",
    "integration-owner",
    "log-when-unavailable",
    "parallel-updates",
    "reauthentication-flow",
    "test-coverage",
    "devices",
    "diagnostics",
    "discovery",
    "discovery-update-info",
    "docs-data-update",
    "docs-examples",
    "docs-known-limitations",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-troubleshooting",
    "docs-use-cases",
    "dynamic-devices",
    "entity-category",
    "entity-device-class",
    "entity-disabled-by-default",
    "entity-translations",
    "exception-translations",
    "icon-translations",
    "reconfiguration-flow",
    "repair-issues",
    "stale-devices",
    "async-dependency",
    "inject-websession",
    "strict-typing",
]
"""Bronze, silver, gold, platinum, as of Home Assistant 2026.10: ``script/hassfest/quality_scale.py`` of
github.com/home-assistant/core, and https://developers.home-assistant.io/docs/core/integration-quality-scale/checklist."""

each = pytest.mark.parametrize("domain", DOMAINS)


def said(domain: str) -> dict[str, dict[str, Any]]:
    """Return status and comment of each rule."""
    rules = load_yaml_dict(str(ROOT / domain / "quality_scale.yaml"))["rules"]
    return {
        name: value if isinstance(value, dict) else {"status": value}
        for name, value in rules.items()
    }


def source(domain: str, module: str) -> str:
    """Return the source of a module, empty if there is none."""
    file = ROOT / domain / f"{module}.py"
    return file.read_text() if file.is_file() else ""


def everywhere(domain: str) -> str:
    """Return the source of all modules."""
    return "".join(file.read_text() for file in (ROOT / domain).rglob("*.py"))


def functions(domain: str, module: str) -> set[str]:
    """Return the names of the functions and methods of a module."""
    return {
        node.name
        for node in ast.walk(ast.parse(source(domain, module)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_there_are_54_rules() -> None:
    """The scale has 54 rules."""
    assert len(set(RULES)) == len(RULES) == 54


@each
def test_every_rule_is_answered(domain: str) -> None:
    """Rules are in the order of the scale, done or exempt; an exemption has a reason."""
    rules = said(domain)
    assert list(rules) == RULES
    for name, rule in rules.items():
        assert rule["status"] in {"done", "exempt"}, name
        assert rule.keys() <= {"status", "comment"}
        if rule["status"] == "exempt":
            assert len(rule["comment"].split()) >= 4, name


@each
def test_nothing_is_claimed_in_the_manifest(domain: str) -> None:
    """Only Home Assistant's own integrations are graded, so the manifest has no grade."""
    manifest = json.loads((ROOT / domain / "manifest.json").read_text())
    assert "quality_scale" not in manifest


@each
def test_what_is_done_can_be_seen(domain: str) -> None:
    """The source fulfils the rules that hassfest checks."""
    done = {name for name, rule in said(domain).items() if rule["status"] == "done"}
    flow, setup = functions(domain, "config_flow"), functions(domain, "__init__")
    seen = {
        "action-setup": "async_setup" in setup,
        "config-entry-unloading": "async_unload_entry" in setup,
        "config-flow": "async_step_user" in flow,
        "diagnostics": "async_get_config_entry_diagnostics"
        in functions(domain, "diagnostics"),
        "discovery": bool(flow & {"async_step_mqtt", "async_step_discovery"}),
        # Home Assistant creates the session; an own one stores no cookies.
        "inject-websession": bool(
            re.search(r"async_(get|create)_clientsession\(", everywhere(domain))
        ),
        "parallel-updates": all(
            "\nPARALLEL_UPDATES = " in source(domain, platform.value)
            for platform in Platform
            if source(domain, platform.value)
        ),
        "reauthentication-flow": "async_step_reauth" in flow,
        "reconfiguration-flow": "async_step_reconfigure" in flow,
        "repair-issues": "async_create_issue(" in everywhere(domain),
        "runtime-data": ".runtime_data = " in source(domain, "__init__"),
        "stale-devices": "async_remove_config_entry_device" in setup
        or "async_get_supported_subentry_types" in flow,
        "test-before-setup": "ConfigEntryNotReady" in source(domain, "__init__")
        or "async_wait_for_mqtt" in source(domain, "__init__"),
    }
    assert {name: name in done for name in seen} == seen


@each
def test_types_are_strict(domain: str) -> None:
    """Mypy is strict for the whole integration."""
    mypy = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["mypy"]
    assert mypy["strict"] is True
    assert f"custom_components.{domain}" in mypy["packages"]


@each
def test_every_error_is_translated(domain: str) -> None:
    """Each error has a translation key, and each key a text."""
    shown = {
        "BrowseError",
        "ConfigEntryAuthFailed",
        "ConfigEntryError",
        "ConfigEntryNotReady",
        "HomeAssistantError",
        "ServiceValidationError",
        "Unresolvable",
    }
    for file in (ROOT / domain).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in shown
            ):
                given = {keyword.arg for keyword in node.keywords}
                assert {"translation_domain", "translation_key"} <= given, (
                    f"{file.name}:{node.lineno}"
                )


@each
def test_every_entity_has_an_icon(domain: str) -> None:
    """It is in icons.json or that of the device class."""
    icons = json.loads((ROOT / domain / "icons.json").read_text())["entity"]
    texts = json.loads((ROOT / domain / "translations" / "en.json").read_text())
    for platform, entities in texts["entity"].items():
        bare = entities.keys() - icons.get(platform, {}).keys()
        module = "".join(
            source(domain, name) for name in (platform, "area_sensor", "sensor_table")
        )
        for name in bare:
            described = description(module, name)
            assert "device_class" in described or "DeviceClass" in described, name


def description(module: str, name: str) -> str:
    """Return the source of the call or class that has a translation key."""
    tree = ast.parse(module)
    found = [
        ast.get_source_segment(module, node) or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Call | ast.ClassDef)
    ]
    holding = [text for text in found if f'"{name}"' in text]
    return min(holding, key=len) if holding else ""
