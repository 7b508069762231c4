"""Tests that every text is used, and that every used text exists."""

import ast
from pathlib import Path
import re

import pytest
import yaml

from .texts import COMPONENTS, DOMAINS, texts

KEY = re.compile(r'"(\w+\.\w+)"')
PATTERN = re.compile(r"\btexts\(`([^`]+)`")
"""How the cards ask for a text: by its key, or by a pattern of it."""


def python(domain: str) -> list[Path]:
    """Return the integration's Python files."""
    return sorted((COMPONENTS / domain).rglob("*.py"))


def strings(domain: str) -> set[str]:
    """Return patterns for all strings in the Python code."""
    found = set()
    for file in python(domain):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = (
                    re.escape(str(part.value))
                    if isinstance(part, ast.Constant)
                    else r"\w+"
                    for part in node.values
                )
                found.add("".join(parts))
    return found


def card_texts(domain: str, groups: set[str]) -> set[str]:
    """Return patterns for all texts that the cards request."""
    found = set()
    for file in (COMPONENTS / domain / "frontend").glob("*.js"):
        source = file.read_text(encoding="utf-8")
        for key in KEY.findall(source):
            if key.split(".")[0] in groups:
                found.add(re.escape(key))
        for pattern in PATTERN.findall(source):
            parts = re.split(r"\$\{[^}]*\}", pattern)
            found.add(r"[\w.]+".join(map(re.escape, parts)))
    return found


@pytest.mark.parametrize("domain", DOMAINS)
def test_cards(domain: str) -> None:
    """Each text that a card requests exists; each text is requested, or drawn into the picture."""
    there = {
        path.removeprefix("config_panel.").removesuffix("_one").removesuffix("_other")
        for path in texts(domain)
        if path.startswith("config_panel.")
    }
    asked = card_texts(domain, {key.split(".")[0] for key in there})
    choices = {path for path in texts(domain) if path.startswith("selector.")}
    for pattern in asked:
        # A title and its text may be requested by their common prefix.
        whole = re.compile(rf"{pattern}(_\w+)?")
        assert any(whole.fullmatch(key) for key in there | choices), pattern
    drawn = {"picture.lines", "picture.empty"} if domain == "battery_thermal" else set()
    # A report is written by the server.
    written = {re.escape(key.removeprefix("report.")) for key in there} & strings(
        domain
    )
    drawn |= {f"report.{key}" for key in written}
    for key in there - drawn:
        assert any(re.fullmatch(pattern, key) for pattern in asked), key


@pytest.mark.parametrize("domain", DOMAINS)
def test_nothing_left_over(domain: str) -> None:
    """Each key of an exception, issue, step, error, entity and choice is in the code."""
    patterns = strings(domain)
    keys = set()
    for path in texts(domain):
        match path.split("."):
            case ["exceptions" | "issues" | "selector" as kind, key, *rest]:
                keys.add(key)
                if kind == "selector":
                    keys.add(rest[-1])
            case ["entity", platform, key, *_]:
                keys |= {platform, key}
            case [*_, "step", step, "data", field]:
                keys |= {step, field}
            case [*_, "sections", section, "data", field]:
                keys |= {section, field}
            case [*_, "error" | "abort" | "menu_options", key]:
                keys.add(key)
            case ["system_health", "info", key]:
                keys.add(key)
    whole = re.compile("|".join(f"(?:{pattern})" for pattern in patterns if pattern))
    # Platforms have the names of their files; keys of Home Assistant are in none of our files.
    files = {file.stem for file in python(domain)}
    own = {"already_in_progress", "reconfigure_successful", "reauth_successful", "name"}
    for key in keys - files - own:
        assert whole.fullmatch(key), key


@pytest.mark.parametrize("domain", DOMAINS)
def test_actions(domain: str) -> None:
    """Each action and each of its fields has a name and a description, and there are no others."""
    file = COMPONENTS / domain / "services.yaml"
    expected = set()
    for action, content in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        paths = [f"services.{action}"]
        fields = content.get("fields", {})
        paths += [f"services.{action}.fields.{field}" for field in fields]
        for path in paths:
            expected |= {f"{path}.name", f"{path}.description"}
    assert {it for it in texts(domain) if it.startswith("services.")} == expected
