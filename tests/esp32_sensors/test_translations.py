"""Every text in every language."""

import json
from pathlib import Path

import pytest

TRANSLATIONS = Path("custom_components/esp32_sensors/translations")


def keys(texts: object, path: str = "") -> set[str]:
    """Return the paths of all texts."""
    if not isinstance(texts, dict):
        return {path}
    return {key for name in texts for key in keys(texts[name], f"{path}.{name}")}


@pytest.mark.parametrize("language", ["fr"])
def test_complete(language: str) -> None:
    """No text is missing, and none is left over."""
    english = json.loads((TRANSLATIONS / "en.json").read_text())
    other = json.loads((TRANSLATIONS / f"{language}.json").read_text())
    assert keys(other) == keys(english)
