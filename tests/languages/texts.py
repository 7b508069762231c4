"""The translations files, by language."""

from collections.abc import Iterator
from functools import cache
import json
from pathlib import Path
from string import Formatter
from typing import Any

COMPONENTS = Path(__file__).parents[2] / "custom_components"
DOMAINS = ("battery_thermal", "esp32_sensors")
LANGUAGES = ("en", "fr", "pt")


@cache
def texts(domain: str, language: str = "en") -> dict[str, str]:
    """Return all texts of an integration by their path, with dots between its parts."""

    def flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield path, value
            return
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else key)

    file = COMPONENTS / domain / "translations" / f"{language}.json"
    return dict(flat(json.loads(file.read_text(encoding="utf-8")), ""))


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
