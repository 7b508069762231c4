"""Search for a text in everything that Home Assistant stores, logs or sends."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
import json
import logging
from pathlib import Path
import re
from typing import Any
from urllib.parse import quote

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


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


async def found(
    hass: HomeAssistant,
    texts: Iterable[str],
    logged: str,
    diagnostics: Any,
    *answers: Any,
) -> list[str]:
    """Write all files; return the names of the places where any of the texts is found.

    ``answers``: of actions and on WebSockets.
    """
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
        "answers": json.dumps(answers, default=str, ensure_ascii=False),
    }
    places |= written(Path(hass.config.config_dir))
    return [
        f"{text!r} in {name}"
        for name, content in places.items()
        for text in texts
        if any(contains(content, form) for form in forms(text))
    ]


def contains(content: str | bytes, text: str) -> bool:
    """Return whether a text is part of a text or of the bytes of a file."""
    if isinstance(content, bytes):
        return text.encode() in content
    return text in content


def written(folder: Path) -> dict[str, bytes]:
    """Return the content of every file by its path, except the tests' own translations."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and "translations" not in file.parts
    }


def forms(text: str) -> set[str]:
    """Return a text in all forms in which it may be stored.

    These are Python's repr(), JSON with and without Unicode, hexadecimal digits, Base64
    and URLs. A session id is also a time, so the forms of that time are included.
    """
    data = text.encode()
    return {
        text,
        repr(text)[1:-1],
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        data.hex(),
        data.hex().upper(),
        quote(text, safe=""),
        *_base64(data),
        *(moments(text) if re.fullmatch(r"\d{10}\.\d{6}", text) else ()),
    }


def _base64(data: bytes) -> set[str]:
    """Return the constant part of Base64 texts that contain some bytes, for each offset of these bytes."""
    encoded = set()
    for before in range(3):
        # A character has six bits. Characters that depend on neighbouring bytes are left out.
        known = slice(-(-before * 8 // 6), (before + len(data)) * 8 // 6)
        for characters in (b"+/", b"-_"):
            whole = b64encode(bytes(before) + data, altchars=characters)
            encoded.add(whole.decode()[known])
    return encoded


def moments(session_id: str) -> set[str]:
    """Return the forms in which the time of a session id may be written, to the microsecond or millisecond.

    The time may be rounded or truncated.
    """
    cut = int(session_id.replace(".", ""))
    written = set()
    for microseconds in (cut, cut + 1):
        milliseconds = (microseconds + 500) // 1000
        moment = EPOCH + microseconds * MICROSECOND
        shown = EPOCH + milliseconds * 1000 * MICROSECOND
        written |= {
            f"{microseconds // 10**6}.{microseconds % 10**6:06}",
            str(microseconds),
            f"{cut // 10**6}.{cut // 1000 % 1000:03}",
            f"{milliseconds // 1000}.{milliseconds % 1000:03}",
            str(cut // 1000),
            str(milliseconds),
            # In every time zone with whole hours, and as Python's repr().
            f"{moment:%M:%S.%f}",
            f", {moment.minute}, {moment.second}, {moment.microsecond}",
            *(
                time.isoformat(separator, "milliseconds")[:23]
                for time in (moment, shown)
                for separator in "T "
            ),
        }
    return written


def log(caplog: pytest.LogCaptureFixture) -> str:
    """Return the integrations' own log messages; ``caplog.text`` is the whole log."""
    return "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components")
    )


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return unexpected errors of the log, and lines with a line break.

    An exception of an integration is often logged by its caller, for example by MQTT.
    """
    return [
        _text(record)
        for record in caplog.records
        if (
            record.name.startswith("custom_components")
            and (record.exc_info or "\n" in record.getMessage())
        )
        or (
            record.levelno >= logging.WARNING
            and "custom_components" in _text(record)
            and not _tells_of_a_slow_machine(record)
        )
    ]


def _text(record: logging.LogRecord) -> str:
    """Return a log message with its traceback."""
    text = record.getMessage()
    if record.exc_info:
        text += f"\n{logging.Formatter().formatException(record.exc_info)}"
    return text


def _tells_of_a_slow_machine(record: logging.LogRecord) -> bool:
    return record.name == "asyncio" and record.getMessage().startswith("Executing <")


def by_domain(hass: HomeAssistant, entry: ConfigEntry) -> tuple[int, int]:
    """Return the numbers of devices and entities of an entry."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return len(devices), len(entities)
