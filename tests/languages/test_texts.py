"""Tests that every text exists in every language, with the same placeholders."""

import re

import pytest

from .texts import COMPONENTS, DOMAINS, LANGUAGES, placeholders, texts

SAME = {
    "fr": {
        "Pixel {row}, {column}",
        "Rectangle",
        "Cividis",
        "Cluster",
        "Compact",
        "Corrections",
        "Europe (eu1)",
        "Images",
        "Inferno",
        "Ironbow",
        "JPEG",
        "LED",
        "Mode",
        "PNG",
        "Palette",
        "Pause",
        "RSSI",
        "Options",
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
        "Firmware",
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
        "Terminal",
        "The Things Network",
        "downlinks",
        "gateways",
    },
}
"""Texts that are the same in English; any other equal one was forgotten."""


def test_files() -> None:
    """There is a file for each language, and for no other."""
    for domain in DOMAINS:
        files = (COMPONENTS / domain / "translations").iterdir()
        assert sorted(file.name for file in files) == [f"{it}.json" for it in LANGUAGES]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_complete(domain: str, language: str) -> None:
    """No text is missing, empty or unknown, and each has the placeholders of the English one."""
    english, other = texts(domain), texts(domain, language)
    assert other.keys() == english.keys()
    for path, text in other.items():
        assert text.strip() == text != "", path
        assert placeholders(text) == placeholders(english[path]), path
        # Home Assistant's rule: URLs are placeholders, so that no translation has another one.
        assert "://" not in text, path


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", SAME)
def test_translated(domain: str, language: str) -> None:
    """No text is still in English."""
    english = texts(domain)
    forgotten = {
        text
        for path, text in texts(domain, language).items()
        if text == english[path]
        and text not in SAME[language]
        # Numbers, names and placeholders are the same in all languages.
        and re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", text))
    }
    assert not forgotten


@pytest.mark.parametrize("language", SAME)
def test_exceptions_are_needed(language: str) -> None:
    """A word of the list of exceptions is used by a text."""
    used = {text for domain in DOMAINS for text in texts(domain, language).values()}
    assert SAME[language] <= used


UNITS = "°C|°F|K|h|s|min|ms|Mo|Go|ko|V|lx|dBm|dB|Hz|kHz|MHz|m|W"


@pytest.mark.parametrize("domain", DOMAINS)
def test_typography(domain: str) -> None:
    """French has a space before : ; ! ? and %, and within « »; Portuguese has none within « ».

    Lines must not break at these spaces in French, nor between a number and its unit.
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
