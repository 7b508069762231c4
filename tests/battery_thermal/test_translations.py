"""Every text is there in every language."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any

import pytest

import custom_components.battery_thermal as integration

FOLDER = Path(integration.__file__).parent
LANGUAGES = sorted(path.stem for path in (FOLDER / "translations").glob("*.json"))


def texts(language: str) -> dict[str, str]:
    """Return all texts of a language by their path."""

    def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield path, value
        else:
            for key, inner in value.items():
                yield from flat(inner, f"{path}/{key}")

    file = FOLDER / "translations" / f"{language}.json"
    return dict(flat(json.loads(file.read_text(encoding="utf-8"))))


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_languages() -> None:
    """There are at least these."""
    assert {"en", "fr"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_missing(language: str) -> None:
    """The same texts, with the same placeholders, and no address of a page."""
    english, other = texts("en"), texts(language)
    assert english.keys() == other.keys()
    for path, text in other.items():
        assert text.strip() == text != "", path
        assert "http" not in text.replace("HTTP", ""), path
        assert placeholders(text) == placeholders(english[path]), path


def test_entities_have_names_and_icons() -> None:
    """Each entity that has a translation key has a name for it."""
    entities = json.loads(
        (FOLDER / "translations/en.json").read_text(encoding="utf-8")
    )["entity"]
    icons = json.loads((FOLDER / "icons.json").read_text(encoding="utf-8"))["entity"]
    for platform in entities:
        files = [f"{platform}.py"] + ["cell_sensor.py"] * (platform == "sensor")
        source = "".join((FOLDER / file).read_text(encoding="utf-8") for file in files)
        keys = set(re.findall(r'key="(\w+)"', source))
        keys |= set(re.findall(r'_(?:temperature|difference)\(\s*"(\w+)"', source))
        keys |= set(re.findall(r'__init__\((?:self, )?node, "(\w+)"\)', source))
        assert set(entities[platform]) == keys, platform
        assert set(icons.get(platform, {})) <= keys, platform
