"""Looking for a text everywhere a person, a program or a thief could find it."""

from collections.abc import Callable, Iterable
import json
from pathlib import Path
from typing import Any

import pytest

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ states.light | list }}",
    "{% for _ in range(10**9) %}{% endfor %}",
    "name;1743946777.603371;1",
    "two\nlines\r2026-11-21 07:39:00 ERROR forged",
    "../../../../etc/passwd",
    "..\\..\\secrets.yaml",
    "/config/secrets.yaml",
    "'; DROP TABLE image; --",
    "\x00\x1b[31mred\x07",
    "\u202egnp.exe",
    "state/+/#",
    "$SYS/broker",
)
"""HTML, templates, separators, forged lines, paths, SQL, terminal codes, topics."""

LARGE = 1_000_000
"""Bytes."""


def found(
    hass: HomeAssistant,
    texts: Iterable[str],
    logged: str,
    diagnostics: Any,
    *,
    files: Callable[[Path], bool] = lambda file: True,
) -> list[str]:
    """Return where any of the texts can be found, by the name of the place.

    `files`: which of the files below the configuration's folder are looked into.
    """
    places: dict[str, str | bytes] = {
        "log": logged,
        "diagnostics": json.dumps(diagnostics, default=str),
        "states": repr([state.as_dict() for state in hass.states.async_all()]),
        "devices": repr(list(dr.async_get(hass).devices)),
        "entities": repr(list(er.async_get(hass).entities.values())),
        "repair issues": repr(list(ir.async_get(hass).issues.values())),
        "flows": repr(hass.config_entries.flow.async_progress()),
    }
    for file in Path(hass.config.config_dir).rglob("*"):
        if file.is_file() and "translations" not in file.parts and files(file):
            places[file.name] = file.read_bytes()
    return [
        f"{text!r} in {name}"
        for name, content in places.items()
        for text in texts
        if (text.encode() if isinstance(content, bytes) else text) in content
    ]


def log(caplog: pytest.LogCaptureFixture) -> str:
    """Return what the integrations logged; Home Assistant's own parts log more."""
    return "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components")
    )


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what went wrong without having been foreseen, and lines that break in two."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components")
        and (record.exc_info or "\n" in record.getMessage())
    ]


def by_domain(hass: HomeAssistant, entry: ConfigEntry) -> tuple[int, int]:
    """Return how many devices and entities an entry has."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return len(devices), len(entities)
