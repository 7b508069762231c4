"""Looking for a text everywhere a person, a program or a thief could find it."""

from collections.abc import Iterable
import json
from pathlib import Path
from typing import Any

import pytest

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
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


async def found(
    hass: HomeAssistant, texts: Iterable[str], logged: str, diagnostics: Any
) -> list[str]:
    """Write everything to the disk; return where any of the texts can be found, by the name of the place."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    places: dict[str, str | bytes] = {
        "log": logged,
        "diagnostics": json.dumps(diagnostics, default=str),
        "states": repr([state.as_dict() for state in hass.states.async_all()]),
        "devices": repr(list(dr.async_get(hass).devices)),
        "entities": repr(list(er.async_get(hass).entities.values())),
        "repair issues": repr(list(ir.async_get(hass).issues.values())),
        "flows": repr(hass.config_entries.flow.async_progress()),
    }
    places |= written(Path(hass.config.config_dir))
    return [
        f"{text!r} in {name}"
        for name, content in places.items()
        for text in texts
        if any(
            (form.encode() if isinstance(content, bytes) else form) in content
            for form in forms(text)
        )
    ]


def written(folder: Path) -> dict[str, bytes]:
    """Return the content of every file by its name, but for the tests' own translations."""
    return {
        file.name: file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and "translations" not in file.parts
    }


def forms(text: str) -> set[str]:
    """Return a text as it is, and as Python, JSON of ASCII and JSON of Unicode write it."""
    return {
        text,
        repr(text)[1:-1],
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
    }


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
