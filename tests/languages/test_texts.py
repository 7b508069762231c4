"""Every text is there in every language, and says the same."""

import re

import pytest

from .texts import COMPONENTS, DOMAINS, LANGUAGES, placeholders, texts

SAME = {
    "fr": {
        "Cividis",
        "Cluster",
        "Compact",
        "Corrections",
        "Europe (eu1)",
        "Inferno",
        "Ironbow",
        "JPEG",
        "LED",
        "Mode",
        "PNG",
        "Palette",
        "RSSI",
        "Rotation",
        "The Things Network",
        "images",
        "messages",
        "pixels",
    },
    "pt": {
        "Cividis",
        "Cluster",
        "Downlink",
        "Downlinks, 24 h",
        "Gateways",
        "Inferno",
        "Ironbow",
        "JPEG",
        "LED",
        "Offline",
        "Online",
        "PNG",
        "RSSI",
        "SNR",
        "The Things Network",
        "downlinks",
        "gateways",
    },
}
"""Texts that are the same in English; any other equal one was forgotten."""


def test_files() -> None:
    """All languages, and no other: what is offered is also kept up."""
    for domain in DOMAINS:
        files = (COMPONENTS / domain / "translations").iterdir()
        assert sorted(file.name for file in files) == [f"{it}.json" for it in LANGUAGES]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_complete(domain: str, language: str) -> None:
    """No text is missing, empty or left over, and each has the placeholders of the English one."""
    english, other = texts(domain), texts(domain, language)
    assert other.keys() == english.keys()
    for path, text in other.items():
        assert text.strip() == text != "", path
        assert placeholders(text) == placeholders(english[path]), path
        # Home Assistant's rule: addresses are placeholders, so that no translation leads elsewhere.
        assert "://" not in text, path


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", SAME)
def test_translated(domain: str, language: str) -> None:
    """Nothing was left in English."""
    english = texts(domain)
    forgotten = {
        text
        for path, text in texts(domain, language).items()
        if text == english[path]
        and text not in SAME[language]
        # Numbers, names and placeholders alone say the same everywhere.
        and re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", text))
    }
    assert not forgotten


@pytest.mark.parametrize("language", SAME)
def test_exceptions_are_needed(language: str) -> None:
    """A word that no text is any more is taken off the list."""
    used = {text for domain in DOMAINS for text in texts(domain, language).values()}
    assert SAME[language] <= used


UNITS = "°C|°F|K|h|s|min|ms|Mo|Go|ko|V|lx|dBm|dB|Hz|kHz|MHz|m|W"


@pytest.mark.parametrize("domain", DOMAINS)
def test_typography(domain: str) -> None:
    """French sets a space before : ; ! ? and %, and within « »; Portuguese writes « » without.

    No line may break at these spaces of French, nor between a number and its unit.
    """
    for path, text in texts(domain, "fr").items():
        bare = re.sub(r"\{\w+\}", "x", text)
        assert not re.search(r"\w[;!?]", bare), path
        assert not re.search(r"[^\W\d]:(?:\s|$)", bare), path
        assert not re.search(r"«\S|\S»", bare), path
        assert not re.search(r" [:;!?%»]|« ", text), path
        numbers = re.sub(r"\{\w+\}", "1", text)
        assert not re.search(rf"\d (?:{UNITS})(?!['\w])", numbers), path
    for path, text in texts(domain, "pt").items():
        assert not re.search(r"\s[:;!?]|«\s|\s»", text), path
